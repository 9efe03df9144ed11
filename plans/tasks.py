from django.utils import timezone

from nok_portal.celery import app
from nok_portal.tenants.tasks import each_municipality

from .services.imports import drop_expired_imports


@app.task(name="plans.tasks.drop_expired_imports")
def drop_expired_imports_everywhere() -> None:
    """Forget drafts that nobody finished in 30 days."""
    for municipality in each_municipality():
        drop_expired_imports(municipality=municipality, at=timezone.now())
