"""Base of the tasks that work in a tenant's rows, and the register's own."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.utils import timezone

from nok_portal.celery import app

from .models import Municipality
from .scope import scope
from .services import organization_imports


def in_municipality(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run a task, whose first keyword is `municipality_id`, inside that municipality's scope."""

    @wraps(function)
    def run(*, municipality_id: int, **kwargs: Any) -> Any:
        with scope(writable=[municipality_id]):
            return function(municipality_id=municipality_id, **kwargs)

    return run


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
