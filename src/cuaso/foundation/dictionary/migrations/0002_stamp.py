"""Every change of a code list renews the stamp under which answers are remembered."""

from django.db import migrations, models

import cuaso.kernel.identifiers

TABLES = ("dictionary_codelist", "dictionary_code")
FUNCTION = """
create function dictionary_restamp() returns trigger language plpgsql as $$
begin
  update dictionary_stamp set value = gen_random_uuid();
  return null;
end $$;
insert into dictionary_stamp (value) values (gen_random_uuid());
"""
TRIGGER = """
create trigger dictionary_restamp after insert or update or delete or truncate on {table}
for each statement execute function dictionary_restamp();
"""
RENEWING = FUNCTION + "".join(TRIGGER.format(table=table) for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("dictionary", "0001_initial")]
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
        migrations.RunSQL(sql=RENEWING, reverse_sql="drop function dictionary_restamp() cascade"),
    ]
