"""The ministry's weekly letter."""

from datetime import timedelta

import pytest
from django.test import Client

from nok_portal.audit.models import AuditEntry
from nok_portal.messaging.models import OutgoingMail
from nok_portal.messaging.places import Place
from nok_portal.messaging.services.mail import send_waiting
from nok_portal.messaging.services.regional import tell_regions
from nok_portal.messaging.services.unsubscribing import unsubscribe_address
from nok_portal.tenants.scope import scope
from tests.factories import ministry_of
from tests.messaging.reminded import TUESDAY, days, due_in, noon
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db
MONDAY = TUESDAY - timedelta(days=1)


def test_weekly_figures_and_no_single_reminders(world, mailbox):
    ministry = ministry_of(world.municipality.region)
    quiet = make_world()
    quiet.municipality.region = world.municipality.region
    quiet.municipality.save()
    due_in(world, -3, activity=world.activity(title="Опрос родителей"))
    assert tell_regions(at=noon(MONDAY)) == 1
    assert tell_regions(at=noon(MONDAY)) == 0
    assert tell_regions(at=noon(TUESDAY)) == 0
    place = Place(region_id=world.municipality.region_id)
    assert send_waiting(place=place, at=noon(TUESDAY)) == 1
    (letter,) = mailbox.letters
    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert letter["To"] == ministry.email
    assert letter["Subject"].strip() == f"{world.municipality.region.name}: просрочено 1"
    assert f"{world.municipality.name}\n  Просрочено: 1" in text
    assert "Ещё 1\u00a0муниципалитет, где всё спокойно" in text
    assert "Опрос родителей" not in text


def test_monday_that_no_run_came_on_is_made_up_for(world):
    ministry_of(world.municipality.region)
    due_in(world, -20)
    assert tell_regions(at=noon(MONDAY - days(7))) == 1
    assert tell_regions(at=noon(TUESDAY)) == 1
    assert tell_regions(at=noon(TUESDAY + days(1))) == 0


def test_nothing_to_say_nothing_sent(world):
    ministry_of(world.municipality.region)
    assert tell_regions(at=noon(MONDAY)) == 0


class TestDeclining:
    def sent(self, world: World, at=None) -> list[OutgoingMail]:
        tell_regions(at=noon(at or MONDAY))
        with scope(regions=[world.municipality.region_id]):
            return list(
                OutgoingMail.objects.filter(kind="reminders.region").select_related("user").order_by("created_at")
            )

    def address(self, mail: OutgoingMail) -> str:
        return mail.unsubscribe_url.removeprefix("http://127.0.0.1:8000")

    def test_header_of_ones_own_opening_only_asks_a_bare_post_declines(self, world, mailbox):
        ministry, colleague = (ministry_of(world.municipality.region) for _ in range(2))
        due_in(world, -20)
        mails = {mail.user: mail for mail in self.sent(world)}
        send_waiting(place=Place(region_id=world.municipality.region_id), at=noon(MONDAY))
        headers = {letter["To"]: letter for letter in mailbox.letters}
        assert headers[ministry.email]["List-Unsubscribe"].strip() == f"<{mails[ministry].unsubscribe_url}>"
        assert headers[ministry.email]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mails[ministry].unsubscribe_url not in mails[ministry].text + mails[ministry].html

        stranger, address = Client(enforce_csrf_checks=True), self.address(mails[ministry])
        assert "Не\u00a0присылать сводку" in stranger.get(address).content.decode().replace("&nbsp;", "\u00a0")
        assert len(self.sent(world, MONDAY + days(7))) == 4, "programs that look into letters open links"
        for _ in range(2):
            assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert [mail.user for mail in self.sent(world, MONDAY + days(14))[4:]] == [colleague]
        with scope(regions=[world.municipality.region_id]):
            (entry,) = AuditEntry.objects.filter(verb="Отказ от сводки письмом")
        assert (entry.actor, entry.region) == (ministry, world.municipality.region)

    def test_letter_comes_again_when_it_is_wanted(self, world, client):
        ministry = ministry_of(world.municipality.region)
        due_in(world, -20)
        (mail,) = self.sent(world)
        page = f"/region/{world.municipality.region.slug}/letter/"
        assert f"http://127.0.0.1:8000{page}" in mail.text
        assert page in mail.html
        client.post(self.address(mail))
        client.force_login(ministry)
        assert page in client.get(f"/region/{world.municipality.region.slug}/").text
        assert "отказались" in client.get(page).text
        client.post(page, {"wanted": "1"})
        assert ministry.email in client.get(page).text
        assert len(self.sent(world, MONDAY + days(7))) == 2

    def test_forged_foreign_or_outlived_links_are_not_there(self, world, client):
        ministry = ministry_of(world.municipality.region)
        due_in(world, -20)
        (mail,) = self.sent(world)
        address = self.address(mail)
        of_municipality = unsubscribe_address(municipality=world.municipality, user_id=ministry.pk).split("/")[-2]
        for wrong in (address[:-3] + "x/", "/letters/nothing/", f"/letters/{of_municipality}/"):
            assert (client.get(wrong).status_code, client.post(wrong).status_code) == (404, 404)
        ministry.memberships.update(ended_at=noon(TUESDAY))
        assert client.post(address).status_code == 404
