"""The list of whoever inspects the whole province is walked by index too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0005_co_applicants")]
    operations = [
        migrations.AddIndex(
            "dossier",
            models.Index(fields=["-submitted_at", "-id"], name="procedures_dossier_newest"),
        ),
    ]
