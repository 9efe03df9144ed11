"""What stands behind each variable of a URL: one maker a name. A new name without one fails the contract test."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from nok_portal.accounts.models import Invitation, Membership
from nok_portal.messaging.models import OutgoingMail, Reminder
from nok_portal.reports.jobs import JobResult, job_kind
from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.models import Municipality, OrganizationImport
from nok_portal.tenants.rights import Right, Role
from nok_portal.tenants.services import files
from plans.models import ProcessEvent
from tests.factories import NOW, LegalActFactory, MembershipFactory, OrganizationFactory, UserFactory, ministry_of
from tests.factories.plans import (
    ActivityFactory,
    DueDateFactory,
    PlanFactory,
    PlanImportFactory,
    ResponsiblePartyFactory,
    SectionFactory,
    TargetIndicatorFactory,
)

# a file and a job that every role may see: what narrows them is tested with files and jobs
files.register_purpose("contracts.sample", reader=None)
job_kind("contracts.sample", title="Образец", right=Right.SEE_PLANS)(lambda job, progress: JobResult())


def make_file(municipality: Municipality) -> Any:
    return files.store_file(
        municipality=municipality, content=b"%PDF-", name="", purpose="contracts.sample", uploaded_by=None, at=NOW
    ).pk


def make_job(municipality: Municipality) -> Any:
    return BackgroundJob.objects.create(
        municipality=municipality, kind="contracts.sample", title="Образец", created_at=NOW, queued_at=NOW
    ).pk


def make_organization_import(municipality: Municipality) -> Any:
    return OrganizationImport.objects.create(
        municipality=municipality, created_at=timezone.now(), reading={"sheet": "Лист1", "columns": [], "unused": []}
    ).pk


def make_invitation(municipality: Municipality) -> Any:
    return Invitation.objects.create(
        token_hash=uuid4().hex,
        email="invited@example.org",
        full_name="Приглашённый",
        role=Role.ADMINISTRATOR,
        municipality=municipality,
        created_at=NOW,
        expires_at=NOW,
    ).pk


def make_letter(municipality: Municipality) -> Any:
    return OutgoingMail.objects.create(
        municipality=municipality, kind="test", recipient="a@example.org", subject="Письмо", text="Текст",
        message_id=f"<{uuid4()}@example.org>", created_at=NOW, next_try_at=NOW,
    ).pk  # fmt: skip


def make_reminder(municipality: Municipality) -> Any:
    return Reminder.objects.create(
        municipality=municipality, kind="overdue", thing="duedate:1", due_on=NOW.date(), stage=1,
        recipient=UserFactory(), because="ваш срок", title="Опрос", url=f"/m/{municipality.slug}/", created_at=NOW,
    ).pk  # fmt: skip


def make_event(municipality: Municipality) -> Any:
    plan = PlanFactory(municipality=municipality)
    return ProcessEvent.objects.create(
        municipality=municipality, plan=plan, words="утверждение рейтинга", happened_on=NOW.date(), recorded_at=NOW
    ).pk


# name of the URL variable → makes the object in the municipality (its scope is open), gives the value
SAMPLES: dict[str, Callable[[Municipality], Any]] = {
    "file_id": make_file,
    "job_id": make_job,
    "act_id": lambda municipality: LegalActFactory(municipality=municipality).pk,
    "organization_id": lambda municipality: OrganizationFactory(municipality=municipality).pk,
    "double_id": lambda municipality: OrganizationFactory(municipality=municipality).pk,
    "list_id": make_organization_import,
    "membership_id": lambda municipality: MembershipFactory(municipality=municipality).pk,
    "invitation_id": make_invitation,
    "ministry_id": lambda municipality: Membership.objects.get(user=ministry_of(municipality.region)).pk,
    "plan_id": lambda municipality: PlanFactory(municipality=municipality).pk,
    "section_id": lambda municipality: SectionFactory(plan=PlanFactory(municipality=municipality)).pk,
    "activity_id": lambda municipality: ActivityFactory(plan=PlanFactory(municipality=municipality)).pk,
    "due_id": lambda municipality: DueDateFactory(activity__plan=PlanFactory(municipality=municipality)).pk,
    "party_id": lambda municipality: ResponsiblePartyFactory(municipality=municipality).pk,
    "other_party_id": lambda municipality: ResponsiblePartyFactory(municipality=municipality).pk,
    "event_id": make_event,
    "letter_id": make_letter,
    "target_id": lambda municipality: TargetIndicatorFactory(plan=PlanFactory(municipality=municipality)).pk,
    "import_id": lambda municipality: PlanImportFactory(municipality=municipality).pk,
    "user_id": lambda municipality: UserFactory().pk,
    "reminder_id": make_reminder,
}
# variables that name no object of a tenant, with a harmless value
PLAIN: dict[str, Any] = {
    "index": 0,
    "entry_id": 1,
    "code": "nothing",
    "token": "nothing",
    "key": "nothing",
    "visit_id": 1,
    "token_id": 1,
    "report_slug": "organizations",
    "file_format": "pdf",
    "verb": "cancel",
}
