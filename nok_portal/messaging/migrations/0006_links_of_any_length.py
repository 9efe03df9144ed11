from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_unread_reminders")]

    operations = [migrations.AlterField("reminder", "url", models.TextField(verbose_name="адрес"))]
