"""Who of the municipality works for a party. Pure."""

from collections.abc import Collection, Sequence

from .model import RANK, Employee, Match, Why
from .reading import LEADING, NO_CONTENT, POST_STEMS, ReadName, Words, person_in, read_name

# which role of the portal a name speaks of, by stems that must all occur
_ROLE_STEMS = (
    ("council_chair", frozenset({"председател", "совет"})),
    ("council_secretary", frozenset({"секретар", "совет"})),
    ("council_secretary", frozenset({"общественн", "совет"})),
    ("council_chair", frozenset({"общественн", "совет"})),
    ("survey_operator", frozenset({"оператор"})),
)


def likely_accounts(name: str, people: Sequence[Employee], places: Collection[str] = ()) -> list[Match]:
    """Who works for a party, surest first: the person it names, who has its post, who heads or works in its
    department, the role it speaks of."""
    party = read_name(name, tuple(sorted(places)))
    if party.is_plural:
        return []
    found: dict[int, Why] = {}
    for one in people:
        why = _why_works(party, one, tuple(sorted(places)))
        if why is not None and (one.pk not in found or RANK[why] < RANK[found[one.pk]]):
            found[one.pk] = why
    by_words = {pk: why for pk, why in found.items() if why is not Why.ROLE}
    return sorted((Match(pk, why) for pk, why in (by_words or found).items()), key=lambda one: (RANK[one.why], one.pk))


def _why_works(party: ReadName, one: Employee, places: Words) -> Why | None:
    named = person_in(one.full_name)
    if party.person is not None:
        return Why.PERSON if named is not None and party.person.is_same(named) else None
    post = read_name(one.post, places)
    if post.core and post.key == party.key:
        return Why.POST
    department = party.core
    is_body = len(department) > 1 and department[0] not in POST_STEMS and bool(set(department) - NO_CONTENT)
    if is_body and len(post.core) > len(department) and post.core[0] in POST_STEMS | LEADING:
        # «начальник отдела культуры» works in «отдел культуры»
        if post.core[-len(department) :] == department:
            return Why.WORKS_THERE
    for role, stems in _ROLE_STEMS:
        own = set(party.core)
        is_post = bool(own & POST_STEMS - {"оператор"})
        if one.role == role and stems <= own and (is_post == bool(stems & POST_STEMS - {"оператор"})):
            return Why.ROLE
    return None
