"""Reads of legal acts, and what rests on them.

Things above keep references to acts; each registers who can name them (`register_act_use`), so that the page of an
act tells what it approves and proves, and an act in use is never removed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import ForeignKey, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower, Replace

from nok_portal.common.sorting import russian_sort_key
from nok_portal.common.text import fold

from ..models import LegalAct, Municipality

_MOST_WORDS = 12


@dataclass(frozen=True)
class ActUse:
    """One thing that rests on an act: 'Утверждает план', its title, where it is (`url_name` takes slug and `pk`)."""

    label: str
    title: str
    url_name: str
    pk: int


# the keys of acts → what rests on each, in as many queries for all as for one
Finder = Callable[[Collection[int]], Mapping[int, Sequence[ActUse]]]
_finders: dict[str, Finder] = {}


@dataclass(frozen=True)
class ActFilter:
    """What a person looks for: words of number, title or issuer, a kind, a year; '' and 0 mean any."""

    words: str = ""
    kind: str = ""
    year: int = 0


def register_act_use(reference: str, finder: Finder) -> None:
    """Say how the uses behind a reference are named, e.g. 'plans.Plan.approved_by'; called in ready()."""
    _finders[reference] = finder


def references_without_finder() -> list[str]:
    """Keys to acts whose page would not know of them; none in a sound portal."""
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is LegalAct
    ]
    return sorted(set(found) - set(_finders))


def uses_of_acts(acts: Iterable[LegalAct]) -> dict[int, list[ActUse]]:
    """What rests on each of the acts, by its key."""
    if missing := references_without_finder():
        raise ImproperlyConfigured(f"nobody names what rests on acts by {', '.join(missing)}")
    keys = [act.pk for act in acts]
    found: dict[int, list[ActUse]] = {key: [] for key in keys}
    for _, finder in sorted(_finders.items()):
        for key, uses in finder(keys).items():
            found[key] += uses
    return found


def uses_of_act(act: LegalAct) -> list[ActUse]:
    return uses_of_acts([act])[act.pk]


def acts_for_list(municipality: Municipality, wanted: ActFilter) -> QuerySet[LegalAct]:
    """Acts, the newest first. Every word must occur, ё or е, any case."""
    found = LegalAct.objects.filter(municipality=municipality).select_related("file")
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.year:
        found = found.filter(adopted_on__year=wanted.year)
    words = fold(wanted.words).replace("№", " ").split()[:_MOST_WORDS]
    if words:
        said = Lower(Concat("number", Value(" "), "title", Value(" "), "issuer", output_field=TextField()))
        found = found.annotate(said=Replace(said, Value("ё"), Value("е"), output_field=TextField()))
        for word in words:
            found = found.filter(said__contains=word)
    return found.order_by("-adopted_on", "-pk")


def years_of_acts(municipality: Municipality) -> list[int]:
    """The years of the municipality's acts, the latest first."""
    days = LegalAct.objects.filter(municipality=municipality).dates("adopted_on", "year", order="DESC")
    return [day.year for day in days]


def issuers_of_acts(municipality: Municipality) -> list[str]:
    """Whose acts were entered so far."""
    acts = LegalAct.objects.filter(municipality=municipality).exclude(issuer="")
    return sorted(acts.values_list("issuer", flat=True).distinct(), key=russian_sort_key)
