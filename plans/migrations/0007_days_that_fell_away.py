from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0006_party_decisions"),
        ("tenants", "0004_legal_acts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="duedate",
            name="fell_away",
            field=models.BooleanField(default=False, verbose_name="отпал при пересчёте"),
        ),
        # until now the words of the reason told them; who decided before was overwritten
        migrations.RunSQL(
            "UPDATE plans_duedate SET fell_away = true, decided_by_id = NULL, decided_at = NULL"
            " WHERE state = 'cancelled' AND cancelled_reason LIKE 'День отпал при пересчёте сроков%'",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="duedate",
            constraint=models.CheckConstraint(
                condition=models.Q(("fell_away", False), ("state", "cancelled"), _connector="OR"),
                name="plans_duedate_fell_away",
            ),
        ),
    ]
