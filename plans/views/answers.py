"""What a change of a plan answers: a toast with «Отменить» or with the refusal, and back to the table as it was."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from nok_portal.audit.models import AuditEntry
from nok_portal.common.errors import DomainError
from nok_portal.tenants.requests import OfficeRequest
from plans.models import Activity, Plan
from plans.views.plan_pages import plan_url
from plans.views.table import kept_sent


def tell(request: OfficeRequest, words: str, entry: AuditEntry, plan: Plan) -> None:
    """Say what was done, with «Отменить»."""
    undo = reverse("office:plan_undo", args=[request.municipality.slug, plan.pk, entry.pk])
    kept = kept_sent(request)
    messages.success(request, words, extra_tags=f"undo:{undo}{'?' + urlencode({'kept': kept}) if kept else ''}")


@contextmanager
def refusals(request: OfficeRequest) -> Iterator[None]:
    """What a service refuses is said in a toast."""
    try:
        yield
    except DomainError as error:
        messages.error(request, str(error))


def to_plan(
    request: OfficeRequest, plan: Plan, *, line: int | None = None, row: int | None = None, section: int | None = None
) -> HttpResponseRedirect:
    """Back to the plan's table as it was, at a row, or with a line beside it."""
    query = QueryDict(kept_sent(request), mutable=True)
    if line:
        query["line"] = str(line)
    place = f"#a{row or line}" if row or line else (f"#s{section}" if section else "")
    address = f"{plan_url(request, plan)}{'?' + query.urlencode() if query else ''}{place}"
    return HttpResponseRedirect(address)


def name_of_line(activity: Activity) -> str:
    """'1.2 Провести опрос получателей…': how a toast calls it."""
    title = activity.title if len(activity.title) <= 60 else f"{activity.title[:59].rstrip()}…"
    return f"{activity.number} {title}".strip()
