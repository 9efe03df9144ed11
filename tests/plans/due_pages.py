"""What tests of pages of due dates ask and send."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts.models import User
from nok_portal.tenants.scope import scope
from plans.models import DueDate, Evidence
from tests.plans.reporting import PDF, World

TODAY = timezone.localdate()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(due: DueDate) -> str:
    return reverse("office:due", args=[due.municipality.slug, due.pk])


def decide_url(due: DueDate, verb: str) -> str:
    return reverse("office:due_decide", args=[due.municipality.slug, due.pk, verb])


def many_url(world: World) -> str:
    return reverse("office:dues_many", args=[world.municipality.slug])


def list_url(world: World) -> str:
    return reverse("office:dues", args=[world.municipality.slug])


def words_of(page: HttpResponse) -> str:
    return page.content.decode().replace("\u00a0", " ")


def fresh(due: DueDate) -> DueDate:
    with scope(readable=[due.municipality_id]):
        return DueDate.objects.get(pk=due.pk)


def proofs_of(due: DueDate) -> list[str]:
    with scope(readable=[due.municipality_id]):
        return [str(one) for one in Evidence.objects.filter(due_date=due).order_by("pk")]


def typed(**more: Any) -> dict[str, Any]:
    """The report as its form sends it."""
    return {"do": "send", "version": 1, "done_on": TODAY.isoformat(), "report_text": "Опрос проведён", **more}


def upload(name: str = "Акт.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
