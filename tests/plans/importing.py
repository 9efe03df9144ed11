"""What tests of imports do again and again."""

from typing import Any

from django.utils import timezone

from nok_portal.accounts.models import User
from nok_portal.reports.jobs import Progress
from nok_portal.tenants.models import Municipality
from plans.importing.drafts import DraftLine, stamp_of
from plans.jobs import read_uploaded_document
from plans.models import Plan, PlanImport
from plans.services.corrections import correct_line
from plans.services.imports import confirm_import, draft_of_import, start_import

UNTOUCHED = stamp_of({})


def start(ours: Municipality, editor: User, **given: Any) -> PlanImport:
    return start_import(municipality=ours, actor=editor, at=timezone.now(), **given)


def read(found: PlanImport) -> None:
    """What the worker does."""
    found.refresh_from_db()
    assert found.job is not None
    read_uploaded_document(found.job, Progress())
    found.refresh_from_db()


def said_of(found: PlanImport, index: int, part: str = "activities") -> dict[str, Any]:
    found.refresh_from_db()
    return found.corrections.get(part, {}).get(str(index), {})


def line_of(found: PlanImport, index: int) -> DraftLine:
    found.refresh_from_db()
    line = draft_of_import(found).line(index)
    assert line is not None
    return line


def correct(found: PlanImport, index: int, **values: Any) -> None:
    stamp = stamp_of(said_of(found, index))
    correct_line(plan_import=found, index=index, stamp=stamp, values=values, at=timezone.now())


def confirm(found: PlanImport, editor: User) -> Plan:
    found.refresh_from_db()
    return confirm_import(plan_import=found, version=found.version, actor=editor, at=timezone.now())
