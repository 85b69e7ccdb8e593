from django.db import migrations, models

from cuaso.kernel.identifiers import unguessable


def give_codes(apps, schema_editor):
    """Give every receipt a code of its own before codes must differ."""
    Receipt = apps.get_model("payments", "Receipt")
    for row in Receipt.objects.filter(verify_code=None):
        row.verify_code = unguessable(12)
        row.save(update_fields=["verify_code"])


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='receipt',
            name='verify_code',
            field=models.CharField(max_length=20, null=True),
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='receipt',
            name='verify_code',
            field=models.CharField(max_length=20, unique=True),
        ),
    ]
