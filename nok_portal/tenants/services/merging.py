"""Two records of one organization become one, and two again when that was a mistake."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import ForeignKey, Model

from nok_portal.audit.models import AuditEntry
from nok_portal.audit.selectors import timeline_for
from nok_portal.audit.services import Actor, changed_fields, record
from nok_portal.common.errors import DomainError

from ..models import Organization, OrganizationDistinction
from ..register.matching import FIELDS as FACTS
from .organizations import ActivePeriodWrong, OrganizationExists, facts_of, lock_organization, save_organization


class MergeRefused(DomainError):
    pass


class Mover(Protocol):
    """Moves what other apps keep about an organization; what `move` answers is kept in the journal as JSON."""

    def move(self, *, source: int, target: int) -> list[Any]: ...

    def move_back(self, *, moved: list[Any], source: int, target: int) -> None: ...


class ForeignKeyMover:
    """The usual mover: all rows of a model whose key points to the organization.

    `left(source, target)` names rows that stay, because the target has their like already.
    """

    def __init__(self, model: type[Model], field: str, *, left: Callable[[int, int], Any] | None = None) -> None:
        self.model, self.field, self.left = model, field, left

    def move(self, *, source: int, target: int) -> list[Any]:
        rows = self.model._default_manager.filter(**{self.field: source})
        if self.left:
            rows = rows.exclude(pk__in=self.left(source, target))
        moved = list(rows.order_by("pk").values_list("pk", flat=True))
        self.model._default_manager.filter(pk__in=moved).update(**{self.field: target})
        return [pk if isinstance(pk, int) else str(pk) for pk in moved]

    def move_back(self, *, moved: list[Any], source: int, target: int) -> None:
        # what was deleted or given to a third organization since stays as it is
        self.model._default_manager.filter(pk__in=moved, **{self.field: target}).update(**{self.field: source})


_movers: dict[str, Mover] = {}


def register_mover(reference: str, mover: Mover) -> None:
    """Say how a reference to organizations moves, e.g. 'accounts.Membership.organization'; called in ready()."""
    _movers[reference] = mover


def references_without_mover() -> list[str]:
    """Keys to organizations that a merge would leave behind; none in a sound portal."""
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is Organization
    ]
    own = {"tenants.Organization.merged_into", *(f"tenants.OrganizationDistinction.{n}" for n in ("first", "second"))}
    return sorted(set(found) - own - set(_movers))


@transaction.atomic
def merge_organizations(
    *,
    kept: Organization,
    double: Organization,
    facts: dict[str, Any],
    actor: Actor,
    at: datetime,
) -> Organization:
    """`kept` with the chosen facts; `double` stays as a record that leads to it, its references move.

    Both objects carry the versions that the person saw. Raises MergeRefused, OrganizationStale,
    OrganizationMerged.
    """
    if missing := references_without_mover():
        raise ImproperlyConfigured(f"nobody moves {', '.join(missing)} when organizations are merged")
    if kept.pk == double.pk or kept.municipality_id != double.municipality_id:
        raise MergeRefused("Объединить можно две разные организации одного муниципалитета.")
    kept, double = _lock_both(kept, double)
    old = facts_of(kept)
    before, after = changed_fields(old, {**old, **{name: facts[name] for name in FACTS if name in facts}})
    double.merged_into = kept
    double.version += 1
    double.save(update_fields=["merged_into", "version"])
    for name, value in after.items():
        setattr(kept, name, value)
    kept.version += 1
    _save(kept)
    moved = {name: mover.move(source=double.pk, target=kept.pk) for name, mover in sorted(_movers.items())}
    record(
        verb="присоединён дубль",
        on=kept,
        actor=actor,
        at=at,
        before={**before, "version": kept.version - 1},
        after={**after, "version": kept.version, "double": double.pk},
        reason=double.name[:300],
    )
    record(
        verb="объединена с другой организацией",
        on=double,
        actor=actor,
        at=at,
        before={"merged_into": None, "version": double.version - 1},
        after={
            "merged_into": kept.pk,
            "version": double.version,
            "moved": {name: ids for name, ids in moved.items() if ids},
            "kept_before": before,
            "kept_after": after,
        },
        reason=kept.name[:300],
    )
    return kept


@transaction.atomic
def undo_merge(*, double: Organization, actor: Actor, at: datetime) -> Organization:
    """The double on its own again, with its references; `kept` gets back the facts that it took in the merge.

    Facts and references that were changed since stay as they are now. Raises MergeRefused.
    """
    double = Organization.objects.select_for_update().get(pk=double.pk)
    if double.merged_into_id is None:
        raise MergeRefused("Эта организация ни с кем не объединена.")
    kept = Organization.objects.select_for_update().get(pk=double.merged_into_id)
    if kept.merged_into_id is not None:
        raise MergeRefused(f"«{kept}» сама объединена с другой организацией. Сначала разделите их.")
    entry = _merge_entry(double)
    old = facts_of(kept)
    restored = {
        name: value
        for name, value in _as_facts(entry.after["kept_before"]).items()
        if old[name] == _as_facts(entry.after["kept_after"])[name]
    }
    before, after = changed_fields(old, {**old, **restored})
    for name, value in after.items():
        setattr(kept, name, value)
    kept.version += 1
    double.merged_into = None
    double.version += 1
    # first the one that gives back a name, then the one that may have it
    _save(kept)
    _save(double)
    for name, ids in entry.after["moved"].items():
        if name in _movers:
            _movers[name].move_back(moved=ids, source=double.pk, target=kept.pk)
    record(
        verb="дубль отделён",
        on=kept,
        actor=actor,
        at=at,
        before={**before, "version": kept.version - 1},
        after={**after, "version": kept.version, "double": double.pk},
        reason=double.name[:300],
    )
    record(
        verb="снова отдельная организация",
        on=double,
        actor=actor,
        at=at,
        before={"merged_into": kept.pk, "version": double.version - 1},
        after={"merged_into": None, "version": double.version},
    )
    return double


def distinguish_organizations(*, one: Organization, other: Organization, actor: Actor, at: datetime) -> None:
    """Remember that the two are no doubles, so that they are not proposed again."""
    first, second = sorted((one, other), key=lambda organization: organization.pk)
    if first.pk == second.pk:
        raise MergeRefused("Нужны две разные организации.")
    _, created = OrganizationDistinction.objects.get_or_create(
        municipality_id=first.municipality_id,
        first=first,
        second=second,
        defaults={"decided_by_id": actor.pk, "decided_at": at},
    )
    if created:
        for organization, another in ((first, second), (second, first)):
            record(verb="признана не дублем", on=organization, actor=actor, at=at, reason=another.name[:300])


def _lock_both(kept: Organization, double: Organization) -> tuple[Organization, Organization]:
    # always in one order, so that two people merging crosswise wait for each other
    locked = {one.pk: lock_organization(one.pk, version=one.version) for one in sorted((kept, double), key=_pk)}
    return locked[kept.pk], locked[double.pk]


def _pk(organization: Organization) -> int:
    return organization.pk


def _merge_entry(double: Organization) -> AuditEntry:
    entry = timeline_for(double).filter(after__merged_into=double.merged_into_id).first()
    if entry is None:
        raise MergeRefused("В журнале нет записи об объединении, поэтому отменить его нельзя.")
    return entry


def _as_facts(values: dict[str, Any]) -> dict[str, Any]:
    """Journal values as the model has them."""
    return {name: Organization._meta.get_field(name).to_python(value) for name, value in values.items()}  # type: ignore[union-attr]


def _save(organization: Organization) -> None:
    try:
        save_organization(organization)
    except OrganizationExists as error:
        raise MergeRefused(
            "В реестре есть ещё одна организация с таким названием и ИНН. Сначала измените её название."
        ) from error
    except ActivePeriodWrong as error:
        raise MergeRefused(
            f"«{organization}» получилась закрытой раньше, чем открыта. Проверьте дни «действует с» и «действует по»"
            " у обеих записей: лучше взять оба дня из одной."
        ) from error
