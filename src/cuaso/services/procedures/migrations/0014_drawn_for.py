"""A result knows over whose name its draft was drawn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0013_stamp")]
    operations = [
        migrations.AddField("result", "drawn_post_id", models.UUIDField(null=True)),
        migrations.AddField("result", "drawn_name", models.TextField(blank=True, default=""), False),
    ]
