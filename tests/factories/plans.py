"""Plans, activities, parties and due dates for tests. Everything wants the municipality's scope open."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from nok_portal.common.text import fold
from nok_portal.tenants.enums import Sphere
from plans.models import (
    Activity,
    ActivityParty,
    DueDate,
    Plan,
    PlanImport,
    ResponsibleParty,
    Section,
    TargetIndicator,
    TargetValue,
)
from plans.table import PlanTable, read_pasted
from tests.factories import NOW, LegalActFactory

TABLE = (
    "План мероприятий по проведению независимой оценки в сфере культуры на 2026-2028 годы\n"
    "№ п/п\tНаименование мероприятия\tСрок исполнения\tОжидаемый результат\tИсполнители\n"
    "1\tПодготовительные мероприятия\t\t\t\n"
    "1.1\tУтверждение перечня учреждений\tдо 1 апреля\tперечень утверждён\tОбщественный совет, отдел культуры\n"
    "1.2\tОпрос получателей услуг\tмай – октябрь\tопрос проведён\tОрганизация-оператор\n"
    "2\tПодведение итогов\t\t\t\n"
    "2.1\tОтчёт оператора\tдо 1 декабря\tотчёт принят\tОрганизация-оператор\n"
    "2.2\tУтверждение рейтинга\tв течение месяца после отчёта оператора\tрейтинг утверждён\tОбщественный совет\n"
)


def table_of(text: str = TABLE) -> PlanTable:
    """What the portal reads of a pasted table."""
    return read_pasted(text)


class PlanFactory(factory.django.DjangoModelFactory[Plan]):
    """Wants `municipality`."""

    class Meta:
        model = Plan

    title = factory.Sequence(lambda n: f"План независимой оценки № {n}")
    period_from = date(2026, 1, 1)
    period_to = date(2028, 12, 31)
    assessment_years = [2026, 2027, 2028]
    spheres = [Sphere.CULTURE]
    created_at = NOW
    state = "draft"
    approved_by = factory.Maybe(
        factory.LazyAttribute(lambda o: o.state == "approved"),
        factory.SubFactory(LegalActFactory, municipality=factory.SelfAttribute("..municipality")),
        None,
    )


class SectionFactory(factory.django.DjangoModelFactory[Section]):
    class Meta:
        model = Section

    plan = factory.SubFactory(PlanFactory)
    municipality = factory.SelfAttribute("plan.municipality")
    position = factory.Sequence(lambda n: n + 1)
    number = "I"
    title = factory.Sequence(lambda n: f"Организационные мероприятия {n}")


class ActivityFactory(factory.django.DjangoModelFactory[Activity]):
    class Meta:
        model = Activity

    plan = factory.SubFactory(PlanFactory)
    municipality = factory.SelfAttribute("plan.municipality")
    position = factory.Sequence(lambda n: n + 1)
    number = factory.Sequence(lambda n: f"{n + 1}")
    title = factory.Sequence(lambda n: f"Опрос получателей услуг {n}")
    deadline_text = "до 1 декабря"
    deadline_reading = "не позднее 1 декабря каждого года"


class ResponsiblePartyFactory(factory.django.DjangoModelFactory[ResponsibleParty]):
    """Wants `municipality`."""

    class Meta:
        model = ResponsibleParty

    name = factory.Sequence(lambda n: f"Отдел культуры № {n}")
    name_key = factory.LazyAttribute(lambda o: fold(o.name))


class ActivityPartyFactory(factory.django.DjangoModelFactory[ActivityParty]):
    class Meta:
        model = ActivityParty

    activity = factory.SubFactory(ActivityFactory)
    municipality = factory.SelfAttribute("activity.municipality")
    party = factory.SubFactory(ResponsiblePartyFactory, municipality=factory.SelfAttribute("..municipality"))
    position = factory.Sequence(lambda n: n + 1)


REPORTED = ("reported", "accepted")


class DueDateFactory(factory.django.DjangoModelFactory[DueDate]):
    class Meta:
        model = DueDate

    activity = factory.SubFactory(ActivityFactory)
    municipality = factory.SelfAttribute("activity.municipality")
    window_to = date(2026, 12, 1)
    window_from = factory.LazyAttribute(lambda o: o.window_to - timedelta(days=0))
    label = "1 декабря 2026"
    done_on = factory.LazyAttribute(lambda o: o.window_to if o.state in REPORTED else None)
    reported_at = factory.LazyAttribute(lambda o: NOW if o.state in REPORTED else None)
    cancelled_reason = factory.LazyAttribute(lambda o: "Мероприятие отменено" if o.state == "cancelled" else "")
    state = "open"


class TargetIndicatorFactory(factory.django.DjangoModelFactory[TargetIndicator]):
    class Meta:
        model = TargetIndicator

    plan = factory.SubFactory(PlanFactory)
    municipality = factory.SelfAttribute("plan.municipality")
    position = factory.Sequence(lambda n: n + 1)
    title = "Доля организаций, охваченных независимой оценкой"
    unit = "percent"
    is_cumulative = True


class TargetValueFactory(factory.django.DjangoModelFactory[TargetValue]):
    class Meta:
        model = TargetValue

    indicator = factory.SubFactory(TargetIndicatorFactory)
    municipality = factory.SelfAttribute("indicator.municipality")
    year = factory.Sequence(lambda n: 2026 + n)
    planned = 33


class PlanImportFactory(factory.django.DjangoModelFactory[PlanImport]):
    """A pasted table that has been read. Wants `municipality`."""

    class Meta:
        model = PlanImport

    pasted_text = TABLE
    source_name = "вставленная таблица"
    source_hash = factory.Sequence(lambda n: f"{n:064}")
    state = "review"
    table = factory.LazyAttribute(lambda o: table_of(o.pasted_text).to_json())
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda o: o.created_at + timedelta(days=30))
