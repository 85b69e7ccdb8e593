from django.db import migrations

import cuaso.capabilities.registries.logic.storing.declared


class Migration(migrations.Migration):
    dependencies = [("registries", "0003_sheet_mapping")]

    operations = [
        migrations.AlterField(
            model_name="version",
            name="declared",
            field=cuaso.capabilities.registries.logic.storing.declared.DeclaredField(),
        ),
    ]
