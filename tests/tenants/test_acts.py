"""Legal acts: entered once, changed by whoever saw the last version, removed only while nothing rests on them."""

import io
from datetime import date, timedelta

import pytest

from nok_portal.audit.models import AuditEntry
from nok_portal.tenants.enums import ActKind
from nok_portal.tenants.file_kinds import FileRefused
from nok_portal.tenants.models import LegalAct, StoredFile
from nok_portal.tenants.scope import scope
from nok_portal.tenants.selectors.acts import (
    ActFilter,
    acts_for_list,
    issuers_of_acts,
    references_without_finder,
    uses_of_act,
    uses_of_acts,
    years_of_acts,
)
from nok_portal.tenants.services.acts import (
    ActExists,
    ActGone,
    ActInUse,
    ActStale,
    ActWrong,
    add_act,
    delete_act,
    edit_act,
)
from tests.factories import NOW, LegalActFactory, MunicipalityFactory, UserFactory
from tests.factories.plans import PlanFactory

pytestmark = pytest.mark.django_db

FACTS = {
    "kind": ActKind.DECREE,
    "number": "№ 41-р",
    "adopted_on": date(2026, 2, 10),
    "title": "О плане  мероприятий",
    "issuer": "администрации района",
}


@pytest.fixture
def municipality():
    found = MunicipalityFactory()
    with scope(writable=[found.pk]):
        yield found


@pytest.fixture
def actor(municipality):
    return UserFactory(full_name="Анна Климова")


def enter(municipality, actor=None, *, file=None, **changes):
    return add_act(municipality=municipality, facts={**FACTS, **changes}, file=file, actor=actor, at=NOW)


def scan(name="акт.pdf"):
    file = io.BytesIO(b"%PDF-1.7 scan")
    file.name = name
    return file


def test_act_is_kept_with_its_file_and_told_in_the_journal(municipality, actor):
    act = enter(municipality, actor, file=scan())
    assert (act.number, act.title) == ("41-р", "О плане мероприятий")
    assert str(act) == "Постановление от 10.02.2026 № 41-р"
    assert act.file.name == "акт.pdf"
    assert act.file.purpose == "tenants.act"
    entry = AuditEntry.objects.get(object_type="tenants.legalact", object_id=act.pk)
    assert (entry.verb, entry.actor_name) == ("Внесён правовой акт", actor.name_for_journal)
    assert entry.after["adopted_on"] == "2026-02-10"


def test_same_act_is_not_entered_twice_however_its_number_is_written(municipality):
    first = enter(municipality)
    with pytest.raises(ActExists) as refusal:
        enter(municipality, number="41-Р", issuer="Администрации  района")
    assert refusal.value.act == first
    assert enter(municipality, number="42-р").pk != first.pk
    assert enter(municipality, kind=ActKind.ORDER).pk != first.pk
    assert enter(municipality, issuer="отдела культуры").pk != first.pk


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", " № "), ("adopted_on", NOW.date() + timedelta(days=1)), ("adopted_on", date(206, 2, 10))],
)
def test_what_cannot_be_is_refused_at_its_field(municipality, field, value):
    with pytest.raises(ActWrong) as refusal:
        enter(municipality, **{field: value})
    assert refusal.value.field == field
    assert not LegalAct.objects.exists()


def test_only_documents_and_scans_are_taken(municipality):
    text = io.BytesIO("Номер\tСрок".encode())
    with pytest.raises(FileRefused):
        enter(municipality, file=text)
    assert not StoredFile.objects.exists()


def test_change_of_an_act_tells_what_differs_and_keeps_the_file(municipality, actor):
    act = enter(municipality, actor, file=scan())
    changed = edit_act(act=act, version=1, facts={**FACTS, "number": "43-р"}, file=None, actor=actor, at=NOW)
    assert (changed.number, changed.version, changed.file_id) == ("43-р", 2, act.file_id)
    entry = AuditEntry.objects.get(verb="Изменены сведения об акте")
    assert (entry.before, entry.after) == ({"number": "41-р"}, {"number": "43-р"})
    same = edit_act(act=changed, version=2, facts={**FACTS, "number": "43-р"}, file=None, actor=actor, at=NOW)
    assert same.version == 2


def test_new_file_takes_the_place_of_the_old_one_which_stays_stored(municipality, actor):
    act = enter(municipality, actor, file=scan())
    changed = edit_act(act=act, version=1, facts=FACTS, file=scan("скан.pdf"), actor=actor, at=NOW)
    assert changed.file.name == "скан.pdf"
    assert StoredFile.objects.filter(pk=act.file_id).exists()
    assert AuditEntry.objects.get(verb="Изменены сведения об акте").before["file_id"] == str(act.file_id)


def test_second_of_two_editors_is_told_and_nothing_is_overwritten(municipality, actor):
    act = enter(municipality)
    edit_act(act=act, version=1, facts={**FACTS, "title": "О плане"}, file=None, actor=actor, at=NOW)
    with pytest.raises(ActStale) as refusal:
        edit_act(act=act, version=1, facts={**FACTS, "number": "9"}, file=None, actor=actor, at=NOW)
    assert refusal.value.current.title == "О плане"
    assert LegalAct.objects.get(pk=act.pk).number == "41-р"


def test_act_is_removed_only_while_nothing_rests_on_it(municipality, actor):
    act = enter(municipality)
    plan = PlanFactory(municipality=municipality, state="approved", approved_by=act)
    assert [(use.label, use.title, use.pk) for use in uses_of_act(act)] == [("Утверждает план", plan.title, plan.pk)]
    with pytest.raises(ActInUse, match="утверждает план"):
        delete_act(act=act, version=1, actor=actor, at=NOW)
    plan.delete()
    delete_act(act=act, version=1, actor=actor, at=NOW, reason="Внесён дважды")
    assert not LegalAct.objects.exists()
    assert AuditEntry.objects.get(verb="Удалён правовой акт").reason == "Внесён дважды"
    with pytest.raises(ActGone):
        delete_act(act=act, version=1, actor=actor, at=NOW)


def test_each_reference_to_acts_can_be_named():
    assert references_without_finder() == []


def test_search_knows_number_title_and_issuer_in_any_spelling(municipality):
    enter(municipality, number="7", title="Об утверждении перечня", adopted_on=date(2025, 3, 1))
    enter(municipality, number="41-р", issuer="Озёрного района")

    def found(**wanted):
        return [act.number for act in acts_for_list(municipality, ActFilter(**wanted))]

    assert found() == ["41-р", "7"]
    assert found(words="ОЗЕРНОГО № 41") == ["41-р"]
    assert found(words="перечня утверждении") == ["7"]
    assert found(year=2025) == ["7"]
    assert found(kind=ActKind.ORDER) == []
    assert years_of_acts(municipality) == [2026, 2025]
    assert issuers_of_acts(municipality) == ["администрации района", "Озёрного района"]


def test_uses_of_many_acts_cost_what_those_of_one_cost(municipality, django_assert_num_queries):
    acts = [LegalActFactory(municipality=municipality) for _ in range(3)]
    for act in acts:
        PlanFactory(municipality=municipality, state="approved", approved_by=act)
    with django_assert_num_queries(2):
        uses_of_acts(acts[:1])
    with django_assert_num_queries(2):
        assert all(len(uses) == 1 for uses in uses_of_acts(acts).values())
