"""Doubles of responsible parties: merged, followed by documents, parted again."""

import random
from itertools import product

import pytest

from nok_portal.audit.models import AuditEntry
from plans.enums import PartyKind
from plans.models import ActivityParty, PartyAccount, PartyDistinction, ResponsibleParty
from plans.party_facts import taken_facts
from plans.selectors.parties import merge_preview
from plans.services.building import write_parties
from plans.services.imports import import_table
from plans.services.parties import PartyMerged, PartyStale, change_party, link_account
from plans.services.party_merging import MergeRefused, distinguish_parties, merge_parties, undo_merge
from tests.factories import NOW, OrganizationFactory, member_of
from tests.factories.plans import ActivityFactory, PlanFactory, ResponsiblePartyFactory, table_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


def parties(municipality, *names, **values):
    return [ResponsiblePartyFactory(municipality=municipality, name=name, **values) for name in names]


def line(municipality, *parties):
    """A line that names the parties in this order."""
    activity = ActivityFactory(plan=PlanFactory(municipality=municipality))
    for position, party in enumerate(parties, start=1):
        ActivityParty.objects.create(municipality=municipality, activity=activity, party=party, position=position)
    return activity


def named(activity):
    links = activity.party_links.order_by("position").select_related("party")
    return [link.party.name for link in links]


def merge(kept, double, actor):
    return merge_parties(kept=kept, double=double, actor=actor, at=NOW)


def undo(double, actor):
    return undo_merge(double=double, actor=actor, at=NOW)


def test_lines_move_once_each_and_keep_their_order(ours, editor):
    kept, double, other = parties(ours, "Отдел культуры", "Отдел культуры администрации", "Совет")
    lines = [
        line(ours, double, other),
        line(ours, kept, other, double),
        line(ours, double, other, kept),
        line(ours, other),
    ]
    merge(kept, double, editor)
    assert [named(one) for one in lines] == [
        ["Отдел культуры", "Совет"],
        ["Отдел культуры", "Совет"],
        ["Отдел культуры", "Совет"],
        ["Совет"],
    ]


def test_people_of_both_work_for_the_one_that_stays(ours, editor):
    kept, double = parties(ours, "Отдел культуры", "Отдел культуры администрации")
    first, second = member_of(ours), member_of(ours)
    for party, user in ((kept, first), (double, first), (double, second)):
        link_account(party=party, user=user, actor=editor, at=NOW)
    merge(kept, double, editor)
    assert set(PartyAccount.objects.filter(party=kept).values_list("user", flat=True)) == {first.pk, second.pk}


def test_head_of_a_double_heads_the_one_that_stays_until_they_are_parted(ours, editor):
    kept, double = parties(ours, "Отдел культуры", "Отдел культуры администрации")
    both, moved = member_of(ours), member_of(ours)
    for party, user in ((kept, both), (double, both), (double, moved)):
        link_account(party=party, user=user, actor=editor, at=NOW)
    PartyAccount.objects.filter(party=double).update(is_head=True)

    def heads(party):
        return set(PartyAccount.objects.filter(party=party, is_head=True).values_list("user", flat=True))

    merge(kept, double, editor)
    assert heads(kept) == {both.pk, moved.pk}
    undo(double, editor)
    assert (heads(kept), heads(double)) == (set(), {both.pk, moved.pk})


def test_what_only_the_double_says_is_taken_over(ours, editor):
    library = OrganizationFactory(municipality=ours)
    curator = member_of(ours)
    (kept,) = parties(ours, "Библиотека")
    (double,) = parties(ours, "МБУ Библиотека", kind="institution", organization=library, curator=curator)
    merged = merge(kept, double, editor)
    assert (merged.kind, merged.organization, merged.curator) == ("institution", library, curator)


def test_institution_that_is_merged_with_a_group_stays_that_institution(ours, editor):
    library = OrganizationFactory(municipality=ours)
    (kept,) = parties(ours, "Библиотека", organization=library)
    (double,) = parties(ours, "Библиотеки", kind="institutions", group_sphere="culture", group_type="библиотека")
    assert merge_preview(kept, double).facts == ()
    merged = merge(kept, double, editor)
    assert (merged.kind, merged.organization, merged.group_sphere) == ("other", library, "")


GROUP = {"kind": "institutions", "group_sphere": "culture", "group_type": "музей"}


@pytest.mark.parametrize(
    ("own", "theirs", "told", "taken"),
    [
        ({}, GROUP, ["Кто это", "Какие организации"], {"kind", "group_sphere", "group_type"}),
        ({"kind": "institutions", "group_sphere": "all"}, GROUP, [], set()),
        ({"kind": "department"}, GROUP, [], set()),
        ({"kind": "institutions"}, {"kind": "institution"}, [], set()),
    ],
)
def test_what_is_taken_is_told_beforehand(ours, editor, own, theirs, told, taken):
    (kept,), (double,) = parties(ours, "А", **own), parties(ours, "Б", **theirs)
    assert [title for title, _ in merge_preview(kept, double).facts] == told
    merge(kept, double, editor)
    assert set(AuditEntry.objects.get(object_id=str(kept.pk)).after) == {"version", "double", *taken}


@pytest.mark.parametrize(
    ("theirs", "since", "left"),
    [
        (GROUP, {}, ("other", "", "")),
        (GROUP, {"group_sphere": "education"}, ("institutions", "education", "музей")),
        (GROUP, {"group_type": "школа"}, ("institutions", "culture", "школа")),
        ({"kind": "institutions"}, {"group_sphere": "culture"}, ("institutions", "culture", "")),
        (GROUP, {"kind": "council"}, ("council", "", "")),
    ],
)
def test_group_that_somebody_describes_anew_stays_a_group_when_the_two_part(ours, editor, theirs, since, left):
    (kept,), (double,) = parties(ours, "А"), parties(ours, "Б", **theirs)
    kept = merge(kept, double, editor)
    change_party(party=kept, facts=since, version=kept.version, actor=editor, at=NOW)
    undo(double, editor)
    kept.refresh_from_db()
    assert (kept.kind, kept.group_sphere, kept.group_type) == left


def test_no_merge_makes_of_a_party_what_a_person_may_not(ours):
    """An institution is no group, a group no institution, and a type belongs to its sphere."""
    library = OrganizationFactory(municipality=ours)
    sayings = [
        {"kind": kind, **said}
        for kind in PartyKind
        for said in (
            [{}, GROUP | {"kind": kind}] if kind == PartyKind.INSTITUTIONS else [{}, {"organization_id": library.pk}]
        )
    ]
    for own, theirs in product(sayings, repeat=2):
        kept = ResponsibleParty(municipality=ours, name="А", **own)
        for name, value in taken_facts(kept, ResponsibleParty(municipality=ours, name="Б", **theirs)).items():
            setattr(kept, name, value)
        is_group = kept.kind == PartyKind.INSTITUTIONS
        assert not (is_group and kept.organization_id), (own, theirs)
        assert is_group or not (kept.group_sphere or kept.group_type), (own, theirs)
        assert kept.group_sphere or not kept.group_type, (own, theirs)


def test_document_that_names_the_double_means_the_party_that_stays(ours, editor):
    kept, double = parties(ours, "Управление культуры", "Отдел культуры")
    merge(kept, double, editor)
    plan = import_table(table=table_of(), municipality=ours, actor=editor, at=NOW)
    activity = plan.activities.get(number="1.1")
    assert activity.responsible_text == "Общественный совет, отдел культуры"
    assert named(activity) == ["Общественный совет", "Управление культуры"]


def test_line_of_a_document_that_names_both_names_one(ours, editor):
    kept, double = parties(ours, "Управление культуры", "Отдел культуры")
    merge(kept, double, editor)
    activity = line(ours)
    write_parties([activity], [["Отдел культуры", "Управление культуры"]], ours)
    assert named(activity) == ["Управление культуры"]


def test_names_of_a_double_lead_to_the_last_party_at_once(ours, editor):
    first, second, third = parties(ours, "А", "Б", "В")
    second = merge(second, third, editor)
    merge(first, second, editor)
    assert set(ResponsibleParty.objects.exclude(merged_into=None).values_list("name", "merged_into")) == {
        ("Б", first.pk),
        ("В", first.pk),
    }


@pytest.mark.parametrize("seed", range(12))
def test_undo_gives_back_every_line_as_it_was(ours, editor, seed):
    choose = random.Random(seed)  # noqa: S311 - which layouts are tried
    some = parties(ours, "А", "Б", "В", "Г")
    lines = [line(ours, *choose.sample(some, choose.randint(0, 4))) for _ in range(6)]
    before = [named(one) for one in lines]
    merge(some[0], some[1], editor)
    after = [named(one) for one in lines]
    assert all("Б" not in names and len(names) == len(set(names)) for names in after)
    undo(some[1], editor)
    assert [named(one) for one in lines] == before


def test_undo_leaves_what_was_changed_since(ours, editor):
    kept, double, other = parties(ours, "Отдел культуры", "Отдел культуры администрации", "Совет")
    both, theirs = line(ours, double, kept), line(ours, double)
    merged = merge(kept, double, editor)
    merged = change_party(party=merged, facts={"kind": "department"}, version=merged.version, actor=editor, at=NOW)
    both.party_links.all().delete()
    theirs.party_links.update(party=other)
    undo(double, editor)
    assert (named(both), named(theirs)) == ([], ["Совет"])
    kept.refresh_from_db()
    assert kept.kind == "department"


def test_undo_gives_back_people_and_names(ours, editor):
    kept, double, name = parties(ours, "А", "Б", "В")
    person = member_of(ours)
    double = merge(double, name, editor)
    link_account(party=double, user=person, actor=editor, at=NOW)
    double.refresh_from_db()
    merge(kept, double, editor)
    undo(double, editor)
    assert PartyAccount.objects.get().party == double
    name.refresh_from_db()
    assert name.merged_into == double


def test_old_name_of_a_renamed_party_cannot_be_parted(ours, editor):
    (party,) = parties(ours, "Отдел культуры")
    change_party(party=party, facts={"name": "Отдел туризма"}, version=1, actor=editor, at=NOW)
    with pytest.raises(MergeRefused, match="прежнее название"):
        undo(ResponsibleParty.objects.get(name="Отдел культуры"), editor)


def test_merging_from_an_old_page_or_twice_is_refused(ours, editor):
    kept, double, third = parties(ours, "А", "Б", "В")
    change_party(party=double, facts={"kind": "post"}, version=1, actor=editor, at=NOW)
    with pytest.raises(PartyStale):
        merge(kept, double, editor)
    double.refresh_from_db()
    merge(kept, double, editor)
    double.refresh_from_db()
    with pytest.raises(PartyMerged):
        merge(third, double, editor)
    with pytest.raises(MergeRefused):
        merge(third, third, editor)


def test_both_histories_tell_of_the_merge(ours, editor):
    kept, double = parties(ours, "Отдел культуры", "Отдел культуры администрации")
    merge(kept, double, editor)
    told = {entry.object_id: entry.verb for entry in AuditEntry.objects.all()}
    assert told == {
        str(kept.pk): "Присоединён дубль: Отдел культуры администрации",
        str(double.pk): "Объединён с исполнителем: Отдел культуры",
    }


def test_no_doubles_is_remembered_once_whichever_comes_first(ours, editor):
    one, other = parties(ours, "А", "Б")
    distinguish_parties(one=one, other=other, actor=editor, at=NOW)
    distinguish_parties(one=other, other=one, actor=editor, at=NOW)
    assert PartyDistinction.objects.count() == 1
    assert AuditEntry.objects.count() == 2
