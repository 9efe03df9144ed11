"""Letters about whose work a line is and what became of a report."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from nok_portal.accounts.models import User
from nok_portal.common.text import counted
from nok_portal.messaging.services import queue_mail
from nok_portal.tenants.models import Municipality
from plans.enums import DueState
from plans.models import Activity, ActivityParty, DueDate, Plan, ResponsibleParty
from plans.selectors.behind import behind_parties


@dataclass(frozen=True)
class LineTold:
    """A line in a letter: number and title, the words of its deadline, the nearest day that asks for something."""

    name: str
    deadline: str
    next_day: date | None
    url: str


def tell_new_responsibles(*, links: Collection[tuple[int, int]], actor: User, at: datetime) -> int:
    """Tell those who stand behind parties that have just been put on lines that these lines are theirs.

    `links`: all the new ones of a change, each a line with a party of it, so that everybody gets one letter. Not
    told: `actor`, and whoever was responsible for a line before by another of its parties. A party without people is
    its institution's, else its curator's. Lines of plans that are not in force tell nobody. Answers how many letters
    were written.
    """
    lines = list(_in_force(activity for activity, _ in links))
    if not lines:
        return 0
    parties: dict[int, set[ResponsibleParty]] = {line.pk: set() for line in lines}
    for link in ActivityParty.objects.filter(activity__in=lines).select_related("party"):
        parties[link.activity_id].add(link.party)
    behind = behind_parties({party for some in parties.values() for party in some}, on=lines[0].municipality.day_of(at))
    new = set(links)
    told: dict[User, list[Activity]] = {}
    for line in lines:
        before: set[User] = set()
        now: set[User] = set()
        for party in parties[line.pk]:
            (now if (line.pk, party.pk) in new else before).update(behind[party.pk].users)
        for user in now - before:
            told.setdefault(user, []).append(line)
    return notify_made_responsible(lines_of=told, actor=actor, at=at)


def notify_made_responsible(*, lines_of: Mapping[User, Sequence[Activity]], actor: User, at: datetime) -> int:
    """One letter a person: the lines that became theirs, with the deadline's words, the nearest day and a link.

    Nobody writes to themselves; lines of plans that are not in force are left out. Answers how many were written.
    """
    lines = {line.pk: line for line in _in_force(line.pk for some in lines_of.values() for line in some)}
    next_days = _next_days(lines, at=at)
    written = 0
    for user, some in lines_of.items():
        mine = sorted(
            {line.pk: lines[line.pk] for line in some if line.pk in lines}.values(),
            key=lambda line: (line.plan_id, line.position),
        )
        if user.pk == actor.pk or not user.is_active or not mine:
            continue
        municipality = mine[0].municipality
        queue_mail(
            kind="plans.made_responsible",
            recipient=user.email,
            subject=f"За вами {counted(len(mine), 'мероприятие', 'мероприятия', 'мероприятий')} плана",
            template="plans/mail/made_responsible",
            context={
                "user": user,
                "municipality": municipality,
                "lines": [_told(line, next_days.get(line.pk)) for line in mine],
                "actor": actor,
                "link": _absolute("office:dues", municipality),
            },
            at=at,
            municipality_id=municipality.pk,
            user=user,
        )
        written += 1
    return written


def notify_returned(*, dues: Iterable[DueDate], reason: str, actor: User, at: datetime) -> int:
    """One letter to each who reported on these due dates: what was returned and what to mend."""
    returned: dict[User, list[DueDate]] = {}
    for due in dues:
        if due.reported_by is not None and due.reported_by.is_active and due.reported_by_id != actor.pk:
            returned.setdefault(due.reported_by, []).append(due)
    for user, some in returned.items():
        municipality = some[0].municipality
        queue_mail(
            kind="plans.report_returned",
            recipient=user.email,
            subject="Отчёт возвращён" if len(some) == 1 else f"Возвращено: {counted(len(some), *_REPORTS)}",
            template="plans/mail/report_returned",
            context={
                "user": user,
                "municipality": municipality,
                "returned": [
                    {"due": due, "url": _absolute("office:due", municipality, due.pk)}
                    for due in sorted(some, key=lambda due: (due.window_to, due.activity.position))
                ],
                "reason": reason,
                "actor": actor,
            },
            at=at,
            municipality_id=municipality.pk,
            user=user,
        )
    return len(returned)


_REPORTS = ("отчёт", "отчёта", "отчётов")


def _in_force(activities: Iterable[int]) -> Iterable[Activity]:
    return (
        Activity.objects.filter(pk__in=set(activities), plan__in=Plan.objects.in_force())
        .select_related("municipality")
        .order_by("plan_id", "position")
    )


def _next_days(lines: Collection[int], *, at: datetime) -> dict[int, date]:
    """The nearest day from today on that is still open, else the last one missed."""
    rows = DueDate.objects.filter(activity__in=lines, state=DueState.OPEN, ended_before_entry=False).values_list(
        "activity_id", "window_to", "municipality__time_zone"
    )
    found: dict[int, date] = {}
    for activity_id, day, zone in rows.order_by("window_to"):
        if activity_id not in found or found[activity_id] < at.astimezone(ZoneInfo(zone)).date():
            found[activity_id] = day
    return found


def _told(line: Activity, next_day: date | None) -> LineTold:
    return LineTold(
        name=str(line),
        deadline=line.deadline_text,
        next_day=next_day,
        url=_absolute("office:activity", line.municipality, line.pk),
    )


def _absolute(name: str, municipality: Municipality, *arguments: int) -> str:
    return settings.PORTAL_URL.rstrip("/") + reverse(name, args=[municipality.slug, *arguments])
