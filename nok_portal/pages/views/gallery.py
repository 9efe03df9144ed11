"""Every part of the look with data of our own, for screenshots and checks of access; local and test settings only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from nok_portal.tenants.access import public_page
from nok_portal.tenants.rights import Right

TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Step:
    title: str
    term: str
    state: str
    far: bool = False


@dataclass(frozen=True)
class Line:
    """One row of a plan, as its table shows it."""

    number: str
    title: str
    words: str
    reading: str
    party: str
    kind: str
    state: str
    days: list[date] = field(default_factory=list)
    pending: str = ""
    note: str = ""
    is_open: bool = False
    is_provisional: bool = False


STEPS = [
    Step("Перечень организаций", "18 декабря 2025", "done", far=True),
    Step("Информиро\u00adвание", "15 апреля", "done", far=True),
    Step("Контракт с оператором", "22 апреля", "done", far=True),
    Step("Опрос и обследование", "завершены 31 октября", "done"),
    Step("Отчёт оператора", "до 1 декабря, осталось 7 дней", "now"),
    Step("Итоги и рейтинг", "месяц со дня отчёта", "future"),
    Step("Публикация на bus.gov.ru", "5 рабочих дней", "future", far=True),
    Step("Итоги в учреждения", "до 15 января 2027", "future", far=True),
    Step("Планы устранения", "до 10 марта 2027", "future", far=True),
]

SECTIONS = [
    (
        "II. Сбор мнений получателей услуг и обследование организаций",
        [
            Line(
                "2.1",
                "Размещение ссылок на анкеты на официальных сайтах учреждений, плакатов с QR-кодом на стендах",
                "в течение 5 рабочих дней после заключения контракта с оператором",
                "5 рабочих дней после события «контракт», 22 апреля",
                "Руководители учреждений культуры и образования",
                "done",
                "Принято",
                [date(2026, 4, 29)],
                note="28 апреля",
            ),
            Line(
                "2.3",
                "Посещение учреждений членами общественного совета",
                "по отдельному графику",
                "дни задаёт график совета от 14 мая, № 3",
                "Общественный совет, секретарь совета",
                "late",
                "Просрочено на 8 дней",
                [date(2026, 11, 16), *(date(2026, 11, 16) + timedelta(days=n) for n in range(1, 6))],
                note="5 из 6 посещений",
            ),
            Line(
                "2.4",
                "Представление отчёта о сборе и обобщении информации о качестве условий оказания услуг",
                "до 1 декабря (в год проведения независимой оценки)",
                "не позднее 1 декабря каждого года оценки",
                "Организация-оператор, отдел культуры и туризма",
                "soon",
                "Осталось 7 дней",
                [date(2026, 12, 1), date(2027, 12, 1), date(2028, 12, 1)],
                is_open=True,
            ),
        ],
    ),
    (
        "III. Итоги и рейтинг",
        [
            Line(
                "3.1",
                "Рассмотрение результатов на заседании общественного совета, утверждение рейтинга и предложений",
                "в течение месяца со дня поступления отчёта оператора",
                "1 месяц после события «отчёт оператора»",
                "Общественный совет",
                "wait",
                "Ждёт отчёта оператора",
                pending="день появится, когда поступит отчёт",
            ),
            Line(
                "3.2",
                "Размещение результатов на bus.gov.ru и сайте администрации",
                "5 рабочих дней после утверждения",
                "5 рабочих дней после события «рейтинг утверждён»",
                "Отдел культуры и туризма",
                "wait",
                "Ждёт утверждения",
                [date(2027, 1, 15)],
                is_provisional=True,
            ),
            Line(
                "4.5",
                "Включение результатов оценки в показатели эффективности трудовых договоров руководителей",
                "в установленные сроки",
                "",
                "",
                "open",
                "Без срока",
            ),
        ],
    ),
]

ENTRIES = [
    {
        "at": date(2026, 10, 12),
        "near": "на 43 дня",
        "near_kind": "late",
        "title": "Сведения о ходе устранения недостатков за III квартал",
        "meta": "4.3 · План НОК на 2026–2028 годы",
        "who": "Верхнеозёрский сельский дом культуры",
        "who_note": "нет учётной записи, напоминания получаете вы",
        "act": "Внести",
    },
    {
        "at": date(2026, 11, 30),
        "near": "через 6 дней",
        "near_kind": "soon",
        "title": "Обновление сведений об оценке на информационных стендах и официальных сайтах учреждений",
        "meta": "2.5 · отчитались 3 учреждения из 6",
        "who": "Руководители учреждений культуры",
        "who_note": "",
        "act": "",
    },
]


class ReportForm(forms.Form):
    """The form of a report, as a person sends it with two slips."""

    day_done = forms.CharField(
        label="День исполнения", help_text="День, когда работа сделана, а не когда внесены сведения."
    )
    quantity = forms.IntegerField(label="Обновлено учреждений", max_value=6)
    text = forms.CharField(
        label="Что сделано",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Два-три предложения. Они попадут в отчёт министерству.",
    )
    party = forms.ChoiceField(
        label="Исполнитель", choices=[("", "Выберите"), ("culture", "Отдел культуры и туризма")], required=False
    )
    spheres = forms.MultipleChoiceField(
        label="Сферы",
        choices=[("culture", "Культура"), ("education", "Образование"), ("social", "Социальное обслуживание")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Можно отметить несколько.",
    )
    act = forms.FileField(label="Акт осмотра", required=False, help_text="PDF или фотография до 20 МБ.")
    is_final = forms.BooleanField(
        label="Это последний отчёт по сроку", required=False, help_text="После приёмки срок закроется."
    )


class PlanFilter(forms.Form):
    q = forms.CharField(
        label="Найти в плане",
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": "Найти в плане"}),
    )
    year = forms.ChoiceField(label="Год", choices=[("2026", "2026 год"), ("2027", "2027 год")])
    party = forms.ChoiceField(label="Исполнитель", choices=[("", "Все исполнители")], required=False)


def _in_a_municipality(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page stands in the office frame of an invented municipality, without a database."""

    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.municipality = SimpleNamespace(  # type: ignore[attr-defined]
            name="Сосновский район", slug="sosnovsky", region=SimpleNamespace(name="Приозёрский край")
        )
        request.rights = frozenset(Right)  # type: ignore[attr-defined]
        request.membership_label = "Главный специалист отдела культуры и туризма"  # type: ignore[attr-defined]
        if "visit" in request.GET:
            request.support_visit = SimpleNamespace(  # type: ignore[attr-defined]
                pk=1, reason="обращение № 214, не открывается план", until=timezone.now() + timedelta(minutes=40)
            )
        return view(request, *args, **kwargs)

    return inner


def _moment(day: int, hour: int, minute: int) -> datetime:
    return timezone.make_aware(datetime(2026, 11, day, hour, minute))


@public_page
@_in_a_municipality
def parts(request: HttpRequest) -> HttpResponse:
    """The sheet of parts."""
    if "toast" in request.GET:
        messages.success(request, "Срок 2.5 принят", extra_tags="undo:/gallery/")
        messages.error(request, "Письмо не отправлено: адрес указан с ошибкой. Исправьте его в разделе «Люди и роли»")
    return render(
        request,
        "pages/gallery.html",
        {
            "sample_days": [date(2026, 3, 10)],
            "steps": STEPS,
            "entries": ENTRIES,
            "jobs": _jobs(),
            "history": [
                SimpleNamespace(verb=verb, at=at, actor_name=who, reason=reason)
                for verb, at, who, reason in (
                    ("отчёт принят", _moment(24, 11, 5), "начальник отдела", ""),
                    ("возвращён", _moment(20, 15, 30), "начальник отдела", "нет даты на фотографии стенда"),
                    ("отправлен на приёмку", _moment(18, 17, 2), "главный специалист", ""),
                    ("напоминание за 14 дней", _moment(16, 9, 0), "портал", ""),
                )
            ],
            "page": Paginator(range(26), 10).page(2),
        },
    )


@public_page
@_in_a_municipality
def plan(request: HttpRequest) -> HttpResponse:
    """A plan's table with one line open beside it."""
    picks = [
        ("Просрочено", 2, "?late=1", False),
        ("До 8 декабря", 5, "?soon=1", True),
        ("С замечаниями", 3, "?f=1", False),
    ]
    return render(
        request,
        "pages/gallery_plan.html",
        {"sections": SECTIONS, "form": PlanFilter(), "picks": picks, "page": Paginator(range(26), 10).page(1)},
    )


@public_page
@_in_a_municipality
def form(request: HttpRequest) -> HttpResponse:
    """A long form with errors."""
    bound = ReportForm({"day_done": "23.11.2026", "quantity": "8", "text": ""})
    bound.fields["quantity"].error_messages["max_value"] = "По плану их 6. Проверьте число"
    return render(request, "pages/gallery_form.html", {"form": bound})


@public_page
@_in_a_municipality
def document(request: HttpRequest) -> HttpResponse:
    """The import: the document beside the plan."""
    return render(request, "pages/gallery_import.html")


@public_page
@_in_a_municipality
def public(request: HttpRequest) -> HttpResponse:
    """What citizens see: a question, results."""
    return render(request, "pages/gallery_public.html")


def _jobs() -> list[SimpleNamespace]:
    title = "Сводный отчёт за III квартал"
    running = SimpleNamespace(title=title, state="running", done_units=7, total_units=11, error="", finished_at=None)
    failed = SimpleNamespace(
        title=title,
        state="failed",
        done_units=7,
        total_units=11,
        error="Каменногорск отозвал данные во время сборки",
        finished_at=timezone.now(),
    )
    done = SimpleNamespace(
        title=title, state="done", done_units=11, total_units=11, error="", finished_at=timezone.now()
    )
    return [running, failed, done]
