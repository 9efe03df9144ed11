"""Every table of the database is in the list of tables.py, and every tenant table is closed to other tenants."""

import pytest
from django.db import DatabaseError, connection, models, transaction

from nok_portal.tenants import tables
from nok_portal.tenants.constraints import SameMunicipality
from nok_portal.tenants.models import TenantModel
from nok_portal.tenants.scope import scope
from tests.contracts.rows import make_row, row_values, tenant_models
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db

TENANT_TABLES = tables.MUNICIPALITY | tables.MIXED
# unique without the municipality, because their values are random
RANDOM_KEYS = {"messaging_outgoingmail_message_id"}

each_tenant_model = pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.db_table)


def rows(sql: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def test_every_table_is_listed_once():
    existing = {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'm', 'v')"
            " AND relnamespace = 'public'::regnamespace"
        )
    }
    assert existing == set(tables.GLOBAL) | set(TENANT_TABLES)
    assert not set(tables.GLOBAL) & set(TENANT_TABLES)
    assert not set(tables.MUNICIPALITY) & set(tables.MIXED)


def test_global_tables_carry_no_municipality_except_people_and_their_places():
    found = {
        name
        for (name,) in rows(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'municipality_id'"
        )
    }
    assert found - set(TENANT_TABLES) == {
        "accounts_accesstoken",
        "accounts_invitation",
        "accounts_membership",
        "accounts_supportvisit",
    }


def test_runtime_role_may_do_what_is_listed_and_no_more():
    for table, grant in (tables.GLOBAL | TENANT_TABLES).items():
        allowed = {
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
            if rows("SELECT has_table_privilege('nok_runtime', %s, %s)", table, right)[0][0]
        }
        assert allowed == {right for right in grant.value.split(", ") if right}, table


def test_every_tenant_table_has_policies_for_every_command():
    for table in TENANT_TABLES:
        assert rows("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", table) == [(True,)], table
        commands = {name for (name,) in rows("SELECT cmd FROM pg_policies WHERE tablename = %s", table)}
        assert commands == {"SELECT", "INSERT", "UPDATE", "DELETE"}, table


@each_tenant_model
def test_keys_between_tenant_rows_carry_the_municipality(model):
    held = {constraint.field for constraint in model._meta.constraints if isinstance(constraint, SameMunicipality)}
    keys = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel)
    }
    assert keys == held


@each_tenant_model
def test_uniqueness_is_per_municipality(model):
    found = rows(
        "SELECT i.relname, array_agg(a.attname::text) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)"
        " WHERE x.indrelid = %s::regclass AND x.indisunique AND NOT x.indisprimary GROUP BY i.relname",
        model._meta.db_table,
    )
    # below a parent that is held by a composite key is below its municipality, too
    held = {f"{item.field}_id" for item in model._meta.constraints if isinstance(item, SameMunicipality)}
    for name, columns in found:
        assert {"municipality_id", *held} & set(columns) or name.startswith(tuple(RANDOM_KEYS)), name


@each_tenant_model
def test_rows_are_closed_to_another_municipality(model):
    ours, theirs = MunicipalityFactory(), MunicipalityFactory()
    with scope(writable=[theirs.pk]):
        row = make_row(model, theirs)
        assert model._base_manager.filter(pk=row.pk).exists()
        values = row_values(model, theirs)
    table = model._meta.db_table
    with scope(writable=[ours.pk]):
        assert not model._base_manager.filter(pk=row.pk).exists()
        assert rows(f'SELECT 1 FROM "{table}" WHERE municipality_id = %s', theirs.pk) == []
        for statement in ("UPDATE {} SET municipality_id = %s", "DELETE FROM {} WHERE municipality_id <> %s"):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement.format(f'"{table}"'), [ours.pk])
                    assert cursor.rowcount == 0
            except DatabaseError as error:
                assert "permission denied" in str(error)  # noqa: PT017  append-only tables
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            model._base_manager.create(**values)
    with scope(readable=[theirs.pk]), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        model._base_manager.create(**values)


@each_tenant_model
def test_without_scope_every_access_is_loud(model):
    municipality = MunicipalityFactory()
    with scope(writable=[municipality.pk]):
        row = make_row(model, municipality)
        values = row_values(model, municipality)
    table = model._meta.db_table
    attempts = [
        lambda: model._base_manager.filter(pk=row.pk).exists(),
        lambda: rows(f'SELECT 1 FROM "{table}"'),
        lambda: model._base_manager.create(**values),
        lambda: connection.cursor().execute(f'UPDATE "{table}" SET municipality_id = municipality_id'),
        lambda: connection.cursor().execute(f'DELETE FROM "{table}"'),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=r"no tenant scope is open|permission denied"), transaction.atomic():
            attempt()
