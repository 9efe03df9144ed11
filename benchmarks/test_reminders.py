"""How long does it take to decide the reminders of a whole country? Under 20 seconds on two cores."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from benchmarks.figures import fastest
from nok_portal.accounts.models import Membership, User
from nok_portal.messaging.services.deciding import decide_due_places
from nok_portal.messaging.services.digests import compose_due_places
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.deadlines import parse, to_json
from plans.models import Activity, ActivityParty, DueDate, PartyAccount, Plan, ResponsibleParty
from tests.factories import NOW, RegionFactory
from tests.messaging.reminded import noon

MUNICIPALITIES = 2_300
DUES = 100_000
LIMIT = 20.0
DAY = date(2026, 11, 24)
LINES = 15  # of a plan; each is due about three times
PEOPLE = 3

# every plan has a line that waits for an event, and one that is the event
AWAITED, AWAITING = "Утверждение перечня организаций", "в течение 5 рабочих дней после утверждения перечня организаций"
RULES = {words: to_json(parse(words)) for words in ("до 1 декабря", AWAITING)}

pytestmark = pytest.mark.django_db


@pytest.fixture
def country() -> list[Municipality]:
    """Municipalities with a plan in force each; due days lie evenly from a month ago to two years ahead."""
    region = RegionFactory()
    ours = Municipality.objects.bulk_create(
        Municipality(
            region=region, name=f"Район {n}", name_genitive="района", name_prepositional="районе",
            slug=f"rayon-{n}", head_post="Глава", head_name="И. О. Глава", created_at=NOW,
        )
        for n in range(MUNICIPALITIES)
    )  # fmt: skip
    users = User.objects.bulk_create(
        User(email=f"user{n}@example.org", full_name=f"Сотрудник {n}", password="!", created_at=NOW)  # noqa: S106
        for n in range(MUNICIPALITIES * PEOPLE)
    )
    staff = {one.pk: users[n * PEOPLE : (n + 1) * PEOPLE] for n, one in enumerate(ours)}
    Membership.objects.bulk_create(
        Membership(
            user=user,
            municipality=one,
            role=Role.ADMINISTRATOR if place == 0 else Role.RESPONSIBLE,
            created_at=NOW,
        )
        for one in ours
        for place, user in enumerate(staff[one.pk])
    )
    with scope(writable=[one.pk for one in ours]):
        plans = Plan.objects.bulk_create(
            Plan(
                municipality=one, title=f"План мероприятий {one.name}", period_from=date(2026, 1, 1),
                period_to=date(2028, 12, 31), spheres=["culture"], created_at=NOW,
            )
            for one in ours
        )  # fmt: skip
        activities = Activity.objects.bulk_create(
            (
                Activity(
                    municipality_id=plan.municipality_id, plan=plan, position=n, number=f"{n}",
                    title=_title(n), deadline_text=_deadline(n), deadline_rule=RULES[_deadline(n)],
                )
                for plan in plans
                for n in range(LINES)
            ),
            batch_size=5_000,
        )  # fmt: skip
        parties = ResponsibleParty.objects.bulk_create(
            ResponsibleParty(municipality=one, name=f"Отдел {n}", name_key=f"отдел {n}")
            for one in ours
            for n in range(PEOPLE - 1)
        )
        PartyAccount.objects.bulk_create(
            PartyAccount(
                municipality_id=party.municipality_id, party=party, user=staff[party.municipality_id][1 + n % 2]
            )
            for n, party in enumerate(parties)
        )
        of_place: dict[int, list[ResponsibleParty]] = {}
        for party in parties:
            of_place.setdefault(party.municipality_id, []).append(party)
        ActivityParty.objects.bulk_create(
            (
                ActivityParty(
                    municipality_id=one.municipality_id, activity=one, position=0,
                    party=of_place[one.municipality_id][one.position % 2],
                )
                for one in activities
            ),
            batch_size=5_000,
        )  # fmt: skip
        DueDate.objects.bulk_create(
            (
                _due(activities[n % len(activities)], DAY + timedelta(days=-30 + n * 7919 % 760), n // len(activities))
                for n in range(DUES)
            ),
            batch_size=5_000,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return ours


def _title(n: int) -> str:
    return AWAITED if n == 0 else f"Опрос получателей услуг {n}"


def _deadline(n: int) -> str:
    return AWAITING if n == 1 else "до 1 декабря"


def _due(activity: Activity, day: date, turn: int) -> DueDate:
    day += timedelta(days=turn)  # never the same day of one line twice
    return DueDate(
        municipality_id=activity.municipality_id, activity=activity, window_from=day, window_to=day, label="срок"
    )


def test_a_country(figures, country):
    reverse("home")  # the first address of a process loads all of them
    days = (("the first day, all that is late or due within a month", DAY), ("the next day", DAY + timedelta(days=1)))
    for name, day in days:
        said: list[int] = []
        taken = fastest(lambda day=day, said=said: said.append(decide_due_places(at=noon(day))), 1)
        figures.add(f"{MUNICIPALITIES:,} municipalities, {name}", taken, limit=LIMIT, counts=f"{said[0]:,} reminders")
    letters: list[int] = []
    taken = fastest(lambda: letters.append(compose_due_places(at=noon(DAY + timedelta(days=1)))), 1)
    figures.add("their letters", taken, counts=f"{letters[0]:,} letters")
