import django.db.models.deletion
from django.db import migrations, models

import cuaso.kernel.identifiers


class Migration(migrations.Migration):
    dependencies = [("registries", "0002_version_hands")]

    operations = [
        migrations.CreateModel(
            name="SheetMapping",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cuaso.kernel.identifiers.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("agency_id", models.UUIDField()),
                ("columns", models.JSONField(default=dict)),
                ("codes", models.JSONField(default=dict)),
                ("saved_by", models.CharField(max_length=200)),
                ("saved_at", models.DateTimeField()),
                (
                    "registry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mappings",
                        to="registries.registry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("registry", "agency_id"), name="registries_one_sheet_mapping"
                    )
                ]
            },
        ),
    ]
