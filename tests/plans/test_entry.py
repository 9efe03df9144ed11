"""A plan that comes in midway: what was over by then is never called late."""

from datetime import date

import pytest

from nok_portal.tenants.scope import scope
from plans.models import DueDate
from plans.selectors import is_late, open_dues
from plans.services.imports import import_table
from plans.table import read_pasted
from tests.factories import NOW, MunicipalityFactory

pytestmark = pytest.mark.django_db

TABLE = (
    "План независимой оценки на 2026 год\n\n"
    "№\tМероприятие\tСрок\tИсполнитель\n"
    "1\tСобрать совет\tдо 1 марта\tОтдел культуры\n"
    "2\tПодвести итоги\tдо 1 декабря\tОтдел культуры\n"
)


def test_days_over_when_the_plan_comes_in_are_marked_and_never_late():
    municipality = MunicipalityFactory()
    with scope(writable=[municipality.pk]):
        import_table(table=read_pasted(TABLE), municipality=municipality, actor=None, at=NOW)
        marked = dict(DueDate.objects.values_list("window_to", "ended_before_entry"))
        assert marked == {date(2026, 3, 1): True, date(2026, 12, 1): False}
        assert [line.window_to for line in open_dues(municipality).filter(is_late(date(2027, 1, 1)))] == [
            date(2026, 12, 1)
        ]
