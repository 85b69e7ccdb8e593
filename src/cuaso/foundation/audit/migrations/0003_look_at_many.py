"""People seen on a page of a list, or in a file, in one row; append-only as looks are."""

import cuaso.kernel.identifiers
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models

from cuaso.foundation.audit.logic.guards import (
    LATER,
    change_guards,
    no_guards,
    truncate_guards,
)

GUARDS = change_guards(LATER)
if settings.MODE != "test":
    GUARDS += truncate_guards(LATER)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='LookAtMany',
            fields=[
                ('look_id', models.UUIDField(default=cuaso.kernel.identifiers.new_id, primary_key=True, serialize=False)),
                ('looked_at', models.DateTimeField()),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('subject_kind', models.TextField()),
                ('subjects', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('listed', models.BooleanField()),
                ('actor_kind', models.TextField()),
                ('actor_name', models.TextField()),
                ('actor_person_id', models.UUIDField(null=True)),
                ('actor_post_id', models.UUIDField(null=True)),
                ('actor_agency_id', models.UUIDField(null=True)),
                ('purpose', models.TextField()),
                ('task', models.TextField(default='')),
                ('trace', models.TextField(default='')),
            ],
            options={
                'db_table': 'audit_look_many',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['people'], gin_pending_list_limit=256, name='audit_look_many_people'), django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['looked_at'], name='audit_look_many_at', pages_per_range=32)],
            },
        ),
        migrations.RunSQL(sql=GUARDS, reverse_sql=no_guards(LATER)),
    ]
