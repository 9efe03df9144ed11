"""Two people at one time on pages with a form: the second is told what stands, keeps the words, and may mean them."""

import pytest
from django.utils import timezone

from plans.models import Activity, Plan, Section
from plans.services.activity_organizations import set_activity_organizations
from plans.services.approval import approve_plan, close_plan
from tests.factories import LegalActFactory, OrganizationFactory, member_of
from tests.plans.pages import url, words_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def changed_meanwhile(inside, model, pk, **values):
    with inside():
        model.objects.filter(pk=pk).update(version=7, **values)


def typed_in(response):
    """The fields of the page's form as a browser sends them again."""
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}


def test_heading_of_a_section(ours, client, inside, plan):
    with inside():
        section = plan.sections.first()
    address = url(ours, "section_edit", section.pk)
    mine = {"number": section.number, "title": "Мой заголовок", "version": section.version}
    changed_meanwhile(inside, Section, section.pk, title="Заголовок другого")
    told = client.post(address, mine)
    assert told.status_code == 422
    assert f"изменил другой человек. Сейчас в плане: «{section.number}. Заголовок другого»." in words_of(told)
    assert client.post(address, typed_in(told)).status_code == 302
    with inside():
        assert Section.objects.get(pk=section.pk).title == "Мой заголовок"


def test_refusal_of_a_section_says_nothing_of_its_words(ours, client, inside, plan):
    with inside():
        section = plan.sections.first()
    changed_meanwhile(inside, Plan, plan.pk, archived_at=NOW)
    told = client.post(url(ours, "section_edit", section.pk), {"title": "Другой", "version": section.version})
    assert "План в архиве" in words_of(told)
    assert "Сейчас" not in words_of(told)


def test_facts_of_a_plan(ours, client, inside, plan):
    address = url(ours, "plan_edit", plan.pk)
    mine = typed_in(client.get(address)) | {"title": "Мой план"}
    changed_meanwhile(inside, Plan, plan.pk, title="План другого", spheres=["health"])
    told = client.post(address, mine)
    assert told.status_code == 422
    assert "изменил другой человек. Сейчас: Название плана — «План другого»; Сферы — Охрана здоровья." in words_of(told)
    assert told.context["form"]["title"].value() == "Мой план"
    assert client.post(address, typed_in(told)).status_code == 302
    with inside():
        assert Plan.objects.get(pk=plan.pk).title == "Мой план"


@pytest.mark.parametrize("name", ["plan_approve", "plan_copy"])
def test_new_states_and_copies(ours, client, inside, plan, name):
    with inside():
        act = LegalActFactory(municipality=ours)
    address = url(ours, name, plan.pk)
    mine = typed_in(client.get(address)) | {"act": "create" if name == "plan_copy" else act.pk, "version": plan.version}
    changed_meanwhile(inside, Plan, plan.pk)
    told = client.post(address, mine)
    assert told.status_code == 422
    assert "изменил другой человек. Если всё верно, отправьте ещё раз." in words_of(told)
    again = mine | {"version": told.context["form"]["version"].value(), "shown_by": mine.get("shown_by", "")}
    assert client.post(address, again).status_code == 302


REASON = "Совет так решил"


def in_force(inside, ours, plan):
    with inside():
        act = LegalActFactory(municipality=ours)
        return approve_plan(plan=plan, version=plan.version, act=act, actor=member_of(ours), at=NOW)


def closed(inside, ours, plan):
    with inside():
        return close_plan(plan=plan, version=plan.version, reason="Год прошёл", actor=member_of(ours), at=NOW)


@pytest.mark.parametrize(
    ("name", "becomes"), [("plan_close", "closed"), ("plan_withdraw", "draft"), ("plan_reopen", "approved")]
)
def test_states_that_want_a_reason(ours, client, inside, plan, name, becomes):
    plan = in_force(inside, ours, plan)
    if name == "plan_reopen":
        plan = closed(inside, ours, plan)
    was, address = plan.state, url(ours, name, plan.pk)
    changed_meanwhile(inside, Plan, plan.pk, title="План другого")
    told = client.post(address, {"reason": REASON, "version": plan.version})
    assert told.status_code == 422
    assert "изменил другой человек. Если всё верно, отправьте ещё раз." in words_of(told)
    assert typed_in(told) == {"reason": REASON, "version": "7"}
    with inside():
        assert Plan.objects.get(pk=plan.pk).state == was
    assert client.post(address, typed_in(told)).status_code == 302
    with inside():
        assert Plan.objects.get(pk=plan.pk).state == becomes


def test_reason_can_be_copied_when_the_state_was_changed_by_another(ours, client, inside, plan):
    plan = in_force(inside, ours, plan)
    closed(inside, ours, plan)
    told = client.post(url(ours, "plan_close", plan.pk), {"reason": REASON, "version": plan.version})
    assert told.status_code == 422
    assert "План уже закрыт." in words_of(told)
    assert REASON in words_of(told)


def test_organizations_of_a_line(ours, client, inside, plan):
    with inside():
        mine, theirs = (OrganizationFactory(municipality=ours, short_name=name) for name in ("Моя", "Чужая"))
        line = Activity.objects.filter(plan=plan).first()
        address = url(ours, "activity_organizations", line.pk)
        sent = {"version": line.version, "organization": [mine.pk], "do": "save"}
        links = [(theirs.pk, 2027)]
        set_activity_organizations(activity=line, version=line.version, links=links, actor=member_of(ours), at=NOW)
    told = client.post(address, sent)
    seen = told.context["difference"].stamp
    told = client.post(address, {**sent, "seen": seen})
    assert told.status_code == 422
    assert "изменил другой человек. Сейчас: Чужая (2027)." in words_of(told)
    assert [row.organization for row in told.context["rows"]] == [mine]
    assert client.post(address, {**sent, "seen": seen, "version": told.context["version"]}).status_code == 302
    with inside():
        assert [one.organization for one in line.organization_links.all()] == [mine]
