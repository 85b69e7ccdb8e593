"""The index of the queue knows whose a step is, so that counting what waits reads no rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0009_inherited")]
    operations = [
        migrations.RemoveIndex("work", "procedures_work_queue"),
        migrations.AddIndex(
            "work",
            models.Index(
                fields=["agency_id", "role", "due_at", "id"],
                condition=models.Q(done_at=None),
                include=["post_id", "dossier"],
                name="procedures_work_queue",
            ),
        ),
    ]
