"""Row-level security and rights of the runtime role, made from tables.py after every migration.

Run as the owner. ENABLE without FORCE: the owner (migrations, dumps, repair) sees all rows, the runtime
role owns nothing and cannot bypass policies.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from . import tables

SCOPE_FUNCTION = """
CREATE OR REPLACE FUNCTION tenant_scope(kind text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE opened text := nullif(pg_catalog.current_setting('nok.' || kind, true), '');
BEGIN
    IF opened IS NULL THEN
        RAISE EXCEPTION 'no tenant scope is open' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN opened;
END $$
"""


def secure_tables(connection: BaseDatabaseWrapper, *, runtime_role: str) -> None:
    """Grant the runtime role what tables.py says, no more, and write the policies of every tenant table."""
    quote = connection.ops.quote_name
    role = quote(runtime_role)
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute(SCOPE_FUNCTION)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for table, grant in (tables.GLOBAL | tables.MUNICIPALITY | tables.MIXED).items():
            if table in existing and grant:
                cursor.execute(f"GRANT {grant} ON {quote(table)} TO {role}")
        for table in tables.MUNICIPALITY:
            if table in existing:
                _write_policies(cursor, quote(table), _municipality_rule("readable"), _municipality_rule("writable"))
        for table in tables.MIXED:
            if table in existing:
                _write_policies(cursor, quote(table), _mixed_rule("readable"), _mixed_rule("writable"))


def _municipality_rule(kind: str) -> str:
    # the sub-select is evaluated once a query and leaves the index usable
    return f"municipality_id = ANY ((SELECT tenant_scope('{kind}'))::bigint[])"


def _mixed_rule(kind: str) -> str:
    return (
        f"{_municipality_rule(kind)}"
        " OR region_id = ANY ((SELECT tenant_scope('regions'))::bigint[])"
        " OR (municipality_id IS NULL AND region_id IS NULL AND (SELECT tenant_scope('system')) = '{1}')"
    )


def _write_policies(cursor: CursorWrapper, table: str, readable: str, writable: str) -> None:
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for name in ("tenant_select", "tenant_insert", "tenant_update", "tenant_delete"):
        cursor.execute(f"DROP POLICY IF EXISTS {name} ON {table}")
    cursor.execute(f"CREATE POLICY tenant_select ON {table} FOR SELECT USING ({readable})")
    cursor.execute(f"CREATE POLICY tenant_insert ON {table} FOR INSERT WITH CHECK ({writable})")
    cursor.execute(f"CREATE POLICY tenant_update ON {table} FOR UPDATE USING ({writable}) WITH CHECK ({writable})")
    cursor.execute(f"CREATE POLICY tenant_delete ON {table} FOR DELETE USING ({writable})")
