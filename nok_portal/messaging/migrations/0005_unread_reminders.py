from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_letters_by_day"),
        ("tenants", "0004_legal_acts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["municipality", "recipient", "-id"],
                name="messaging_reminder_unread",
            ),
        ),
    ]
