"""Doubles: how they are found, what a merge moves, what undoing gives back."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nok_portal.accounts.models import Membership
from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import StaleVersion
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.models import Organization
from nok_portal.tenants.register.inn import inn_from
from nok_portal.tenants.register.names import Named, core_words, likely_doubles, shared_inns, short_name_of
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.merging import (
    MergeRefused,
    distinguish_organizations,
    merge_organizations,
    references_without_mover,
    undo_merge,
)
from nok_portal.tenants.services.organizations import OrganizationMerged, add_organization, change_organization
from tests.factories import NOW, MembershipFactory, MunicipalityFactory, UserFactory, member_of

A, B = inn_from("990100101"), inn_from("990100202")


# --- names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("МБУК «ЦБС»", "Муниципальное бюджетное учреждение культуры «Централизованная библиотечная система»"),
        ("МБОУ СОШ № 5", "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа №5»"),
        ("МАДОУ детский сад №03 Ромашка", "Муниципальное автономное дошкольное учреждение «Детский сад № 3 „Ромашка“»"),
        ("МКУК Сельский дом культуры", "СДК"),
        ("МБУДО «Берёзка»", "Муниципальное бюджетное учреждение дополнительного образования «Березка»"),
    ],
)  # fmt: skip
def test_legal_forms_and_abbreviations_make_no_difference(one, other):
    assert core_words(one) == core_words(other)


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Муниципальное бюджетное учреждение культуры «Клуб»", "МБУК «Клуб»"),
        ("Муниципальное казённое учреждение культуры Сельский клуб", "МКУК Сельский клуб"),
        ("Культурный центр", "Культурный центр"),
        ("Муниципальное учреждение", "Муниципальное учреждение"),
        ("МБОУ СОШ № 5", "МБОУ СОШ № 5"),
    ],
)
def test_short_name_is_made_of_the_full_one(full, short):
    assert short_name_of(full) == short


def pairs(*names_and_inns: Any):
    named = [Named(pk, name, name, inn) for pk, (name, inn) in enumerate(names_and_inns, start=1)]
    return [(double.first, double.second, double.same_inn) for double in likely_doubles(named)]


def test_likely_doubles():
    assert pairs(("МБУК «Музей»", ""), ("Муниципальное бюджетное учреждение культуры «Музей»", A)) == [(1, 2, False)]
    assert pairs(("Дом культуры «Рассвет»", A), ("Дом культуры «Расвет»", A)) == [(1, 2, True)]
    assert pairs(("Школа № 2", A), ("Школа № 12", A)) == []
    assert pairs(("Музей", A), ("Музей", B)) == []
    assert pairs(("Музей", A), ("Библиотека", A)) == []


def test_branches_share_an_inn():
    named = [Named(1, "Школа № 1", "", A), Named(2, "Школа № 2", "", A), Named(3, "Клуб", "", B)]
    assert shared_inns(named) == {A: [1, 2]}


def test_search_for_doubles_stays_quick_in_a_big_register():
    named = [Named(number, f"Библиотека № {number}", f"Библиотека № {number}", "") for number in range(3000)]
    assert likely_doubles(named) == []


# --- merging --------------------------------------------------------------------------------------------


@pytest.fixture
def municipality(db):
    return MunicipalityFactory()


@pytest.fixture
def editor(municipality):
    return member_of(municipality)


@pytest.fixture
def inside(municipality):
    with scope(writable=[municipality.pk]):
        yield


@pytest.fixture
def two(municipality, inside):
    facts = {"sphere": Sphere.CULTURE}
    kept = add_organization(municipality=municipality, facts={**facts, "name": "Музей", "inn": A}, actor=None, at=NOW)
    double = add_organization(
        municipality=municipality,
        facts={**facts, "name": "МБУК «Музей»", "address": "ул. Лесная, 1", "head_name": "Иванова"},
        actor=None,
        at=NOW,
    )
    return kept, double


def institution(municipality, organization, user=None):
    return MembershipFactory(
        municipality=municipality, role=Role.INSTITUTION, organization=organization, user=user or UserFactory()
    )


def merge(two, editor, **facts: Any):
    kept, double = two
    return merge_organizations(kept=kept, double=double, facts=facts, actor=editor, at=NOW)


def test_every_reference_to_organizations_has_a_mover():
    assert references_without_mover() == []


def test_merge_takes_the_chosen_facts_and_moves_references(two, municipality, editor):
    kept, double = two
    role = institution(municipality, double)
    merge(two, editor, name="МБУК «Музей»", address="ул. Лесная, 1")
    kept.refresh_from_db()
    double.refresh_from_db()
    role.refresh_from_db()
    assert (kept.name, kept.inn, kept.address, kept.head_name) == ("МБУК «Музей»", A, "ул. Лесная, 1", "")
    assert "музей" in kept.search_text
    assert "лесная" in kept.search_text
    assert double.merged_into_id == kept.pk
    assert list(Organization.objects.listed()) == [kept]
    assert role.organization_id == kept.pk
    verbs = AuditEntry.objects.exclude(verb="добавлена организация").values_list("verb", "object_id", "actor_id")
    assert sorted(verbs) == [
        ("объединена с другой организацией", str(double.pk), editor.pk),
        ("присоединён дубль", str(kept.pk), editor.pk),
    ]


def test_undo_gives_back_facts_and_references(two, municipality, editor):
    kept, double = two
    role = institution(municipality, double)
    merge(two, editor, name="МБУК «Музей»", address="ул. Лесная, 1")
    undo_merge(double=double, actor=editor, at=NOW)
    kept.refresh_from_db()
    double.refresh_from_db()
    role.refresh_from_db()
    assert (kept.name, kept.address) == ("Музей", "")
    assert (double.name, double.address, double.merged_into_id) == ("МБУК «Музей»", "ул. Лесная, 1", None)
    assert role.organization_id == double.pk
    assert AuditEntry.objects.filter(verb__in=["дубль отделён", "снова отдельная организация"]).count() == 2
    with pytest.raises(MergeRefused, match="ни с кем не объединена"):
        undo_merge(double=double, actor=editor, at=NOW)


def test_undo_leaves_what_was_changed_since(two, municipality, editor):
    kept, double = two
    role = institution(municipality, double)
    kept = merge(two, editor, address="ул. Лесная, 1", head_name="Иванова")
    change_organization(
        organization=kept, facts={"address": "ул. Новая, 2"}, version=kept.version, actor=editor, at=NOW
    )
    Membership.objects.filter(pk=role.pk).update(organization=None)
    undo_merge(double=double, actor=editor, at=NOW)
    kept.refresh_from_db()
    role.refresh_from_db()
    assert (kept.address, kept.head_name) == ("ул. Новая, 2", "")
    assert role.organization_id is None


def test_person_with_a_role_at_both_keeps_it(two, municipality, editor):
    kept, double = two
    user = UserFactory()
    at_kept, at_double = (institution(municipality, one, user) for one in (kept, double))
    merge(two, editor)
    at_kept.refresh_from_db()
    at_double.refresh_from_db()
    assert (at_kept.organization_id, at_double.organization_id) == (kept.pk, double.pk)


def test_merge_of_an_outdated_pair_is_refused(two, editor):
    _, double = two
    change_organization(organization=double, facts={"address": "ул. Новая, 2"}, version=1, actor=editor, at=NOW)
    with pytest.raises(StaleVersion):
        merge(two, editor, address="ул. Лесная, 1")
    double.refresh_from_db()
    assert double.merged_into_id is None


def test_merge_with_itself_or_twice_is_refused(two, editor):
    kept, double = two
    with pytest.raises(MergeRefused):
        merge((kept, kept), editor)
    kept = merge(two, editor)
    double.refresh_from_db()
    with pytest.raises(OrganizationMerged):
        merge((kept, double), editor)
    with pytest.raises(OrganizationMerged):
        change_organization(organization=double, facts={"site": ""}, version=double.version, actor=editor, at=NOW)


def test_chain_is_undone_from_its_end(two, municipality, editor):
    kept, double = two
    third = add_organization(
        municipality=municipality, facts={"name": "Музей края", "sphere": "culture"}, actor=None, at=NOW
    )
    kept = merge(two, editor)
    merge((third, kept), editor)
    with pytest.raises(MergeRefused, match="Сначала разделите"):
        undo_merge(double=double, actor=editor, at=NOW)
    undo_merge(double=kept, actor=editor, at=NOW)
    undo_merge(double=double, actor=editor, at=NOW)
    assert Organization.objects.listed().count() == 3


def test_undo_into_a_taken_name_is_refused_as_a_whole(two, municipality, editor):
    _, double = two
    merge(two, editor)
    add_organization(municipality=municipality, facts={"name": double.name, "sphere": "culture"}, actor=None, at=NOW)
    with pytest.raises(MergeRefused, match="ещё одна организация"):
        undo_merge(double=double, actor=editor, at=NOW)
    double.refresh_from_db()
    assert double.merged_into_id is not None


def test_merge_into_a_taken_name_is_refused_as_a_whole(two, municipality, editor):
    _, double = two
    taken = {"name": "Музей края", "inn": A, "sphere": "culture"}
    add_organization(municipality=municipality, facts=taken, actor=None, at=NOW)
    with pytest.raises(MergeRefused, match="ещё одна организация"):
        merge(two, editor, name="Музей края")
    double.refresh_from_db()
    assert (double.merged_into_id, double.version) == (None, 1)


def test_merge_that_mixes_up_the_days_of_work_says_so(two, editor):
    kept, double = two
    with pytest.raises(MergeRefused, match="закрытой раньше, чем открыта"):
        merge(two, editor, active_from=date(2026, 2, 1), active_to=date(2026, 1, 1))
    kept.refresh_from_db()
    double.refresh_from_db()
    assert (kept.active_from, kept.version, double.merged_into_id) == (None, 1, None)


def test_undo_that_mixes_up_the_days_of_work_gives_nothing_back(two, editor):
    kept, double = two
    kept = change_organization(
        organization=kept, facts={"active_from": date(2026, 2, 1)}, version=1, actor=editor, at=NOW
    )
    kept = merge((kept, double), editor, active_from=date(2020, 1, 1))
    kept = change_organization(
        organization=kept, facts={"active_to": date(2026, 1, 1)}, version=kept.version, actor=editor, at=NOW
    )
    with pytest.raises(MergeRefused, match="закрытой раньше, чем открыта"):
        undo_merge(double=double, actor=editor, at=NOW)
    kept.refresh_from_db()
    assert kept.active_from == date(2020, 1, 1)


# --- screens ------------------------------------------------------------------------------------------


@pytest.fixture
def office(editor):
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def url(municipality):
    return lambda name, *args: reverse(f"office:{name}", args=[municipality.slug, *args])


def make(municipality, name, **facts: Any):
    with scope(writable=[municipality.pk]):
        return add_organization(
            municipality=municipality, facts={"name": name, "sphere": "culture", **facts}, actor=None, at=NOW
        )


def proposed(office, url):
    return [(pair.first.name, pair.second.name) for pair in office.get(url("organizations_doubles")).context["page"]]


def test_pair_called_different_is_not_proposed_again(office, url, municipality, editor):
    one, other = make(municipality, "Музей", inn=A), make(municipality, "МБУК «Музей»")
    assert proposed(office, url) == [("Музей", "МБУК «Музей»")]
    office.post(url("organizations_distinguish", other.pk, one.pk))
    assert proposed(office, url) == []
    with scope(writable=[municipality.pk]):
        distinguish_organizations(one=one, other=other, actor=editor, at=NOW)
        assert AuditEntry.objects.filter(verb="признана не дублем").count() == 2


def test_merge_through_the_screen_and_undo_from_the_message(office, url, municipality):
    kept, double = make(municipality, "Музей", inn=A), make(municipality, "МБУК «Музей»", address="ул. Лесная, 1")
    found = office.get(url("organization_merge_choose", kept.pk), {"q": "лесная"}).context["found"]
    assert list(found) == [double]
    page = office.get(url("organization_merge", kept.pk, double.pk))
    offered = {field.name: field.choice for field in page.context["fields"] if field.differs}
    assert offered == {"name": "kept", "short_name": "kept", "inn": "kept", "address": "double"}
    answer = office.post(
        url("organization_merge", kept.pk, double.pk), {**offered, "kept_version": 1, "double_version": 1}, follow=True
    )
    assert "ул. Лесная, 1" in answer.content.decode()
    undo = url("organization_unmerge", double.pk)
    assert undo in answer.content.decode()
    assert url("organization", kept.pk) in office.get(url("organization", double.pk)).content.decode()
    office.post(undo)
    with scope(readable=[municipality.pk]):
        assert Organization.objects.listed().count() == 2


def test_merge_screen_that_is_outdated_writes_nothing(office, url, municipality):
    kept, double = make(municipality, "Музей", inn=A), make(municipality, "МБУК «Музей»")
    answer = office.post(url("organization_merge", kept.pk, double.pk), {"kept_version": 1, "double_version": 7})
    assert answer.status_code == 409
    assert "изменил другой человек" in answer.content.decode()
    with scope(readable=[municipality.pk]):
        assert Organization.objects.listed().count() == 2
