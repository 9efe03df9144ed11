from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_reminders"),
        ("tenants", "0004_legal_acts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(fields=["municipality", "-created_at"], name="messaging_mail_newest"),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("state", "failed")),
                fields=["municipality", "next_try_at"],
                name="messaging_mail_failed",
            ),
        ),
    ]
