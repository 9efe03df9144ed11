"""Reports on due dates: what waits for whom, what proves them, what was done about one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from nok_portal.tenants.models import Municipality
from plans.enums import DueState, EvidenceKind
from plans.models import Activity, ActivityParty, DueDate, Evidence, ResponsibleParty

from .dues import DueLine, due_lines, dues_of
from .people import dues_of_person


def waiting_for_acceptance(municipality: Municipality, limit: int | None = None) -> list[DueLine]:
    """Reports that nobody has accepted or returned yet, the longest waiting first."""
    waiting = dues_of(municipality).filter(state=DueState.REPORTED)
    return due_lines(waiting.order_by("reported_at", "pk")[:limit])


def returned_to_person(
    *,
    municipality: Municipality,
    user: User,
    on: date,
    organization_ids: Collection[int] = (),
    limit: int | None = None,
) -> list[DueLine]:
    """Reports of the person's own work that were returned, the most urgent first."""
    mine = dues_of_person(municipality=municipality, user=user, on=on, organization_ids=organization_ids)
    return due_lines(mine.exclude(returned_reason="").order_by("window_to", "activity__position", "pk")[:limit])


def prefetch_evidence(dues: Iterable[DueDate]) -> None:
    """Load what proves these due dates, in one query for all."""
    rows = Evidence.objects.select_related("file", "act").order_by("pk")
    prefetch_related_objects(list(dues), Prefetch("evidence", rows))


@dataclass(frozen=True)
class EvidenceRow:
    """One proof as a list shows it; `evidence`: its rows, one for each of several due dates."""

    key: str
    kind: EvidenceKind
    name: str
    evidence: tuple[Evidence, ...]

    @property
    def first(self) -> Evidence:
        return self.evidence[0]


def evidence_of(dues: Iterable[DueDate]) -> list[EvidenceRow]:
    """What stands under all of these due dates (of one: all of it), in the order in which it was added."""
    wanted = {due.pk for due in dues}
    found: dict[str, list[Evidence]] = {}
    rows = Evidence.objects.filter(due_date__in=wanted).select_related("file", "act", "added_by").order_by("pk")
    for row in rows:
        found.setdefault(_key_of(row), []).append(row)
    return [
        EvidenceRow(key, EvidenceKind(some[0].kind), str(some[0]), tuple(some))
        for key, some in found.items()
        if {one.due_date_id for one in some} == wanted
    ]


def _key_of(row: Evidence) -> str:
    return f"{row.kind}:{row.file_id or row.act_id or row.url}"


def parties_of(activity: Activity) -> list[ResponsibleParty]:
    """Who answers for the line, in the order of the document."""
    links = ActivityParty.objects.filter(activity=activity).select_related("party").order_by("position")
    return [link.party for link in links]


def siblings_of(due: DueDate) -> list[DueDate]:
    """The same day of the same line, for the other organizations that it names."""
    if due.organization_id is None:
        return []
    same = DueDate.objects.filter(activity=due.activity_id, window_from=due.window_from, window_to=due.window_to)
    return list(
        same.exclude(pk=due.pk)
        .select_related("organization", "reported_by")
        .annotate(proofs=Count("evidence"))
        .order_by("organization__sort_key", "pk")
    )


def others_waiting(due: DueDate) -> int:
    """How many other reports wait for acceptance."""
    return dues_of(due.municipality).filter(state=DueState.REPORTED).exclude(pk=due.pk).count()


def history_of(due: DueDate, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Those entries of a line's journal that are about one due date."""
    return entries.filter(after__due_id=due.pk)
