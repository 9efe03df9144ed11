"""`bin/manage remind` and `bin/manage send_test_mail`."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from nok_portal.messaging.services import digests
from nok_portal.messaging.services.deciding import decide_due_places
from tests.messaging.reminded import TUESDAY, ledger, noon, outbox
from tests.plans.reporting import make_world

pytestmark = pytest.mark.django_db


def remind(*arguments: str) -> list[dict]:
    out = StringIO()
    call_command("remind", *arguments, "--format", "json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_dry_run_tells_what_a_day_would_bring_and_writes_nothing(world):
    other = make_world()
    activity = world.activity(number="1.2", title="Опрос родителей")
    world.due(activity=activity, window_to=TUESDAY + timedelta(days=7))
    other.due(window_to=TUESDAY)
    found = remind("--as-of", "2026-11-24", "--dry-run")
    assert found[0] == {
        "municipality": world.municipality.slug,
        "kind": "due_soon",
        "stage": 7,
        "recipient": world.responsible.email,
        "because": f"вы работаете за исполнителя «{world.party.name}»",
        "plan": world.plan.title,
        "activity": "1.2 Опрос родителей",
        "due_on": "2026-12-01",
    }
    assert [one["municipality"] for one in found] == [world.municipality.slug, other.municipality.slug]
    assert remind("--as-of", "2026-11-24", "--dry-run", "--municipality", other.municipality.slug) == found[1:]
    assert ledger(world.municipality) == []


def test_day_off_is_said_beside_the_answer(world):
    world.due(window_to=TUESDAY)
    out, err = StringIO(), StringIO()
    call_command("remind", "--as-of", "2026-11-28", "--dry-run", "--format", "json", stdout=out, stderr=err)
    assert (out.getvalue(), "28 ноября 2026 — нерабочий день" in err.getvalue()) == ("", True)


def test_words_for_people(world):
    world.due(window_to=TUESDAY, activity=world.activity(number="1.2", title="Опрос родителей"))
    out = StringIO()
    call_command("remind", "--as-of", "2026-11-24", "--dry-run", stdout=out)
    assert f"Срок сегодня, {world.responsible.email}: 1.2 Опрос родителей, 2026-11-24 (вы работаете" in out.getvalue()
    assert out.getvalue().endswith("Напоминаний: 1\n")


def test_without_dry_run_it_reminds_once(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: noon(TUESDAY))
    world.due(window_to=TUESDAY)
    assert [one["kind"] for one in remind()] == ["due_today"]
    assert len(outbox(world.municipality)) == 1
    assert remind() == []


def test_one_broken_municipality_does_not_stop_the_letters_of_others(world, monkeypatch, caplog):
    monkeypatch.setattr(timezone, "now", lambda: noon(TUESDAY))
    other = make_world()
    for one in (world, other):
        one.due(window_to=TUESDAY)
    honest = digests.directory

    class Broken:
        def staff(self, keys):
            if keys == [world.municipality.pk]:
                raise ValueError("broken")
            return honest().staff(keys)

    monkeypatch.setattr(digests, "directory", Broken)
    assert len(remind()) == 2
    assert (len(outbox(world.municipality)), len(outbox(other.municipality))) == (0, 1)
    assert world.municipality.slug in caplog.text


def test_nothing_is_written_on_a_day_off(world, monkeypatch):
    world.due(window_to=TUESDAY)
    decide_due_places(at=noon(TUESDAY))
    monkeypatch.setattr(timezone, "now", lambda: noon(date(2026, 11, 28)))
    assert remind() == []
    assert outbox(world.municipality) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--as-of", "завтра"], "дата пишется так"),
        (["--as-of", "9999-12-31", "--dry-run"], "год бывает от 2000 до 2099"),
        (["--municipality", "nowhere"], "Муниципалитета «nowhere» нет"),
        (["--as-of", "2099-01-12"], "за другой день письма не отправляются.*--dry-run"),
        (["--as-of", "2026-01-12"], "за другой день письма не отправляются.*--dry-run"),
    ],
)
def test_refusals(world, arguments, words):
    with pytest.raises(CommandError, match=words):
        remind(*arguments)


def test_test_mail_goes_at_once(mailbox):
    out = StringIO()
    call_command("send_test_mail", "person@example.org", stdout=out)
    (letter,) = mailbox.letters
    assert letter["Message-ID"] in out.getvalue()
    assert "Почта портала работает" in letter.get_body(("plain",)).get_content()


def test_test_mail_says_what_the_server_answered(mailbox):
    mailbox.refused = "550 no such mailbox"
    with pytest.raises(CommandError, match="no such mailbox"):
        call_command("send_test_mail", "person@example.org")
    with pytest.raises(CommandError, match="не адрес"):
        call_command("send_test_mail", "почта")
