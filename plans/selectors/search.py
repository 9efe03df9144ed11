"""Plans, lines and responsible parties by words, in whatever case and number these stand."""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Q, QuerySet

from nok_portal.common.text import fold
from nok_portal.tenants.models import Municipality
from plans.models import Activity, Plan, ResponsibleParty

from .folded import folded

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(\.\d+)*")
_MOST_WORDS = 12
_SIGNS = "«»„“”–—…№"


def find_plans(municipality: Municipality, words: str) -> QuerySet[Plan]:
    """Plans whose title has all the words, those of the archive last, then the latest period first."""
    found = _with_words(Plan.objects.filter(municipality=municipality), ["title"], words)
    return found.order_by(F("archived_at").asc(nulls_first=True), "-period_to", "-period_from", "-pk")


def find_activities(municipality: Municipality, words: str) -> QuerySet[Activity]:
    """Lines that have all the words in title, deadline, result or parties, or that number; later plans first."""
    lines = Activity.objects.filter(municipality=municipality, plan__archived_at__isnull=True)
    fields = ["title", "deadline_text", "expected_result", "responsible_text"]
    number = words.strip().rstrip(".")
    found = _with_words(lines, fields, words)
    if _NUMBER.fullmatch(number):
        found = lines.filter(Q(number__in=(number, f"{number}.")) | Q(pk__in=found.values("pk")))
    return found.select_related("plan").order_by("-plan__period_to", "-plan_id", "position")


def find_parties(municipality: Municipality, words: str) -> QuerySet[ResponsibleParty]:
    """Responsible parties whose name has all the words; doubles that were merged are left out."""
    parties = ResponsibleParty.objects.filter(municipality=municipality, merged_into__isnull=True)
    return _with_words(parties, ["name"], words).order_by("name_key", "pk")


def _with_words(rows: Any, fields: Iterable[str], words: str) -> Any:
    """Rows that have each word, or the beginning of one, in one of the fields: «школ», «школами», «ШКОЛА»."""
    asked = [word for word in _WORD.findall(fold(words)) if word.strip("_")][:_MOST_WORDS]
    if not asked:
        return rows.none()
    query = SearchQuery(" & ".join(f"'{word}':*" for word in asked), config="russian", search_type="raw")
    # in some locales the server takes these signs for letters of the word beside them
    return rows.annotate(
        said=folded(*fields, blanks=_SIGNS),
        vector=SearchVector("said", config="russian"),
    ).filter(vector=query)
