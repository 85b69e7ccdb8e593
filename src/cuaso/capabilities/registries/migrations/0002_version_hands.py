from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registries", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="version", name="hands", field=models.JSONField(default=list)
        )
    ]
