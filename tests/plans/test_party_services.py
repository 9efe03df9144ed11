"""Changes of responsible parties: names, people, institutions, groups."""

import pytest

from nok_portal.audit.models import AuditEntry
from nok_portal.messaging.models import OutgoingMail
from plans.models import PartyAccount, ResponsibleParty
from plans.services.building import write_parties
from plans.services.parties import (
    NotLinked,
    NotOfMunicipality,
    PartyExists,
    PartyMerged,
    PartyStale,
    add_party,
    change_party,
    link_account,
    mark_head,
    unlink_account,
)
from tests.factories import NOW, LegalActFactory, MunicipalityFactory, OrganizationFactory, UserFactory, member_of
from tests.factories.plans import ActivityFactory, ActivityPartyFactory, PlanFactory, ResponsiblePartyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


def change(party, actor, *, version=None, **facts):
    return change_party(
        party=party, facts=facts, version=party.version if version is None else version, actor=actor, at=NOW
    )


def named_by_a_document(municipality, name):
    """The party that a new document's words lead to."""
    activity = ActivityFactory(plan=PlanFactory(municipality=municipality))
    write_parties([activity], [[name]], municipality)
    return activity.party_links.get().party


def test_added_party_is_found_by_the_words_of_a_document(ours, editor):
    party = add_party(
        municipality=ours, facts={"name": " Отдел  культуры ", "kind": "department"}, actor=editor, at=NOW
    )
    assert (party.name, party.kind) == ("Отдел культуры", "department")
    assert named_by_a_document(ours, "отдел культуры") == party
    assert AuditEntry.objects.get(object_id=str(party.pk)).after["name"] == "Отдел культуры"


def test_second_party_of_one_name_is_refused_and_the_first_one_named(ours, editor):
    party = ResponsiblePartyFactory(municipality=ours, name="Отдел культуры")
    with pytest.raises(PartyExists) as refused:
        add_party(municipality=ours, facts={"name": "ОТДЕЛ КУЛЬТУРЫ"}, actor=editor, at=NOW)
    assert refused.value.other == party


def test_renamed_party_keeps_the_words_of_plans_and_is_still_found_by_them(ours, editor):
    activity = ActivityFactory(plan=PlanFactory(municipality=ours), responsible_text="отделом культуры")
    party = ActivityPartyFactory(
        activity=activity, party=ResponsiblePartyFactory(municipality=ours, name="Отдел культуры")
    ).party
    changed = change(party, editor, name="Отдел культуры и туризма")
    activity.refresh_from_db()
    assert activity.responsible_text == "отделом культуры"
    assert (changed.name, changed.version) == ("Отдел культуры и туризма", party.version + 1)
    for words in ("отдел культуры", "отдел культуры и туризма"):
        assert named_by_a_document(ours, words) == party
    entry = AuditEntry.objects.get(object_id=str(party.pk))
    assert entry.before == {"name": "Отдел культуры", "version": 1}
    assert entry.after == {"name": "Отдел культуры и туризма", "version": 2}


def test_party_renamed_back_and_forth_has_both_names_once(ours, editor):
    party = ResponsiblePartyFactory(municipality=ours, name="Отдел культуры")
    for name in ("Отдел туризма", "Отдел культуры", "Отдел туризма"):
        party = change(party, editor, name=name)
    rows = ResponsibleParty.objects.order_by("pk").values_list("name", "merged_into")
    assert list(rows) == [("Отдел туризма", None), ("Отдел культуры", party.pk)]


def test_name_of_another_party_is_refused(ours, editor):
    ResponsiblePartyFactory(municipality=ours, name="Отдел туризма")
    party = ResponsiblePartyFactory(municipality=ours, name="Отдел культуры")
    with pytest.raises(PartyExists):
        change(party, editor, name="отдел туризма")


def test_change_from_an_old_page_is_refused_and_shows_what_stands_now(ours, editor):
    party = ResponsiblePartyFactory(municipality=ours)
    change(party, editor, kind="council")
    with pytest.raises(PartyStale) as refused:
        change(party, editor, version=1, kind="post")
    assert refused.value.current.kind == "council"


def test_change_that_changes_nothing_writes_nothing(ours, editor):
    party = ResponsiblePartyFactory(municipality=ours, kind="council")
    assert change(party, editor, kind="council").version == party.version
    assert not AuditEntry.objects.exists()


def test_institution_is_no_group_and_a_group_no_institution(ours, editor):
    library = OrganizationFactory(municipality=ours)
    party = ResponsiblePartyFactory(municipality=ours)
    party = change(party, editor, kind="institution", organization=library, group_sphere="culture")
    assert (party.organization, party.group_sphere) == (library, "")
    party = change(party, editor, kind="institutions", group_sphere="culture", group_type="библиотека")
    assert (party.organization, party.group_sphere, party.group_type) == (None, "culture", "библиотека")
    party = change(party, editor, kind="department")
    assert (party.group_sphere, party.group_type) == ("", "")


def test_only_who_works_here_now_is_linked_or_curator(ours, editor):
    party = ResponsiblePartyFactory(municipality=ours)
    former = member_of(ours)
    former.memberships.update(ended_at=NOW)
    for stranger in (UserFactory(), member_of(MunicipalityFactory()), former, member_of(ours, is_active=False)):
        with pytest.raises(NotOfMunicipality):
            link_account(party=party, user=stranger, actor=editor, at=NOW)
        with pytest.raises(NotOfMunicipality):
            change(party, editor, curator=stranger)
    assert not PartyAccount.objects.exists()


def test_linked_person_is_told_of_the_lines_that_became_theirs(ours, editor):
    plan = PlanFactory(municipality=ours, state="approved", approved_by=LegalActFactory(municipality=ours))
    person, colleague = member_of(ours), member_of(ours)
    party, other = ResponsiblePartyFactory(municipality=ours), ResponsiblePartyFactory(municipality=ours)
    new = ActivityFactory(plan=plan, title="Опрос жителей")
    known = ActivityFactory(plan=plan, title="Осмотр стендов")
    for activity in (new, known):
        ActivityPartyFactory(activity=activity, party=party)
    ActivityPartyFactory(activity=known, party=other)
    assert link_account(party=party, user=colleague, actor=editor, at=NOW)
    assert link_account(party=other, user=person, actor=editor, at=NOW)
    OutgoingMail.objects.all().delete()

    assert link_account(party=party, user=person, actor=editor, at=NOW)
    (mail,) = OutgoingMail.objects.all()
    assert mail.recipient == person.email
    assert "Опрос жителей" in mail.text
    assert "Осмотр стендов" not in mail.text
    assert not link_account(party=party, user=person, actor=editor, at=NOW)
    assert OutgoingMail.objects.count() == 1


def test_unlinking_is_in_the_journal_with_the_name(ours, editor):
    party, person = ResponsiblePartyFactory(municipality=ours), member_of(ours, full_name="Седов Павел Ильич")
    link_account(party=party, user=person, actor=editor, at=NOW)
    assert unlink_account(party=party, user=person, actor=editor, at=NOW)
    assert not unlink_account(party=party, user=person, actor=editor, at=NOW)
    assert not PartyAccount.objects.exists()
    told = AuditEntry.objects.filter(object_id=str(party.pk)).order_by("pk").values_list("verb", "before", "after")
    account = {"account": person.pk, "account_name": "Седов Павел Ильич"}
    assert list(told) == [
        ("Назначен ответственным: Седов Павел Ильич", {}, account),
        ("Больше не отвечает: Седов Павел Ильич", account, {}),
    ]


def test_double_is_not_changed_any_more(ours, editor):
    double = ResponsiblePartyFactory(municipality=ours, merged_into=ResponsiblePartyFactory(municipality=ours))
    with pytest.raises(PartyMerged):
        change(double, editor, kind="post")
    with pytest.raises(PartyMerged):
        link_account(party=double, user=editor, actor=editor, at=NOW)


def test_head_is_marked_once_and_only_among_those_who_work_for_the_party(ours, editor):
    party, head = ResponsiblePartyFactory(municipality=ours), member_of(ours)
    with pytest.raises(NotLinked):
        mark_head(party=party, user=head, is_head=True, actor=editor, at=NOW)
    link_account(party=party, user=head, actor=editor, at=NOW)
    marked = [mark_head(party=party, user=head, is_head=one, actor=editor, at=NOW) for one in (True, True, False)]
    assert marked == [True, False, True]
    told = AuditEntry.objects.filter(object_id=str(party.pk)).order_by("pk").values_list("verb", flat=True)
    assert list(told)[1:] == [f"Назначен руководителем: {head}", f"Больше не руководитель: {head}"]
