"""Plan check: what is told, how gravely, and that it says what to do."""

from dataclasses import replace

import pytest

from plans.table import Finding, PlanTable, check_plan

from .documents import HEAD, from_text

TITLE = "План оценки музеев (учреждения культуры) на 2026–2028 годы"


def plan_with(*deadlines: str, numbers: tuple[str, ...] = ()) -> PlanTable:
    names = numbers or tuple(str(n) for n in range(1, len(deadlines) + 1))
    rows = [
        (number, f"Опрос посетителей музея {place}", words, "Отдел культуры")
        for place, (number, words) in enumerate(zip(names, deadlines, strict=True))
    ]
    return from_text(HEAD, *rows, above=[TITLE])


def found(plan: PlanTable) -> list[tuple[str, str, str | None]]:
    return [(one.code, one.severity, one.activity) for one in plan.findings]


def test_nothing_to_say() -> None:
    assert plan_with("до 1 мая 2026 года", "ежеквартально", "постоянно").findings == ()


@pytest.mark.parametrize(
    ("deadline", "code", "severity"),
    [
        ("до 31 ноября", "deadline_impossible", "error"),
        ("V квартал 2026 года", "deadline_impossible", "error"),
        ("как получится у шефа", "deadline_not_understood", "warning"),
        ("до 1 мая 2026 года, абракадабра", "deadline_partly_understood", "warning"),
        ("II квартал 2026, II квартал 2026", "same_quarter_twice", "warning"),
        ("IVквартал 2026 г. 4 кв. 2026 г.", "same_quarter_twice", "warning"),
        ("I полугодие 2026 г., 1 полугодие 2026 г.", "same_half_year_twice", "warning"),
        ("май 2026, май 2026", "same_month_twice", "warning"),
        ("2026, 2026, 2027", "same_year_twice", "question"),
        ("до 1 мая 2031 года", "year_outside_period", "warning"),
    ],
)
def test_deadlines(deadline: str, code: str, severity: str) -> None:
    assert (code, severity, "1") in found(plan_with(deadline))


def test_blank_cells() -> None:
    plan = from_text(HEAD, ("1", "Опрос", "", "Отдел"), ("2", "Отчёт", "май", ""), above=[TITLE])
    assert found(plan) == [("no_deadline", "warning", "1"), ("no_responsible", "warning", "2")]


@pytest.mark.parametrize(
    ("numbers", "codes"),
    [
        (("1", "2", "4"), ["numbering_gap"]),
        (("1", "1.1", "1.3", "2"), ["numbering_gap"]),
        (("1", "2", "2"), ["number_repeated"]),
        (("1", "3", "2"), ["numbering_gap", "numbering_disorder"]),
        (("1.9", "1.10", "1.11"), []),
        (("1", "1.1", "1.2", "2", "2.1"), []),
        (("I", "II", "а"), []),
    ],
)
def test_numbering(numbers: tuple[str, ...], codes: list[str]) -> None:
    plan = plan_with(*["май 2026 года"] * len(numbers), numbers=numbers)
    assert [one.code for one in plan.findings] == codes


def test_numbers_may_begin_anew_in_each_section() -> None:
    row = ("май 2026 года", "Отдел")
    plan = from_text(
        HEAD,
        ("", "Первый этап", "", ""),
        ("1", "Опрос", *row),
        ("2", "Отчёт", *row),
        ("", "Второй этап", "", ""),
        ("1", "Опрос", *row),
        above=[TITLE],
    )
    assert plan.findings == ()


def test_assessment_years_are_asked_for_once() -> None:
    plan = plan_with("до 1 мая года проведения оценки", "в год проведения независимой оценки")
    assert found(plan) == [("no_assessment_years", "question", None)]
    assert check_plan(plan, assessment_years=(2027,)) == ()


def test_what_the_reader_met_is_kept_when_checked_again() -> None:
    plan = plan_with("май 2026 года")
    told = plan.with_findings((Finding("tracked_changes", "warning", "…"), Finding("no_deadline", "warning", "…")))
    assert [one.code for one in check_plan(told)] == ["tracked_changes"]


def test_check_follows_a_correction() -> None:
    plan = plan_with("до 31 ноября")
    mended = replace(plan, activities=(replace(plan.activities[0], deadline_text="до 30 ноября"),))
    assert check_plan(mended) == ()


def test_messages_are_sentences_for_people() -> None:
    plan = plan_with("до 31 ноября", "ерунда", "", "2035 год", numbers=("1", "3", "3", "9"))
    assert plan.findings
    for finding in plan.findings:
        assert finding.message[:1].isupper()
        assert finding.message.endswith(".")
        assert finding.message.count(".") >= 1


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("До 1 марта подготовить список музеев", "До 1 марта"),
        ("Подготовить отчёт в течение месяца после опроса", "в течение месяца"),
        ("Ежеквартально проверять сайты музеев", "Ежеквартально"),
    ],
)
def test_a_deadline_in_the_title_is_told_and_not_taken(title: str, words: str) -> None:
    plan = from_text(HEAD, ("1", title, "", "Отдел культуры"), ("2", "Опрос", "май", "Отдел культуры"), above=[TITLE])
    assert plan.activities[0].deadline_text == ""
    told = next(one for one in plan.findings if one.code == "no_deadline")
    assert f"«{words}»" in told.message


@pytest.mark.parametrize("title", ["Исполнить приказ от 20.02.2027 № 5", "Отчёт за I квартал", "Опрос музея"])
def test_a_title_without_days_of_its_own_tells_none(title: str) -> None:
    plan = from_text(HEAD, ("1", title, "", "Отдел культуры"), ("2", "Опрос", "май", "Отдел культуры"), above=[TITLE])
    assert "в названии" not in next(one for one in plan.findings if one.code == "no_deadline").message
