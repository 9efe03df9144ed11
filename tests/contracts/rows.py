"""Makes a minimal row of any tenant model, so that a table added tomorrow is covered today."""

import uuid
from typing import Any

from django.apps import apps
from django.db import models

from nok_portal.accounts.models import User
from nok_portal.tenants import tables
from nok_portal.tenants.models import Municipality, Region, TenantModel
from tests.factories import NOW, UserFactory

# only what a CHECK or a validator of the model demands beyond the types of its columns
DEMANDED: dict[str, dict[str, Any]] = {"plans.evidence": {"kind": "portal"}}


def tenant_models() -> list[type[models.Model]]:
    """Models whose tables carry municipality_id, by table name."""
    by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return [by_table[name] for name in sorted(tables.MUNICIPALITY | tables.MIXED) if name in by_table]


def make_row(model: type[models.Model], municipality: Municipality) -> models.Model:
    """A saved row of the model in the municipality (whose scope must be open), parents included."""
    return model._base_manager.create(**row_values(model, municipality))


def row_values(model: type[models.Model], municipality: Municipality) -> dict[str, Any]:
    values = {
        field.name: _value(field, municipality)
        for field in model._meta.concrete_fields
        if not field.null and not field.has_default() and not isinstance(field, models.AutoField)
    }
    values["municipality"] = municipality
    return values | DEMANDED.get(model._meta.label_lower, {})


def _value(field: "models.Field[Any, Any]", municipality: Municipality) -> Any:
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        if target is Municipality:
            return municipality
        if target is Region:
            return municipality.region
        if target is User:
            return UserFactory()
        assert issubclass(target, TenantModel), f"how to make a {target}? say so in DEMANDED"
        return make_row(target, municipality)
    if field.choices:
        return field.choices[0][0]
    text = uuid.uuid4().hex
    kinds: list[tuple[type | tuple[type, ...], Any]] = [
        (models.UUIDField, uuid.uuid4()),
        (models.EmailField, f"{text}@example.org"),
        (models.CharField, text[: field.max_length or 20]),
        (models.TextField, text),
        (models.DateTimeField, NOW),
        (models.DateField, NOW.date()),
        (models.BooleanField, False),
        (models.DecimalField, 1),
        ((models.IntegerField, models.FloatField), 1),
        (models.JSONField, {}),
    ]
    for kind, value in kinds:
        if isinstance(field, kind):
            return value
    raise AssertionError(f"how to fill {field}? say so in _value or DEMANDED")
