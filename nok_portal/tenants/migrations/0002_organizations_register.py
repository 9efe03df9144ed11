import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import nok_portal.tenants.constraints


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="organizationimport",
            name="reading",
            field=models.JSONField(default=dict, verbose_name="как понят файл"),
        ),
        migrations.AddField(
            model_name="organizationimport",
            name="result",
            field=models.JSONField(default=dict, verbose_name="итог"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="sort_key",
            field=models.CharField(db_collation="C", editable=False, max_length=400),
        ),
        migrations.CreateModel(
            name="OrganizationDistinction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decided_at", models.DateTimeField(verbose_name="когда")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="кто решил",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                        verbose_name="одна организация",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.municipality",
                        verbose_name="муниципалитет",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.organization",
                        verbose_name="другая организация",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("id", "municipality"), name="tenants_organizationdistinction_id_municipality"
                    ),
                    nok_portal.tenants.constraints.SameMunicipality(
                        field="first", name="tenants_organizationdistinction_first_municipality"
                    ),
                    nok_portal.tenants.constraints.SameMunicipality(
                        field="second", name="tenants_organizationdistinction_second_municipality"
                    ),
                    models.UniqueConstraint(fields=("first", "second"), name="tenants_organizationdistinction_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="tenants_organizationdistinction_ordered",
                    ),
                ],
            },
        ),
    ]
