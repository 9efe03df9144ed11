"""Pages of responsible parties."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import PartyAccount, PartyDistinction, ResponsibleParty
from plans.services.parties import change_party
from plans.services.party_merging import merge_parties
from tests.factories import NOW, MunicipalityFactory, OrganizationFactory, member_of
from tests.factories.plans import (
    ActivityFactory,
    ActivityPartyFactory,
    DueDateFactory,
    PlanFactory,
    ResponsiblePartyFactory,
)
from tests.plans.pages import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(ours):
    """Makes a party of the municipality, with so many lines of one plan."""

    def party(name, *, lines=0, **values):
        with scope(writable=[ours.pk]):
            made = ResponsiblePartyFactory(municipality=ours, name=name, **values)
            for _ in range(lines):
                activity = ActivityFactory(plan=PlanFactory(municipality=ours))
                ActivityPartyFactory(activity=activity, party=made)
                DueDateFactory(activity=activity, window_to=date(2020, 1, 1))
        return made

    return party


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def fresh(ours, party):
    with scope(readable=[ours.pk]):
        return ResponsibleParty.objects.select_related("organization", "curator").get(pk=party.pk)


def test_list_tells_who_stands_behind_and_what_is_late(ours, editor, make, client):
    make("Отдел культуры", lines=2, curator=editor)
    make("Общественный совет")
    page = text(client.get(url(ours, "parties")))
    assert "нет учётной записи, напоминания получит куратор: Главный специалист" in page
    assert "2 просрочено" in page
    assert "напоминать некому" in page


def test_list_is_filtered_by_the_address(ours, editor, make, client):
    make("Отдел культуры", kind="department", curator=editor)
    make("Отдел туризма", kind="department")
    make("Секретарь совета", kind="post")

    def shown(**query):
        return [row.party.name for row in client.get(url(ours, "parties"), query).context["page"]]

    assert shown() == ["Отдел культуры", "Отдел туризма", "Секретарь совета"]
    assert shown(q="ОТДЕЛ туризма") == ["Отдел туризма"]
    assert shown(kind="post") == ["Секретарь совета"]
    assert shown(people="none") == ["Отдел туризма", "Секретарь совета"]
    assert shown(doubles="1") == []
    double = make("Отдел культуры администрации", kind="department")
    assert shown(doubles="1") == ["Отдел культуры", "Отдел культуры администрации"]
    with scope(writable=[ours.pk]):
        double.delete()
    assert shown(kind="нет такого", q="отдел") == ["Отдел культуры", "Отдел туризма"]


def test_double_is_not_in_the_list(ours, editor, make, client):
    kept = make("Отдел культуры")
    make("Отдел культуры администрации", merged_into=kept)
    assert [row.party for row in client.get(url(ours, "parties")).context["page"]] == [kept]


def test_list_costs_the_same_for_2_and_20_parties(ours, editor, make, client):
    def cost():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(ours, "parties")).status_code == 200
        return len(caught)

    for number in range(2):
        make(f"Отдел {number}", lines=1, curator=editor)
    cost()  # the first page of a session writes it
    few = cost()
    for number in range(2, 20):
        make(f"Отдел {number}", lines=2, curator=editor)
    assert cost() == few


def test_page_of_a_party_costs_the_same_for_2_and_20_lines(ours, editor, make, client):
    def cost(party):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(ours, "party", party)).status_code == 200
        return len(caught)

    cost(make("Глава района"))  # the first page of a session writes it
    assert cost(make("Отдел культуры", lines=2)) == cost(make("Общественный совет", lines=20))


def test_party_page_of_another_municipality_is_not_there(ours, editor, client):
    theirs = MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        alien = ResponsiblePartyFactory(municipality=theirs)
    assert client.get(url(ours, "party", alien)).status_code == 404


def test_reader_sees_the_party_and_no_forms(ours, make, client):
    client.force_login(member_of(ours, Role.COUNCIL_MEMBER))
    page = text(client.get(url(ours, "party", make("Отдел культуры", lines=1))))
    assert "Назначить" not in page
    assert "Изменить" not in page


def test_party_is_added_and_a_second_one_of_the_name_refused(ours, editor, client):
    typed = {"name": "Отдел культуры", "kind": "department"}
    response = client.post(url(ours, "party_add"), typed)
    added = fresh(ours, ResponsibleParty(pk=int(response.url.rstrip("/").split("/")[-1])))
    assert (added.name, added.kind) == ("Отдел культуры", "department")
    again = client.post(url(ours, "party_add"), typed)
    assert again.status_code == 422
    assert "уже есть" in text(again)


def test_party_is_changed(ours, editor, make, client):
    with scope(writable=[ours.pk]):
        library = OrganizationFactory(municipality=ours)
    party = make("Библиотека")
    typed = {"name": party.name, "kind": "institution", "organization": library.pk, "curator": editor.pk, "version": 1}
    assert client.post(url(ours, "party_edit", party), typed).status_code == 302
    changed = fresh(ours, party)
    assert (changed.kind, changed.organization, changed.curator) == ("institution", library, editor)


def test_name_of_another_party_offers_to_merge(ours, editor, make, client):
    other, party = make("Отдел туризма"), make("Отдел культуры")
    response = client.post(
        url(ours, "party_edit", party), {"name": "отдел туризма", "kind": "department", "version": 1}
    )
    assert response.status_code == 422
    assert url(ours, "party_merge", other, party) in text(response)


def test_second_editor_sees_both_versions_and_loses_nothing(ours, editor, make, client):
    party = make("Отдел культуры", kind="department")
    with scope(writable=[ours.pk]):
        change_party(party=party, facts={"kind": "council"}, version=1, actor=editor, at=NOW)
    typed = {"name": "Отдел культуры и туризма", "kind": "department", "version": 1}
    response = client.post(url(ours, "party_edit", party), typed)
    assert response.status_code == 409
    assert "изменил другой человек" in text(response)
    assert response.context["differing"] == [("Кто это", "Подразделение", "Общественный совет", "Подразделение", False)]
    form = response.context["form"]
    # the words typed stay, and the kind that the person never touched is the other's
    assert (form["name"].value(), form["kind"].value(), form["version"].value()) == (typed["name"], "council", "2")
    assert fresh(ours, party).name == "Отдел культуры"
    sent = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url(ours, "party_edit", party), sent).status_code == 302
    assert (fresh(ours, party).name, fresh(ours, party).kind) == (typed["name"], "council")


def test_person_is_assigned_and_taken_back(ours, editor, make, client):
    party, person = make("Отдел культуры"), member_of(ours, full_name="Седов Павел Ильич")
    assert client.post(url(ours, "party_person_add", party), {"user": person.pk}).status_code == 302
    page = client.get(url(ours, "party", party))
    assert "Седов Павел Ильич" in text(page)
    assert client.post(url(ours, "party_person_remove", party, person)).status_code == 302
    with scope(readable=[ours.pk]):
        assert not PartyAccount.objects.exists()
    stranger = member_of(MunicipalityFactory())
    assert client.post(url(ours, "party_person_add", party), {"user": stranger.pk}).status_code == 422
    assert client.post(url(ours, "party_person_remove", party, stranger)).status_code == 404


def test_head_is_marked_and_unmarked(ours, editor, make, client):
    party, head, person = make("Отдел культуры"), member_of(ours), member_of(ours)
    for one in (head, person):
        client.post(url(ours, "party_person_add", party), {"user": one.pk})
    mark = url(ours, "party_person_head", party, head)
    assert "руководитель: узнаёт о долгой просрочке" in text(client.post(mark, {"head": "1"}, follow=True))
    assert "руководитель: узнаёт" not in text(client.post(mark, follow=True))
    assert client.post(url(ours, "party_person_head", party, editor), {"head": "1"}).status_code == 404


def test_merge_tells_first_what_would_change(ours, editor, make, client):
    kept, double = make("Отдел культуры", lines=1), make("Отдел культуры администрации", lines=2)
    page = text(client.get(url(ours, "party_merge", kept, double)))
    assert "перейдут 2 мероприятия" in page
    response = client.post(url(ours, "party_merge", kept, double), {"kept_version": 1, "double_version": 1})
    assert response.url == url(ours, "party", kept)
    assert fresh(ours, double).merged_into_id == kept.pk
    assert client.get(url(ours, "party_merge", kept, double)).url == url(ours, "party", kept)
    assert client.post(url(ours, "party_separate", double)).status_code == 302
    assert fresh(ours, double).merged_into_id is None


def test_merge_of_what_nobody_has_seen_is_refused(ours, editor, make, client):
    kept, double = make("Отдел культуры"), make("Отдел культуры администрации")
    response = client.post(url(ours, "party_merge", kept, double))
    assert response.status_code == 409
    assert fresh(ours, double).merged_into_id is None


def test_merge_of_what_changed_meanwhile_is_refused(ours, editor, make, client):
    kept, double = make("Отдел культуры"), make("Отдел культуры администрации")
    with scope(writable=[ours.pk]):
        change_party(party=double, facts={"kind": "post"}, version=1, actor=editor, at=NOW)
    response = client.post(url(ours, "party_merge", kept, double), {"kept_version": 1, "double_version": 1})
    assert response.status_code == 409
    assert fresh(ours, double).merged_into_id is None


def test_page_of_a_double_leads_to_the_party(ours, editor, make, client):
    kept, double = make("Отдел культуры"), make("Отдел культуры администрации")
    with scope(writable=[ours.pk]):
        merge_parties(kept=kept, double=double, actor=editor, at=NOW)
    page = text(client.get(url(ours, "party", double)))
    assert "Это другое название исполнителя" in page
    assert "Разделить снова" in page
    assert client.get(url(ours, "party_edit", double)).status_code == 302


def test_several_proposals_are_accepted_at_once(ours, editor, make, client):
    with scope(writable=[ours.pk]):
        library = OrganizationFactory(municipality=ours, name="Библиотека «Лад»", short_name="Библиотека «Лад»")
    person = member_of(ours, full_name="Седов Павел Ильич")
    kept, double = make("Отдел культуры", lines=1), make("Отдел культуры администрации")
    institution, group, named = make("МБУК «Библиотека «Лад»»"), make("Учреждения культуры"), make("Седов П. И.")
    found = client.get(url(ours, "parties_proposals")).context["groups"]
    keys = [one.key for _, _, some in found for one in some]
    assert sorted(keys) == sorted(
        [
            f"double-{kept.pk}-{double.pk}",
            f"organization-{institution.pk}-{library.pk}",
            f"group-{group.pk}",
            f"account-{named.pk}-{person.pk}",
        ]
    )
    assert client.post(url(ours, "parties_proposals"), {"accept": keys}).status_code == 302
    assert fresh(ours, double).merged_into_id == kept.pk
    assert fresh(ours, institution).organization == library
    assert (fresh(ours, group).kind, fresh(ours, group).group_sphere) == ("institutions", "culture")
    with scope(readable=[ours.pk]):
        assert PartyAccount.objects.get().user == person
    assert "Предложений нет" in text(client.get(url(ours, "parties_proposals")))


def test_three_names_of_one_party_become_one(ours, editor, make, client):
    names = ["Отдел культуры", "отделом культуры", "Отдел культуры администрации"]
    some = [make(name) for name in names]
    found = client.get(url(ours, "parties_proposals")).context["groups"]
    keys = [one.key for _, _, some in found for one in some]
    assert len(keys) == 3
    client.post(url(ours, "parties_proposals"), {"accept": keys})
    assert [fresh(ours, one).merged_into_id for one in some] == [None, some[0].pk, some[0].pk]


def test_nothing_chosen_or_no_longer_proposed_is_said(ours, editor, make, client):
    make("Учреждения культуры")
    with scope(writable=[ours.pk]):
        OrganizationFactory(municipality=ours)
    assert "Отметьте хотя бы одно" in text(client.post(url(ours, "parties_proposals")))
    gone = client.post(url(ours, "parties_proposals"), {"accept": ["group-0"]})
    assert gone.status_code == 422
    assert "больше нет" in text(gone)


def test_one_press_on_the_page_of_a_party_accepts(ours, editor, make, client):
    with scope(writable=[ours.pk]):
        OrganizationFactory(municipality=ours)
    group = make("Учреждения культуры")
    assert "Похоже, это все организации: Культура" in text(client.get(url(ours, "party", group)))
    response = client.post(
        url(ours, "parties_proposals"), {"accept": f"group-{group.pk}", "party": group.pk}, follow=True
    )
    assert response.redirect_chain == [(url(ours, "party", group), 302)]
    assert "Похоже" not in text(response)


def test_different_parties_are_not_proposed_again(ours, editor, make, client):
    one, other = make("Отдел культуры"), make("Отдел культуры администрации")
    assert client.post(url(ours, "party_distinguish", one, other)).status_code == 302
    with scope(readable=[ours.pk]):
        assert PartyDistinction.objects.count() == 1
    assert client.get(url(ours, "parties_proposals")).context["total"] == 0


def test_panel_of_a_line_tells_who_stands_behind_and_expands_a_group(ours, editor, make, client):
    with scope(writable=[ours.pk]):
        OrganizationFactory(municipality=ours, short_name="Библиотека «Лад»")
    make("Учреждения культуры", lines=1, kind="institutions", group_sphere="culture", curator=editor)
    with scope(readable=[ours.pk]):
        activity = ResponsibleParty.objects.get().activity_links.get().activity
    page = text(client.get(url(ours, "activity", activity)))
    assert "1 организация" in page
    assert "Библиотека «Лад»" in page
    assert "нет учётной записи, напоминания получит куратор" in page
