"""Organizations that a line of a plan names: those chosen, and those that its words seem to name."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from nok_portal.tenants.models import Organization
from plans.days.changes import Link, organizations_without_days
from plans.lines.named_organizations import Registered, named_organizations
from plans.models import Activity, ActivityOrganization

from .lines import Line

_SETTLED = "named_organizations"


@dataclass(frozen=True)
class ChosenOrganization:
    """An organization with the years of a line in which it has days of its own; none: in every year."""

    organization: Organization
    years: tuple[int, ...]

    @property
    def links(self) -> list[Link]:
        return [(self.organization.pk, year) for year in self.years] or [(self.organization.pk, None)]


@dataclass(frozen=True)
class OrganizationYear:
    """Organizations of the same years, as the panel of a line says them."""

    years: tuple[int, ...]
    organizations: tuple[Organization, ...]


@dataclass(frozen=True)
class LineOrganizations:
    """What the panel of a line says of organizations.

    `idle`: those of years in which the line has no day. `suggested` with its `key` only where nothing was chosen.
    """

    chosen: tuple[OrganizationYear, ...] = ()
    idle: tuple[OrganizationYear, ...] = ()
    suggested: tuple[OrganizationYear, ...] = ()
    suggested_links: tuple[Link, ...] = ()

    @property
    def key(self) -> str:
        return suggestion_key(self.suggested_links)


def organizations_of_line(line: Line, *, with_suggestion: bool) -> LineOrganizations:
    """For the panel; looks for names in the words only where asked and nothing was chosen or declined."""
    chosen = chosen_organizations(line.activity)
    if chosen:
        links = [link for one in chosen for link in one.links]
        idle = organizations_without_days(links, [(due.window_from, due.window_to) for due in line.dues])
        names = {one.organization.pk: one.organization for one in chosen}
        lonely = [(names[organization], year) for organization, year in idle if year is not None]
        return LineOrganizations(
            chosen=_by_years((one.organization, one.years) for one in chosen),
            idle=_by_years((organization, (year,)) for organization, year in lonely) if line.dues else (),
        )
    found = suggested_organizations(line.activity) if with_suggestion else []
    return LineOrganizations(
        suggested=_by_years((one.organization, one.years) for one in found),
        suggested_links=tuple(link for one in found for link in one.links),
    )


def chosen_organizations(activity: Activity) -> list[ChosenOrganization]:
    """Organizations of a line in Russian order; a merged double stands under the one that was kept."""
    links = ActivityOrganization.objects.filter(activity=activity).select_related("organization__merged_into")
    return gathered((link.organization.merged_into or link.organization, link.year) for link in links)


def gathered(links: Iterable[tuple[Organization, int | None]]) -> list[ChosenOrganization]:
    """Each organization once, with all of its years; «every year» holds the others."""
    found: dict[Organization, set[int | None]] = {}
    for organization, year in links:
        found.setdefault(organization, set()).add(year)
    return [
        ChosenOrganization(organization, () if None in years else tuple(sorted(year for year in years if year)))
        for organization, years in sorted(found.items(), key=lambda item: (item[0].sort_key, item[0].pk))
    ]


def suggested_organizations(activity: Activity) -> list[ChosenOrganization]:
    """Organizations that the words name under a year, or several of them; none where that was declined.

    One without a year is who does the line rather than whom it is about.
    """
    plan = activity.plan
    listed = Organization.objects.filter(municipality_id=activity.municipality_id).listed()
    register = [
        Registered(*row)
        for row in listed.exclude(active_to__lt=plan.period_from).order_by("pk").values_list("pk", "name", "short_name")
    ]
    texts = (activity.title, activity.expected_result, activity.responsible_text)
    years = range(plan.period_from.year, plan.period_to.year + 1)
    named = named_organizations(texts, register, years)
    links = tuple((one.organization, one.year) for one in named)
    if not links or (len(links) < 2 and links[0][1] is None) or suggestion_key(links) in activity.settled:
        return []
    known = Organization.objects.in_bulk([organization for organization, _ in links])
    return gathered((known[organization], year) for organization, year in links)


def suggestion_key(links: Iterable[Link]) -> str:
    """What a line remembers of a declined suggestion: other names will be suggested again."""
    said = sorted((organization, year or 0) for organization, year in links)
    return f"{_SETTLED}:{sha256(repr(said).encode()).hexdigest()[:16]}"


def _by_years(some: Iterable[tuple[Organization, tuple[int, ...]]]) -> tuple[OrganizationYear, ...]:
    found: dict[tuple[int, ...], list[Organization]] = {}
    for organization, years in some:
        found.setdefault(years, []).append(organization)
    return tuple(OrganizationYear(years, tuple(ones)) for years, ones in sorted(found.items()))
