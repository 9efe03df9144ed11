"""Which recorded event starts a term: case, endings and order are forgiven, other words are not."""

import pytest

from plans.deadlines.matching import same_event


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("Утверждение плана", "утверждения плана"),
        ("утверждение плана", "утверждением плана"),
        ("отчёт оператора", "отчета оператора"),
        ("закон о бюджете", "закона о бюджете"),
        ("акт", "акта"),
        ("учредитель", "учредителями"),
        ("заседание совета", "совета заседания"),
        ("направление в орган", "направления органу"),
        ("заседание", "заседания общественного совета"),
        ("заседание общественного совета", "заседания"),
        ("", ""),
    ],
)
def test_same_event(name, event):
    assert same_event(name, event)
    assert same_event(event, name)


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("утверждение плана", "утверждения отчёта"),
        ("согласование отчёта", "согласия отчёта"),
        ("утверждение плана", "планирования"),
        ("сдача отчёта", "сдача сведений"),
        ("поступление жалобы", "проступка"),
        ("утверждение плана", ""),
        ("о", "отчёта"),
    ],
)
def test_other_event(name, event):
    assert not same_event(name, event)
    assert not same_event(event, name)
