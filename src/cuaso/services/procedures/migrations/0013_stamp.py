"""Every new version of a procedure renews the stamp under which the catalogue is remembered."""

from django.db import migrations, models

import cuaso.kernel.identifiers

RENEWING = """
create function procedures_restamp() returns trigger language plpgsql as $$
begin
  update procedures_stamp set value = gen_random_uuid();
  return null;
end $$;
insert into procedures_stamp (value) values (gen_random_uuid());
create trigger procedures_restamp after insert or update or delete or truncate
on procedures_procedureversion
for each statement execute function procedures_restamp();
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0012_been_at")]
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
        migrations.RunSQL(sql=RENEWING, reverse_sql="drop function procedures_restamp() cascade"),
    ]
