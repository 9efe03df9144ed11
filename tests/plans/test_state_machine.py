"""Whatever people do to due dates and whatever recomputes them: no report and no evidence is ever lost.

Steps that may not be are taken too: each must be refused and leave everything as it was.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from nok_portal.common.errors import DomainError
from nok_portal.tenants.scope import scope
from plans.deadlines import parse, to_json
from plans.enums import PlanState
from plans.models import Activity, ActivityOrganization, DueDate, Evidence, Plan
from plans.services import evidence, reporting
from plans.services.approval import approve_plan
from plans.services.days import refresh_days
from plans.services.editions import start_new_edition
from plans.services.plans import FACTS, edit_plan_facts
from plans.services.readings import correct_activity_reading
from plans.services.reporting_many import take_back_acceptances
from tests.factories import NOW, LegalActFactory, OrganizationFactory
from tests.plans.reporting import World, a_file, make_world, report

pytestmark = pytest.mark.django_db

WORDS = ("до 1 декабря", "ежеквартально", "до 1 марта 2026 года", "II квартал 2027 года", "постоянно")
MOST_EDITIONS = 3  # each brings as many days again, through which every check goes
PERIODS = ((2026, 2028), (2026, 2026), (2027, 2029), (2025, 2027))
LEGAL = {
    "open": {"report", "draft", "cancel", "attach"},
    "reported": {"edit", "withdraw", "accept", "return", "cancel", "attach"},
    "accepted": {"reopen", "unaccept"},
    "cancelled": {"reopen"},
}
BECOMES = {
    "report": "reported",
    "draft": "open",
    "edit": "reported",
    "withdraw": "open",
    "accept": "accepted",
    "return": "open",
    "cancel": "cancelled",
    "reopen": "open",
    "unaccept": "reported",
}
which = st.integers(0, 2)
texts = st.sampled_from(("Сделано", "Сделано и проверено", "Ещё раз"))


class _Undo(Exception):
    """Rolls back what one sequence did."""


class LivingPlan(RuleBasedStateMachine):
    """Two lines, one of them for two organizations, in editions that follow each other; what is known of their reports beside the database."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.opened = ExitStack()
        self.opened.enter_context(transaction.atomic())
        self.world = make_world()
        self.opened.enter_context(scope(writable=[self.world.municipality.pk]))
        # what a legal act has approved keeps its period: a draft is what changes in every way
        Plan.objects.filter(pk=self.world.plan.pk).update(state=PlanState.DRAFT)
        self.world.plan.refresh_from_db()
        self.texts: dict[int, str] = {}
        self.proofs: dict[int, set[int]] = {}
        self.states: dict[int, str] = {}
        self.edition: Plan | None = None
        for words in WORDS[:2]:
            self.world.activity(deadline_text=words, deadline_rule=to_json(parse(words)))
        self.organizations = [OrganizationFactory(municipality=self.world.municipality) for _ in range(2)]
        self.recompute()

    def teardown(self) -> None:
        """The next sequence begins with nothing."""
        if hasattr(self, "opened"):
            with suppress(_Undo), self.opened:
                raise _Undo

    # ---- what people do

    @rule(at=which, picks=st.lists(st.integers(0, 5), min_size=1, max_size=4), text=texts)
    def legal_steps(self, at: int, picks: list[int], text: str) -> None:
        """Some steps of one due date after each other, each from where the last one led."""
        for pick in picks:
            due = self.due(at)
            if due is not None:
                verbs = sorted(LEGAL[due.state] - {"attach"})
                self.step(due, verbs[pick % len(verbs)], text)
                self.nothing_is_lost()

    @rule(at=which, verb=st.sampled_from(sorted(BECOMES)), text=texts)
    def any_step(self, at: int, verb: str, text: str) -> None:
        due = self.due(at)
        if due is not None:
            self.step(due, verb, text)

    def steps(self, at: int, verbs: Iterable[str], text: str) -> None:
        """Those of the steps that may be, after each other."""
        for verb in verbs:
            due = self.due(at)
            if due is not None and verb in LEGAL[due.state]:
                self.step(due, verb, text)

    def step(self, due: DueDate, verb: str, text: str) -> None:
        said: dict[str, Any] = {"due": due, "version": due.version, "actor": self.world.editor, "at": NOW}
        words = report(text, done_on=date(2026, 11, 20), before_period=True)
        steps = {
            "report": lambda: reporting.report_due(report=words, **said),
            "draft": lambda: reporting.save_draft(report=words, **said),
            "edit": lambda: reporting.edit_report(report=words, **said),
            "withdraw": lambda: reporting.withdraw_report(**said),
            "accept": lambda: reporting.accept_report(**said),
            "return": lambda: reporting.return_report(reason="Нет даты", **said),
            "cancel": lambda: reporting.cancel_due(reason="Отменено", **said),
            "reopen": lambda: reporting.reopen(reason="Нужно", **said),
            "unaccept": lambda: reporting.take_back_acceptance(**said),
        }
        if verb not in LEGAL[due.state]:
            with pytest.raises(DomainError):
                steps[verb]()
            return
        steps[verb]()
        self.states[due.pk] = BECOMES[verb]
        if verb in ("report", "draft", "edit"):
            self.texts[due.pk] = text

    @rule(at=which, later=st.booleans(), text=texts)
    def take_back_several(self, at: int, later: bool, text: str) -> None:
        """The toast of several acceptances: of those it told of, what is accepted still and as it was then."""
        for one in range(3):
            self.steps(one, ("report", "accept"), text)
        dues = list(DueDate.objects.filter(activity__plan=self.world.plan).order_by("pk"))
        moved = self.due(at) if later else None
        expected = {due.pk for due in dues if due.state == "accepted" and due != moved}
        for due in dues:
            due.version += due == moved
        taken = take_back_acceptances(dues=dues, actor=self.world.editor, at=NOW)
        assert {due.pk for due in taken.done} == expected
        assert len(taken.refused) == len(dues) - len(expected)
        self.states |= dict.fromkeys(expected, "reported")

    @rule(at=which, name=st.sampled_from(("Акт.pdf", "Фото.pdf")))
    def attach(self, at: int, name: str) -> None:
        due = self.due(at)
        if due is None:
            return
        content = f"%PDF-1.7 {name}".encode()
        said: dict[str, Any] = {"files": [a_file(name, content)], "actor": self.world.editor, "at": NOW}
        if "attach" not in LEGAL[due.state]:
            with pytest.raises(evidence.EvidenceFixed):
                evidence.add_files(dues=[due], **said)
            return
        done = evidence.add_files(dues=[due], **said)
        self.proofs.setdefault(due.pk, set()).update(one.pk for one in done.kept)

    @rule(at=which)
    def take_away(self, at: int) -> None:
        due = self.due(at)
        row = due and due.evidence.order_by("pk").first()
        if due is None or row is None:
            return
        said: dict[str, Any] = {"evidence": [row], "actor": self.world.editor, "at": NOW}
        if "attach" not in LEGAL[due.state]:
            with pytest.raises(evidence.EvidenceFixed):
                evidence.remove_evidence(**said)
            return
        evidence.remove_evidence(**said)
        self.proofs[due.pk].discard(row.pk)

    # ---- what recomputes days

    @rule()
    def recompute(self) -> None:
        refresh_days(self.plan(), actor=self.world.editor, at=NOW, reason="Проверка")
        self.follow_days()

    @rule(years=st.sampled_from(PERIODS))
    def change_period(self, years: tuple[int, int]) -> None:
        plan = self.plan()
        facts = {name: getattr(plan, name) for name in FACTS}
        facts |= {"period_from": date(years[0], 1, 1), "period_to": date(years[1], 12, 31)}
        with self.refused_if(plan.words_are_fixed):
            edit_plan_facts(plan=plan, version=plan.version, facts=facts, actor=self.world.editor, at=NOW)
        self.follow_days()

    @rule(at=st.integers(0, 1), words=st.sampled_from(WORDS))
    def change_reading(self, at: int, words: str) -> None:
        self.read(self.line(self.world.plan, at), words, refused=self.edition is not None)
        self.follow_days()

    def read(self, activity: Activity, words: str, *, refused: bool = False) -> None:
        with self.refused_if(refused):
            correct_activity_reading(
                activity=activity, version=activity.version, deadline=parse(words), actor=self.world.editor, at=NOW
            )

    @rule(at=st.integers(0, 1), year=st.sampled_from((None, 2026)))
    def name_an_organization(self, at: int, year: int | None) -> None:
        activity = self.line(self.world.plan, 0)
        ActivityOrganization.objects.get_or_create(
            municipality=self.world.municipality,
            activity=activity,
            organization=self.organizations[at],
            year=year,
        )
        self.recompute()

    # ---- editions

    @rule()
    def begin_edition(self) -> None:
        """Of a plan that is approved; a draft is approved for it."""
        plan = self.plan()
        if plan.state == PlanState.DRAFT:
            plan = self.approve(plan)
        with self.refused_if(self.edition is not None):
            self.edition = start_new_edition(plan=plan, version=plan.version, actor=self.world.editor, at=NOW)

    @rule(at=st.integers(0, 1), words=st.sampled_from(WORDS))
    def change_edition(self, at: int, words: str) -> None:
        if self.edition is not None:
            self.read(self.line(self.edition, at), words)

    @rule(at=which, verbs=st.sampled_from((("report",), ("report", "accept"), ("report", "return"), ("cancel",))))
    def approve_edition(self, at: int, verbs: tuple[str, ...]) -> None:
        """What the plan holds goes over where the edition has the same day; it stays in the plan in any case."""
        if self.world.plan.edition == MOST_EDITIONS:
            return
        if self.edition is None:
            self.begin_edition()
        self.attach(at, "Акт.pdf")
        self.steps(at, verbs, "Пока готовили редакцию")
        held = {self.place(due, due.activity_id): due for due in self.dues_of(self.world.plan)}
        self.edition.refresh_from_db()
        self.world.plan, self.edition = self.approve(self.edition), None
        for due in self.dues_of(self.world.plan):
            old = held.get(self.place(due, due.activity.previous_id))
            if old is None:
                continue
            if not old.fell_away:  # which is for the words of the edition to say
                assert due.state == old.state
            self.states[due.pk] = due.state
            if old.pk in self.texts:
                self.texts[due.pk] = self.texts[old.pk]
            proofs = {one.file_id: one.pk for one in due.evidence.all()}
            assert set(proofs) == {one.file_id for one in old.evidence.all()}
            self.proofs[due.pk] = set(proofs.values())

    def approve(self, plan: Plan) -> Plan:
        act = LegalActFactory(municipality=self.world.municipality)
        return approve_plan(plan=plan, version=plan.version, act=act, actor=self.world.editor, at=NOW)

    def place(self, due: DueDate, activity_id: int | None) -> tuple[Any, ...]:
        return activity_id, due.organization_id, due.window_from, due.window_to

    def dues_of(self, plan: Plan) -> list[DueDate]:
        found = DueDate.objects.filter(activity__plan=plan).select_related("activity")
        return list(found.prefetch_related("evidence"))

    # ---- what must hold

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "opened"):
            return
        dues = {due.pk: due for due in DueDate.objects.all()}
        for key, text in self.texts.items():
            assert key in dues, "a due date with a report is gone"
            assert dues[key].report_text == text
        there: dict[int, set[int]] = {}
        for key, due_id in Evidence.objects.values_list("pk", "due_date"):
            there.setdefault(due_id, set()).add(key)
        assert there == {key: proofs for key, proofs in self.proofs.items() if proofs}

    @invariant()
    def states_are_those_that_people_left(self) -> None:
        if not hasattr(self, "opened"):
            return
        for due in DueDate.objects.all():
            expected = self.states.get(due.pk, "open")
            assert due.state == expected
            assert (due.state == "cancelled") == (due.cancelled_reason != "")
            if due.state in ("reported", "accepted"):
                assert due.done_on is not None
                assert due.reported_at is not None

    def follow_days(self) -> None:
        """An open day may fall away and come back; whatever a person has reported or decided on may not."""
        for due in DueDate.objects.all():
            was = self.states.get(due.pk, "open")
            if was == "open" and due.fell_away:
                self.states[due.pk] = "cancelled"
            elif was == "cancelled" and due.state == "open":
                assert due.pk in self.states, "a day comes back only where it fell away"
                self.states[due.pk] = "open"

    @contextmanager
    def refused_if(self, wrong: bool) -> Iterator[None]:
        if not wrong:
            yield
            return
        with pytest.raises(DomainError):
            yield

    def line(self, plan: Plan, at: int) -> Activity:
        return Activity.objects.filter(plan=plan).order_by("position")[at]

    def plan(self) -> Any:
        self.world.plan.refresh_from_db()
        return self.world.plan

    def due(self, at: int) -> DueDate | None:
        mine = DueDate.objects.filter(activity__plan=self.world.plan)
        dues = list(mine.order_by("activity__position", "window_to", "organization", "pk"))
        return dues[at % len(dues)] if dues else None


def test_no_sequence_of_steps_loses_a_report():
    run_state_machine_as_test(
        LivingPlan,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # to make a failing sequence shorter would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
