"""The ledger is append-only in the database itself.

A house in test mode may empty its tables between two tests, so there TRUNCATE stays open.
"""

from django.conf import settings
from django.db import migrations

from cuaso.foundation.audit.logic.guards import CHANGE_GUARDS, REMOVE_GUARDS, TRUNCATE_GUARDS

GUARDS = CHANGE_GUARDS if settings.MODE == "test" else CHANGE_GUARDS + TRUNCATE_GUARDS


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(sql=GUARDS, reverse_sql=REMOVE_GUARDS)]
