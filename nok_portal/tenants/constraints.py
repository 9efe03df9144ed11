"""A child row cannot hang under another municipality's parent: the foreign key carries both columns."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import BaseConstraint, Model


class SameMunicipality(BaseConstraint):
    """Composite key `(<field>_id, municipality_id)` → parent `(id, municipality_id)`.

    The plain key is declared with `db_constraint=False`, the parent is a TenantModel (it has the unique
    pair). Nothing is checked in Python: a wrong pair is a bug, and the database refuses it.
    """

    def __init__(self, *, field: str, name: str = "") -> None:
        super().__init__(name=name or f"%(app_label)s_%(class)s_{field}_municipality")
        self.field = field

    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert schema_editor is not None
        # after all tables of the migration exist
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return None

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        field: Any = model._meta.get_field(self.field)
        parent = field.remote_field.model
        quote = schema_editor.quote_name
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s)"
            " REFERENCES %(parent)s (%(parent_columns)s) DEFERRABLE INITIALLY DEFERRED",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            columns=Columns(model._meta.db_table, [field.column, "municipality_id"], quote),
            parent=Table(parent._meta.db_table, quote),
            parent_columns=Columns(parent._meta.db_table, ["id", "municipality_id"], quote),
        )

    def remove_sql(self, model: type[Model] | None, schema_editor: Any) -> Any:
        return schema_editor._delete_constraint_sql(schema_editor.sql_delete_fk, model, self.name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        return None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SameMunicipality):
            return self.name == other.name and self.field == other.field
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.field))

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}
