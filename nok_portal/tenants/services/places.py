"""Regions and municipalities: made by support or a command, kept up by their own administrators."""

from datetime import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import fold_spaces

from ..file_kinds import JPEG, PNG
from ..models import Municipality, Region
from ..models.places import RESERVED_SLUGS
from ..scope import scope
from .files import MUNICIPALITY_LOGO, store_file

# what an administrator may change; the address in URLs and the region stay
FACTS = ("name", "name_genitive", "name_prepositional", "time_zone", "head_post", "head_name")


class PlaceRefused(DomainError):
    """What is wrong with a region or municipality, field by field in `problems`."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        self.problems = problems
        super().__init__(" ".join(message for messages in problems.values() for message in messages))


@transaction.atomic
def create_region(*, name: str, slug: str, actor: Any, at: datetime) -> Region:
    region = Region(name=fold_spaces(name), slug=slug)
    _check(region)
    region.save()
    with scope(regions=[region.pk]):
        audit.record(verb="Добавлен регион", on=region, actor=actor, at=at, region_id=region.pk)
    return region


@transaction.atomic
def change_region(*, region: Region, name: str, actor: Any, at: datetime) -> Region:
    """Rename a region; its address in URLs stays."""
    region = Region.objects.select_for_update().get(pk=region.pk)
    before, region.name = region.name, fold_spaces(name)
    _check(region)
    if before != region.name:
        region.save(update_fields=["name"])
        with scope(regions=[region.pk]):
            audit.record(
                verb="Изменено название региона",
                on=region,
                actor=actor,
                at=at,
                region_id=region.pk,
                before={"name": before},
                after={"name": region.name},
            )
    return region


@transaction.atomic
def create_municipality(
    *, region: Region, slug: str, facts: dict[str, str], actor: Any, at: datetime, logo: IO[bytes] | None = None
) -> Municipality:
    """Make a tenant with its names, time zone and head (`facts`, keys as in FACTS). Raises PlaceRefused."""
    municipality = Municipality(region=region, slug=slug, created_at=at, **_clean(facts))
    _check(municipality)
    municipality.save()
    with scope(writable=[municipality.pk]):
        _keep_logo(municipality, logo, actor=actor, at=at)
        audit.record(
            verb="Добавлен муниципалитет",
            on=municipality,
            actor=actor,
            at=at,
            municipality_id=municipality.pk,
            after=_facts_of(municipality),
        )
    return municipality


@transaction.atomic
def change_municipality(
    *,
    municipality: Municipality,
    facts: dict[str, str],
    version: int,
    actor: Any,
    at: datetime,
    logo: IO[bytes] | None = None,
) -> Municipality:
    """Change names, time zone, head or logo. Runs in the municipality's scope; raises StaleVersion, PlaceRefused."""
    fresh = Municipality.objects.select_for_update(of=("self",)).select_related("region").get(pk=municipality.pk)
    if fresh.version != version:
        raise StaleVersion
    before = _facts_of(fresh)
    for name, value in _clean(facts).items():
        setattr(fresh, name, value)
    _check(fresh)
    _keep_logo(fresh, logo, actor=actor, at=at)
    old, new = audit.changed_fields(before, _facts_of(fresh))
    if new:
        fresh.version += 1
        fresh.save()
        audit.record(
            verb="Изменены сведения о муниципалитете",
            on=fresh,
            actor=actor,
            at=at,
            municipality_id=fresh.pk,
            before=old,
            after=new,
        )
    return fresh


@transaction.atomic
def set_active(*, municipality: Municipality, is_active: bool, reason: str, actor: Any, at: datetime) -> None:
    """Close a municipality to everybody, or open it again; its rows stay."""
    fresh = Municipality.objects.select_for_update().get(pk=municipality.pk)
    if fresh.is_active == is_active:
        return
    fresh.is_active = is_active
    fresh.save(update_fields=["is_active"])
    with scope(writable=[fresh.pk]):
        audit.record(
            verb="Муниципалитет снова работает" if is_active else "Работа муниципалитета остановлена",
            on=fresh,
            actor=actor,
            at=at,
            municipality_id=fresh.pk,
            reason=fold_spaces(reason),
        )


def _keep_logo(municipality: Municipality, logo: IO[bytes] | None, *, actor: Any, at: datetime) -> None:
    if logo is None:
        return
    municipality.logo = store_file(
        municipality=municipality,
        content=logo,
        name=getattr(logo, "name", "") or "герб",
        purpose=MUNICIPALITY_LOGO,
        uploaded_by=actor,
        at=at,
        kinds=(PNG, JPEG),
    )
    municipality.save(update_fields=["logo"])


def _clean(facts: dict[str, str]) -> dict[str, str]:
    return {name: fold_spaces(facts[name]) for name in FACTS if name in facts}


def _facts_of(municipality: Municipality) -> dict[str, Any]:
    logo = municipality.logo
    return {name: getattr(municipality, name) for name in FACTS} | {"logo": logo.name if logo else ""}


def _check(place: Region | Municipality) -> None:
    """The model's own rules, for the command as for the screens."""
    problems: dict[str, list[str]] = {}
    try:
        place.full_clean(exclude=["logo"] if isinstance(place, Municipality) else [])
    except ValidationError as error:
        problems = dict(error.message_dict)
    if place.slug in RESERVED_SLUGS:
        problems.setdefault("slug", []).append(f"Адрес «{place.slug}» занят страницами портала. Выберите другой.")
    if problems:
        raise PlaceRefused(problems)
