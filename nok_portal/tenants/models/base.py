from django.db import models


class TenantModel(models.Model):
    """A row of one municipality. Children repeat the municipality and point to parents by both columns.

    Constraints of a child start with `*TenantModel.Meta.constraints`, then one `SameMunicipality` for
    each parent; the table gets its line in tables.py.
    """

    municipality = models.ForeignKey(
        "tenants.Municipality", models.PROTECT, related_name="+", verbose_name="муниципалитет"
    )

    class Meta:
        abstract = True
        constraints = [
            # what the composite keys of children point to
            models.UniqueConstraint(fields=["id", "municipality"], name="%(app_label)s_%(class)s_id_municipality"),
        ]
