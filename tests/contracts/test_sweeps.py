"""What beat starts, and what its daily sweeps forget."""

import inspect
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from nok_portal.accounts.tasks import clear_sessions
from nok_portal.celery import app
from nok_portal.tenants.models import OrganizationImport
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.organization_imports import drop_expired_imports
from nok_portal.tenants.tasks import drop_expired_imports as drop_expired_imports_everywhere
from tests.factories import NOW, MunicipalityFactory

OURS = ("nok_portal.", "plans.")


def own_tasks() -> dict[str, Any]:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if name.startswith(OURS)}


def scheduled() -> list[str]:
    return [line["task"] for line in settings.CELERY_BEAT_SCHEDULE.values()]


def test_every_scheduled_task_exists():
    assert set(scheduled()) <= set(own_tasks())


def test_every_sweep_is_scheduled_once():
    # a task about one thing is told which; one without arguments walks over all, so beat must start it
    sweeps = [name for name, task in own_tasks().items() if not inspect.signature(task.run).parameters]
    assert sorted(sweeps) == sorted(scheduled())


def make_list(municipality, *, at, confirmed_at=None):
    return OrganizationImport.objects.create(
        municipality=municipality, file_name="список.xlsx", created_at=at, confirmed_at=confirmed_at
    )


def test_list_of_organizations_is_forgotten_after_30_days_unless_confirmed(db):
    municipality, other = MunicipalityFactory(), MunicipalityFactory()
    month_ago = NOW - timedelta(days=30)
    with scope(writable=[municipality.pk, other.pk]):
        old = make_list(municipality, at=month_ago)
        kept = [
            make_list(municipality, at=month_ago + timedelta(seconds=1)),
            make_list(municipality, at=month_ago, confirmed_at=month_ago),
            make_list(other, at=month_ago),
        ]
        assert drop_expired_imports(municipality=municipality, at=NOW) == 1
        assert not OrganizationImport.objects.filter(pk=old.pk).exists()
        assert OrganizationImport.objects.filter(pk__in=[one.pk for one in kept]).count() == 3


def test_lists_of_organizations_are_forgotten_in_every_municipality(db):
    municipalities = [MunicipalityFactory(), MunicipalityFactory()]
    pks = [one.pk for one in municipalities]
    with scope(writable=pks):
        for municipality in municipalities:
            make_list(municipality, at=timezone.now() - timedelta(days=31))
    drop_expired_imports_everywhere()
    with scope(readable=pks):
        assert not OrganizationImport.objects.exists()


def test_ended_sessions_are_forgotten(db):
    now = timezone.now()
    Session.objects.create(session_key="ended", session_data="", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="open", session_data="", expire_date=now + timedelta(hours=1))
    clear_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
