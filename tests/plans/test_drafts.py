"""The reading with corrections laid over it: pure, so anything may be tried."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from plans.facts import proposed_facts
from plans.importing.drafting import draft_of
from plans.importing.drafts import reading_of, stamp_of
from plans.party_kinds import kind_of_party
from plans.table import PlanTable, read_pasted
from tests.factories.plans import TABLE, table_of

TEXT = table_of()
WORDS = st.sampled_from(["", "до 1 мая", "до 31 ноября", "ежеквартально", "абракадабра", "в 2019 году", "постоянно"])
PARTIES = st.lists(st.sampled_from(["Совет", "Отдел культуры", "Оператор"]), unique=True, max_size=3)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text(max_size=20),
        "number": st.sampled_from(["", "1.1", "9", "а"]),
        "deadline_text": WORDS,
        "responsible": PARTIES,
        "section_index": st.sampled_from([None, 0, 1]),
        "is_deleted": st.booleans(),
        "inherited": st.lists(st.sampled_from(["deadline_text", "responsible"]), unique=True),
        "settled": st.lists(st.sampled_from(["no_responsible:responsible", "deadline_impossible:deadline_text"])),
    },
)
CORRECTIONS = st.dictionaries(st.integers(0, 3).map(str), SAID)


@given(CORRECTIONS)
@settings(max_examples=150, deadline=None)
def test_any_corrections_make_a_draft_whose_findings_stand_at_their_own_lines(said):
    before = TEXT.to_json()
    draft = draft_of(TEXT, {"activities": said})
    assert before == TEXT.to_json()
    for line in draft.lines:
        words = said.get(str(line.index), {})
        codes = {finding.code for finding in line.findings}
        assert line.read == TEXT.activities[line.index]
        assert line.is_deleted == bool(words.get("is_deleted"))
        if line.is_deleted:
            assert not codes
            continue
        assert ("deadline_impossible" in codes) == (line.row.deadline_text == "до 31 ноября")
        is_left = "no_responsible:responsible" in words.get("settled", [])
        assert ("no_responsible" in codes) == (not line.row.responsible and not is_left)
        assert ("no_title" in codes) == (not line.row.title)
    kept = [line.row for line in draft.kept_lines]
    assert list(draft.table.activities) == kept
    assert PlanTable.from_json(draft.table.to_json()) == draft.table


@given(CORRECTIONS)
@settings(max_examples=100, deadline=None)
def test_every_way_of_showing_keeps_the_order_and_loses_no_finding(said):
    draft = draft_of(TEXT, {"activities": said})
    order = [line.index for line in draft.lines]
    assert sorted(order) == [0, 1, 2, 3]
    for show in ("findings", "all", "corrected"):
        shown = [line.index for line in draft.lines_to_show(show)]
        assert shown == [index for index in order if index in shown]
    shown = {line.index for line in draft.lines_to_show("findings")}
    assert {line.index for line in draft.lines if line.findings} <= shown
    assert len(draft.lines_to_show("all")) == len(draft.lines)


def test_facts_are_proposed_from_the_title():
    facts = proposed_facts(TEXT)
    assert (facts.period_from, facts.period_to) == (date(2026, 1, 1), date(2028, 12, 31))
    assert (facts.kind, facts.spheres, facts.assessment_years) == ("assessment", ("culture",), (2026, 2027, 2028))


def test_information_campaign_is_told_by_its_title():
    text = TABLE.replace("проведению независимой оценки", "проведению информационной кампании о независимой оценке")
    assert proposed_facts(read_pasted(text)).kind == "campaign"


def test_missing_facts_count_as_decisions():
    draft = draft_of(read_pasted(TABLE.split("\n", 1)[1]), {})
    assert draft.facts.missing == ["название", "период", "сферы"]
    assert draft.errors == 3


def test_reading_of_words_that_mean_nothing_is_empty():
    draft = draft_of(TEXT, {"activities": {"0": {"deadline_text": "абракадабра"}}})
    assert reading_of(draft.lines[0].deadline) == ""


def test_stamp_changes_with_what_is_said():
    assert stamp_of({}) == stamp_of({})
    assert stamp_of({"title": "а"}) != stamp_of({"title": "б"})


def test_kind_of_a_party_is_told_by_its_name():
    told = {
        "Общественный совет": "council",
        "Отдел культуры и туризма": "department",
        "Директор МКУ «Центр МИТО»": "post",
        "И. П. Петров": "person",
        "Муниципальные учреждения": "institutions",
        "МБУ «Библиотека»": "institution",
        "Областной оператор": "other",
    }
    assert {name: kind_of_party(name).value for name in told} == told
