import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0008_heads_of_parties")]

    operations = [
        migrations.AlterField(
            model_name="plan",
            name="previous",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="plans.plan",
                verbose_name="прежняя",
            ),
        ),
    ]
