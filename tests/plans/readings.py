"""What tests of corrected readings share: words that cannot be, and what a person says instead."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client

from nok_portal.tenants.models import Municipality
from plans.importing.drafts import DraftLine
from plans.models import Activity, PlanImport
from tests.factories.plans import TABLE
from tests.plans.pages import url

WRONG = TABLE.replace("до 1 декабря", "до 31 ноября")
LINE = 2  # «Отчёт оператора»
# the form says «до 15 ноября каждого года плана»
BY_15_NOVEMBER = {
    "do": "save",
    "parts": "1",
    "part0-kind": "by",
    "part0-day": "15",
    "part0-month": "11",
    "part0-years": "every",
    "day_off": "stays",
}


def line_of(client: Client, ours: Municipality, found: PlanImport) -> tuple[HttpResponse, DraftLine]:
    """The preview of the document, and its line with the wrong words."""
    page: Any = client.get(url(ours, "plan_import", found.pk) + "?show=all")
    return page, next(line for line in page.context["draft"].lines if line.index == LINE)


def days_of(activity: Activity) -> list[date]:
    return sorted(activity.due_dates.values_list("window_to", flat=True))
