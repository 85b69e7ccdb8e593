"""Every change of published procedures renews the stamp under which finds are remembered."""

from django.db import migrations, models

import cuaso.kernel.identifiers

RENEWING = """
create function catalogue_restamp() returns trigger language plpgsql as $$
begin
  update catalogue_stamp set value = gen_random_uuid();
  return null;
end $$;
insert into catalogue_stamp (value) values (gen_random_uuid());
create trigger catalogue_restamp after insert or update or delete or truncate
on catalogue_publishedprocedure
for each statement execute function catalogue_restamp();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.UUIDField(default=cuaso.kernel.identifiers.new_id)),
            ],
        ),
        migrations.RunSQL(sql=RENEWING, reverse_sql="drop function catalogue_restamp() cascade"),
    ]
