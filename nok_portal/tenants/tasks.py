"""How sweeps walk the municipalities, and the register's own."""

from collections.abc import Iterator

from django.utils import timezone

from nok_portal.celery import app

from .models import Municipality
from .scope import scope
from .services import organization_imports


def each_municipality() -> Iterator[Municipality]:
    """Active municipalities, each in a scope of its own: how sweeps walk."""
    for municipality in Municipality.objects.active().order_by("pk"):
        with scope(writable=[municipality.pk]):
            yield municipality


@app.task(name="nok_portal.tenants.tasks.drop_expired_imports")
def drop_expired_imports() -> None:
    """Forget lists of organizations that nobody confirmed in 30 days."""
    for municipality in each_municipality():
        organization_imports.drop_expired_imports(municipality=municipality, at=timezone.now())
