"""Reports of the demo, in all states: sent, returned, accepted, cancelled, begun; with what proves them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from nok_portal.accounts.models import User
from nok_portal.common.text import fold
from nok_portal.tenants.models import Municipality
from plans.models import DueDate, ResponsibleParty
from plans.services import evidence, reporting
from plans.services.parties import link_account
from plans.services.report_steps import Report

# login → how the plan calls whom the person works for
PEOPLE = {
    "responsible": "отдел информационной политики",
    "editor": "отдел культуры и туризма",
    "chair": "Общественный совет",
    "secretary": "Секретарь общественного совета",
    "operator": "Организация-оператор",
}


@dataclass(frozen=True)
class DemoReport:
    """What became of the last day before today of one line."""

    number: str
    login: str
    text: str
    files: tuple[tuple[str, str], ...] = ()
    link: tuple[str, str] = ("", "")
    accepted: bool = False
    returned: str = ""
    cancelled: str = ""
    is_draft: bool = False


REPORTS = (
    DemoReport(
        "1.5",
        "secretary",
        "Письма с порядком оценки и днями выездов вручены руководителям всех учреждений перечня под подпись.",
        files=(("Лист вручения писем.txt", "Учреждение\tКто получил\nРайонный дом культуры\tЕ. А. Лугова\n"),),
        accepted=True,
    ),
    DemoReport(
        "1.3",
        "chair",
        "",
        cancelled="Задание согласовали вместе с критериями, отдельный отчёт не нужен.",
    ),
    DemoReport(
        "2.2",
        "operator",
        "Собрано 584 анкеты: 391 на сайтах, 193 на бумаге. По двум сельским библиотекам опрос ещё идёт.",
        link=("https://nok.demo.example/sosnovsky/anketa", "Анкета на сайте района"),
        returned="Приложите число анкет по каждому учреждению: без него не видно, где выборка мала.",
    ),
    DemoReport(
        "2.3",
        "operator",
        "Осмотрены стенды и сайты четырнадцати учреждений, в сельские филиалы выезжали дважды.",
        files=(
            ("Лист обследования Дома ремёсел.txt", "Стенд: сведения есть, кроме часов приёма.\n"),
            ("Лист обследования Школы № 3.txt", "Сайт: раздел заполнен, нет ссылки на анкету.\n"),
        ),
    ),
    DemoReport(
        "2.5",
        "responsible",
        "Раздел «Независимая оценка» обновлён: сроки опроса, состав совета, ссылка на анкету.",
        link=("https://sosnovsky.demo.example/nok", "Раздел на сайте района"),
        accepted=True,
    ),
    DemoReport("4.4", "editor", "Отзывы за полугодие собраны, записка на согласовании.", is_draft=True),
)


def add_reports(*, municipality: Municipality, people: Mapping[str, User], at: datetime) -> None:
    """Put people behind parties and let them report on days gone by; the first of `people` decides."""
    decider = next(iter(people.values()))
    parties = {fold(party.name): party for party in ResponsibleParty.objects.filter(municipality=municipality)}
    for login, name in PEOPLE.items():
        link_account(party=parties[fold(name)], user=people[login], actor=decider, at=at - timedelta(days=29))
    for one in REPORTS:
        due = _last_day(municipality, one.number, at)
        if due is not None:
            _report(one, due, reporter=people[one.login], decider=decider, at=at)


def _last_day(municipality: Municipality, number: str, at: datetime) -> DueDate | None:
    past = DueDate.objects.filter(municipality=municipality, activity__number=number, window_to__lt=at.date())
    return past.select_related("activity__plan", "municipality").order_by("-window_to").first()


def _report(one: DemoReport, due: DueDate, *, reporter: User, decider: User, at: datetime) -> None:
    sent, decided = at - timedelta(days=9), at - timedelta(days=6)
    if one.cancelled:
        reporting.cancel_due(due=due, version=due.version, reason=one.cancelled, actor=decider, at=decided)
        return
    if one.files:
        evidence.add_files(dues=[due], files=[_file(*file) for file in one.files], actor=reporter, at=sent)
    if one.link[0]:
        evidence.add_link(dues=[due], url=one.link[0], title=one.link[1], actor=reporter, at=sent)
    done_on = max(min(due.window_to, (sent - timedelta(days=1)).date()), due.window_from)
    said = Report(text=one.text, done_on=done_on, before_period=True)
    step = reporting.save_draft if one.is_draft else reporting.report_due
    due = step(due=due, version=due.version, report=said, actor=reporter, at=sent)
    if one.accepted:
        reporting.accept_report(due=due, version=due.version, actor=decider, at=decided)
    if one.returned:
        reporting.return_report(due=due, version=due.version, reason=one.returned, actor=decider, at=decided)


def _file(name: str, text: str) -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = name
    return file
