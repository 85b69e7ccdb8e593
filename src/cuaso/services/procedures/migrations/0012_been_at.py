"""Words are looked up among the dossiers of one agency."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

FILL = """
update procedures_dossier d set been_at_ids = array(
  select agency_id from (
    select unnest(array[d.agency_id, d.received_agency_id, d.signing_agency_id]) as agency_id
    union select w.agency_id from procedures_work w where w.dossier_id = d.id
  ) as been_at where agency_id is not null order by agency_id);
"""


class Migration(migrations.Migration):
    # A table that was filled in this transaction cannot be altered in it.
    atomic = False
    dependencies = [("procedures", "0011_limit_cases")]
    operations = [
        migrations.RemoveIndex("dossier", "procedures_dossier_words"),
        migrations.AddField("dossier", "been_at_ids", ArrayField(models.UUIDField(), default=list)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            "dossier",
            GinIndex(fields=["been_at_ids", "words"], name="procedures_dossier_words"),
        ),
    ]
