"""Conditions that stand beside days or instead of them, and words that only look like one."""

import pytest

from plans.deadlines import parse


@pytest.mark.parametrize(
    ("flag", "texts"),
    [
        (
            "ongoing",
            (
                "постоянно | круглый год | на постоянной основе | на регулярной основе | в постоянном режиме"
                " | в течение всего периода | весь период | весь срок реализации плана | в период реализации плана"
                " | за период реализации | в течение срока действия программы"
                " | на весь период действия настоящего плана мероприятий"
            ),
        ),
        (
            "as_needed",
            (
                "по мере необходимости | по мере поступления средств | по необходимости | при необходимости"
                " | в случае необходимости | по потребности"
            ),
        ),
        (
            "if_possible",
            (
                "по возможности | при возможности | при наличии возможности | при наличии технической возможности"
                " | при наличии финансирования | при наличии бюджетных ассигнований"
            ),
        ),
        ("on_request", "по запросу | по запросу министерства | по требованию граждан"),
        ("by_agreement", "по согласованию | по согласованию с советом | по соглашению сторон"),
        (
            "set_elsewhere",
            (
                "по графику | по отдельному графику | по отдельному плану | согласно графику | в соответствии с графиком"
                " | с периодичностью, определяемой советом | с частотой, установленной законом | сроки, установленные законом"
                " | срок, указанный в договоре | срок согласно договору | срок в соответствии с договором"
                " | сроки, которые назначит совет | в установленные законом сроки | в установленные сроки"
                " | в установленном законодательством порядке и сроки | в сроки, установленные советом"
                " | в сроки и порядке, установленные советом | в порядке и сроки, установленные советом"
                " | в порядке, установленном советом | в сроки согласно приказу | определяется советом"
                " | устанавливается приказом"
            ),
        ),
    ],
)
def test_ways_to_set_a_condition(flag, texts):
    for text in texts.split(" | "):
        deadline = parse(text)
        assert (text, deadline.flags, deadline.unparsed) == (text, (flag,), "")
        assert not deadline.rules
        assert not deadline.terms


@pytest.mark.parametrize(
    "text",
    [
        "круглый стол",
        "на платной основе",
        "в тестовом режиме",
        "по отдельности",
        "с удовольствием",
        "в порядке очереди",
        "определяющий",
        "в течение планового периода",
        "в течение установленного срока",
        "период действия договора",
    ],
)
def test_words_that_set_no_condition_are_said_to_be_unread(text):
    deadline = parse(text)

    assert (deadline.flags, deadline.unparsed) == ((), text)


@pytest.mark.parametrize(
    ("text", "event"),
    [("при наличии замечаний", "наличии замечаний"), ("в период проведения ремонта", "проведения ремонта")],
)
def test_words_of_an_event_are_no_condition(text, event):
    deadline = parse(text)

    assert deadline.flags == ()
    assert [term.event for term in deadline.terms] == [event]


def test_condition_and_days_stand_together():
    deadline = parse("до 1 мая 2027 года, при необходимости по запросу совета")

    assert [flag.value for flag in deadline.flags] == ["as_needed", "on_request"]
    assert len(deadline.rules) == 1
