"""Reminders of plans: due dates before, on and after their day, reports, events, acts, figures, the calendar."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q

from nok_portal.common.text import counted, date_in_words
from nok_portal.common.workdays import is_provisional
from nok_portal.messaging.kinds import DAYS, Item, Kind, Told, kind
from nok_portal.messaging.reminding import Ladder, Thresholds
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right
from plans.enums import DueState, PlanState, TargetMeasure
from plans.models import Plan, TargetValue
from plans.selectors.dues import dues_in_force, is_late
from plans.selectors.events import EventToRecord, events_to_record_in
from plans.selectors.plans import plans_in_force
from plans.selectors.told import people_with_right, thing_of_due, told_of_lines

Municipalities = Collection[Municipality]


class DueKind(Kind):
    """A reminder about one due date of a plan in force, to those whose work it is; it stands while `stands` is so."""

    stands = Q(state=DueState.OPEN)

    def wanted(self, day: date, ahead: int) -> Q:
        """Which due dates."""
        raise NotImplementedError

    def items(self, municipalities: Municipalities, *, day: date, ahead: int) -> Iterable[Item]:
        rows = _due_rows(municipalities, self.wanted(day, ahead))
        told = told_of_lines(((row["activity_id"], row["organization_id"]) for row in rows), day=day)
        by_key = {one.pk: one for one in municipalities}
        for row in rows:
            municipality = by_key[row["municipality_id"]]
            who = told[row["activity_id"], row["organization_id"]]
            yield Item(
                thing=thing_of_due(row["pk"]),
                due_on=self.due_on(row, municipality),
                people=(*self.first_told(row), *who.people),
                nobody=who.nobody,
                superiors=who.superiors,
                responsible=who.responsible,
                **_line_words(row, municipality),
            )

    def due_on(self, row: dict[str, Any], municipality: Municipality) -> date:
        day: date = row["window_to"]
        return day

    def first_told(self, row: dict[str, Any]) -> tuple[Told, ...]:
        """Whoever is told beside the people of the line."""
        return ()

    def standing(self, municipality: Municipality, *, things: Collection[str], day: date) -> Mapping[str, date]:
        keys = [int(thing.partition(":")[2]) for thing in things]
        rows = (
            dues_in_force([municipality]).filter(self.stands, pk__in=keys).values(*_DAYS)
        )  # no words: the bell asks often
        return {thing_of_due(row["pk"]): self.due_on(row, municipality) for row in rows}


class WindowKind(DueKind):
    """One that tells of the day itself."""

    is_of_due_days = True

    def is_late(self, due_on: date, day: date) -> bool:
        return due_on < day


@kind
class DueSoon(WindowKind):
    key, title, tally = "due_soon", "Срок скоро", "скоро"
    about = "Срок подходит, а отчёта ещё нет: за столько дней, сколько задал муниципалитет."

    def ladder_for(self, thresholds: Thresholds) -> Ladder:
        return Ladder(before=thresholds.before)

    def wanted(self, day: date, ahead: int) -> Q:
        return Q(state=DueState.OPEN, window_to__range=(day + timedelta(days=1), day + timedelta(days=ahead)))


@kind
class DueToday(WindowKind):
    key, title, tally = "due_today", "Срок сегодня", "сегодня"
    about = "Последний день срока, а отчёта ещё нет."
    ladder = Ladder(on_the_day=True)

    def wanted(self, day: date, ahead: int) -> Q:
        return Q(state=DueState.OPEN, window_to=day)


@kind
class Overdue(WindowKind):
    key, title, tally = "overdue", "Просрочено", "просрочено"
    about = "Срок прошёл, а отчёта нет. Если просрочка затянулась, о ней узнают и те, кто выше."
    escalates = True
    is_declinable = False

    def ladder_for(self, thresholds: Thresholds) -> Ladder:
        return Ladder(after=thresholds.after, every=thresholds.every)

    def wanted(self, day: date, ahead: int) -> Q:
        return is_late(day)


@kind
class ReportReturned(DueKind):
    """Counted from the day of the return; whoever reported is told beside the people of the line."""

    key, title, tally = "report_returned", "Отчёт возвращён", "возвращено"
    about = "Отчёт вернули с замечанием, и он ждёт исправления."
    ladder = Ladder(after=(1, 3), every=7)
    stands = Q(state=DueState.OPEN, decided_at__isnull=False) & ~Q(returned_reason="")

    def wanted(self, day: date, ahead: int) -> Q:
        return self.stands

    def due_on(self, row: dict[str, Any], municipality: Municipality) -> date:
        return municipality.day_of(row["decided_at"])

    def first_told(self, row: dict[str, Any]) -> tuple[Told, ...]:
        return (Told(row["reported_by_id"], "вы отправляли этот отчёт"),) if row["reported_by_id"] else ()

    def said(self, due_on: date, day: date) -> str:
        return f"отчёт возвращён {_day_words(due_on, day)}: исправьте и отправьте снова"


@kind
class ReportWaiting(DueKind):
    """Counted from the day of the report; those who accept reports are told, but not whoever wrote it."""

    key, title, tally = "report_waiting", "Отчёт ждёт проверки", "на проверке"
    about = "Отчёт отправлен, но его ещё не приняли и не вернули. Приходит тем, кто принимает отчёты."
    ladder = Ladder(after=(1, 3), every=7)
    stands = Q(state=DueState.REPORTED)

    def wanted(self, day: date, ahead: int) -> Q:
        return self.stands

    def items(self, municipalities: Municipalities, *, day: date, ahead: int) -> Iterable[Item]:
        rows = _due_rows(municipalities, self.wanted(day, ahead))
        by_key = {one.pk: one for one in municipalities}
        accepting = people_with_right({row["municipality_id"] for row in rows}, Right.ACCEPT_REPORTS)
        for row in rows:
            municipality = by_key[row["municipality_id"]]
            yield Item(
                thing=thing_of_due(row["pk"]),
                due_on=self.due_on(row, municipality),
                people=tuple(
                    Told(user_id, "вы принимаете отчёты")
                    for user_id in accepting.get(municipality.pk, ())
                    if user_id != row["reported_by_id"]
                ),
                **_line_words(row, municipality),
            )

    def due_on(self, row: dict[str, Any], municipality: Municipality) -> date:
        return municipality.day_of(row["reported_at"])

    def said(self, due_on: date, day: date) -> str:
        return f"отчёт отправлен {_day_words(due_on, day)} и ждёт проверки {counted((day - due_on).days, *DAYS)}"


@kind
class EventNotRecorded(Kind):
    """An event that days are counted from and that has probably happened: another line says so."""

    key, title, tally = "event_not_recorded", "Событие не записано", "не записано событий"
    about = "Событие, от которого считаются сроки, похоже, уже произошло, а его день не внесён."
    ladder = Ladder(after=(1, 7), every=14)

    def items(self, municipalities: Municipalities, *, day: date, ahead: int) -> Iterable[Item]:
        by_key = {one.pk: one for one in municipalities}
        likely = [event for event in events_to_record_in(municipalities, day) if event.likely]
        keepers = _Keepers({event.plan.municipality_id for event in likely})
        for event in likely:
            assert event.likely is not None, "filtered above"
            municipality = by_key[event.plan.municipality_id]
            yield Item(
                municipality_id=municipality.pk,
                thing=_thing_of_event(event),
                due_on=event.likely.since,
                title=f"Записать событие: {event.words} ({event.likely.because})",
                page=("office:plan_event_new", municipality.slug, event.plan.pk),
                query=f"?{urlencode({'words': event.words})}",
                people=keepers.of_plan(municipality.pk, event.plan.created_by_id),
                **_group(event.plan.pk, event.plan.title, municipality),
            )

    def standing(self, municipality: Municipality, *, things: Collection[str], day: date) -> Mapping[str, date]:
        plan_ids = {int(thing.split(":")[1]) for thing in things}
        found = events_to_record_in([municipality], day, plan_ids=plan_ids)
        return {_thing_of_event(event): event.likely.since for event in found if event.likely}

    def said(self, due_on: date, day: date) -> str:
        return "запишите, в какой день это произошло: от него посчитаются сроки"


class PlanKind(Kind):
    """A reminder about a whole plan, to whoever entered it or else to those who keep plans."""

    url_name: str

    def plans(self, municipalities: Municipalities, *, day: date) -> Iterable[tuple[dict[str, Any], str, date, str]]:
        """Rows of plans, each with what tells its things apart, its due day, and what is said of it."""
        raise NotImplementedError

    def items(self, municipalities: Municipalities, *, day: date, ahead: int) -> Iterable[Item]:
        by_key = {one.pk: one for one in municipalities}
        found = list(self.plans(municipalities, day=day))
        keepers = _Keepers({row["municipality_id"] for row, *_ in found})
        for row, mark, due_on, title in found:
            municipality = by_key[row["municipality_id"]]
            yield Item(
                municipality_id=municipality.pk,
                thing=_thing_of_plan(row, mark),
                due_on=due_on,
                title=title,
                page=(self.url_name, municipality.slug, row["pk"]),
                people=keepers.of_plan(municipality.pk, row["created_by_id"]),
                **_group(row["pk"], row["title"], municipality),
            )

    def standing(self, municipality: Municipality, *, things: Collection[str], day: date) -> Mapping[str, date]:
        return {_thing_of_plan(row, mark): due_on for row, mark, due_on, _ in self.plans([municipality], day=day)}


@kind
class PlanWaitingForAct(PlanKind):
    """A draft, or a new edition in preparation; counted from the day it was entered."""

    key, title, tally = "plan_waiting_for_act", "План не утверждён", "не утверждено планов"
    about = "План внесён две недели назад, а акта, которым он утверждён, всё ещё нет."
    ladder = Ladder(after=(14,), every=30)
    url_name = "office:plan_approve"

    def plans(self, municipalities: Municipalities, *, day: date) -> Iterable[tuple[dict[str, Any], str, date, str]]:
        by_key = {one.pk: one for one in municipalities}
        drafts = Plan.objects.current().filter(municipality__in=municipalities, state=PlanState.DRAFT)
        for row in drafts.order_by("pk").values(*_PLAN_FIELDS, "created_at"):
            entered = by_key[row["municipality_id"]].day_of(row["created_at"])
            yield row, "", entered, "Указать акт, которым утверждён план"

    def said(self, due_on: date, day: date) -> str:
        return f"план внесён {_day_words(due_on, day)} и остаётся черновиком"


@kind
class TargetsNotSummedUp(PlanKind):
    """Figures that nobody has written down although their year is over, unless it was over before the plan came into
    the portal."""

    key, title, tally = "target_missing", "Нет фактического значения", "нет факта"
    about = "Год закончился, а фактическое значение целевого показателя не внесено."
    ladder = Ladder(after=(14,), every=30)
    url_name = "office:plan_targets"

    def plans(self, municipalities: Municipalities, *, day: date) -> Iterable[tuple[dict[str, Any], str, date, str]]:
        found = (
            TargetValue.objects.filter(indicator__plan__in=plans_in_force(municipalities), year__lt=day.year)
            .filter(actual__isnull=True, indicator__measure=TargetMeasure.BY_HAND)
            .filter(Q(indicator__base_year__isnull=True) | ~Q(indicator__base_year=F("year")))
            .order_by("indicator__plan", "year")
            .values("indicator__plan", "year")
            .annotate(amount=Count("pk"))
        )
        missing = list(found)
        keys = {row["indicator__plan"] for row in missing}
        plans = {row["pk"]: row for row in Plan.objects.filter(pk__in=keys).values(*_PLAN_FIELDS)}
        entered = _days_of_entry({row["municipality_id"] for row in plans.values()}) if plans else {}
        for row in missing:
            if date(row["year"], 12, 31) < entered[row["indicator__plan"]]:
                continue
            words = counted(row["amount"], "показателя", "показателей", "показателей")
            title = f"Внести факт {row['year']} года для {words}"
            yield plans[row["indicator__plan"]], f":{row['year']}", date(row["year"], 12, 31), title

    def said(self, due_on: date, day: date) -> str:
        return f"{due_on.year} год закончился"


@kind
class CalendarMissing(PlanKind):
    """Next year's days off are not published yet, so days counted in working days may still move; told at its end."""

    key, title, tally = "calendar_missing", "Нет календаря на следующий год", "календарь"
    about = "Год кончается, а выходных следующего года в портале нет: сроки в рабочих днях могут сдвинуться."
    ladder = Ladder(before=(30, 7))
    url_name = "office:plan"

    def plans(self, municipalities: Municipalities, *, day: date) -> Iterable[tuple[dict[str, Any], str, date, str]]:
        coming = day.year + 1
        if not is_provisional(coming):
            return
        title = f"Сроки {coming} года в рабочих днях могут сдвинуться"
        going_on = plans_in_force(municipalities).filter(period_to__year__gte=coming)
        for row in going_on.order_by("municipality", "pk").distinct("municipality").values(*_PLAN_FIELDS):
            yield row, f":calendar:{coming}", date(day.year, 12, 31), title

    def said(self, due_on: date, day: date) -> str:
        return (
            f"производственного календаря на {due_on.year + 1} год в портале нет, выходные посчитаны по закону без"
            " переносов: попросите поддержку портала внести их"
        )


_PLAN_FIELDS = ("pk", "municipality_id", "title", "created_by_id")
_DAYS = ("pk", "window_to", "decided_at", "reported_at")
_DUE_FIELDS = (
    "pk", "municipality_id", "activity_id", "organization_id", "window_to", "decided_at", "reported_at",
    "reported_by_id", "activity__number", "activity__title", "activity__deadline_text", "activity__plan_id",
    "activity__plan__title", "organization__short_name",
)  # fmt: skip


def _due_rows(municipalities: Municipalities, wanted: Q) -> list[dict[str, Any]]:
    found = dues_in_force(municipalities).filter(wanted)
    return list(found.order_by("municipality", "window_to", "activity__position", "pk").values(*_DUE_FIELDS))


def _days_of_entry(municipality_ids: Collection[int]) -> dict[int, date]:
    """By plan, the day on which its first edition came into the portal: one query, whatever their number."""
    plans = {
        plan.pk: plan for plan in Plan.objects.filter(municipality__in=municipality_ids).select_related("municipality")
    }
    for plan in plans.values():
        if plan.previous_id is not None:
            plan.previous = plans[plan.previous_id]
    return {key: plan.entered_on for key, plan in plans.items()}


def _thing_of_event(event: EventToRecord) -> str:
    return f"event:{event.plan.pk}:{sha256(event.words.encode()).hexdigest()[:16]}"


def _thing_of_plan(row: Mapping[str, Any], mark: str) -> str:
    return f"plan:{row['pk']}{mark}"


def _line_words(row: Mapping[str, Any], municipality: Municipality) -> dict[str, Any]:
    """What an item says of the line of a due date."""
    name = row["organization__short_name"]
    return {
        "municipality_id": municipality.pk,
        "number": row["activity__number"],
        "title": f"{row['activity__title']} — {name}" if name else row["activity__title"],
        "words": row["activity__deadline_text"],
        "page": ("office:due", municipality.slug, row["pk"]),
        **_group(row["activity__plan_id"], row["activity__plan__title"], municipality),
    }


def _group(plan_id: int, title: str, municipality: Municipality) -> dict[str, Any]:
    return {"group_title": title, "group_page": ("office:plan", municipality.slug, plan_id)}


def _day_words(due_on: date, day: date) -> str:
    return date_in_words(due_on, year=due_on.year != day.year)


class _Keepers:
    """Who keeps plans in each municipality."""

    def __init__(self, municipality_ids: Collection[int]) -> None:
        self.found = people_with_right(municipality_ids, Right.EDIT_PLANS) if municipality_ids else {}

    def of_plan(self, municipality_id: int, created_by: int | None) -> tuple[Told, ...]:
        """Whoever entered the plan while they keep plans, else everybody who does."""
        keepers = self.found.get(municipality_id, [])
        if created_by in keepers:
            return (Told(created_by, "вы внесли этот план"),)
        return tuple(Told(user_id, "вы ведёте планы") for user_id in keepers)
