"""Lists are walked newest first, agency by agency, whatever their length."""

from django.db import migrations, models

FILL = """
update procedures_work w set submitted_at = d.submitted_at
from procedures_dossier d where d.id = w.dossier_id;
"""


class Migration(migrations.Migration):
    # A table that was filled in this transaction cannot be altered in it.
    atomic = False
    dependencies = [("procedures", "0003_register")]
    operations = [
        migrations.AddField("work", "submitted_at", models.DateTimeField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("work", "submitted_at", models.DateTimeField()),
        migrations.AddIndex(
            "work",
            models.Index(
                fields=["agency_id", "-submitted_at", "-dossier"], name="procedures_work_newest"
            ),
        ),
        migrations.RemoveIndex("dossier", "procedures_dossier_agency"),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["agency_id", "-submitted_at", "-id"], name="procedures_dossier_agency"
            ),
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["received_agency_id", "-submitted_at", "-id"],
                name="procedures_dossier_received",
            ),
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["agency_id"],
                condition=models.Q(status__in=[5, 6]),
                name="procedures_dossier_waiting",
            ),
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["received_agency_id"],
                condition=models.Q(status__in=[5, 6]),
                name="procedures_dossier_asked",
            ),
        ),
    ]
