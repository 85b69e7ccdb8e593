"""Every change of agencies, units, posts, places and calendars renews the stamp under which answers are remembered."""

from django.db import migrations, models

import cuaso.kernel.identifiers

TABLES = (
    *("directory_agency", "directory_agencysuccession", "directory_unit", "directory_post"),
    *("directory_place", "directory_placesuccession"),
    *("directory_calendarday", "directory_workinghours"),
)
FUNCTION = """
create function directory_restamp() returns trigger language plpgsql as $$
begin
  update directory_stamp set value = gen_random_uuid();
  return null;
end $$;
insert into directory_stamp (value) values (gen_random_uuid());
"""
TRIGGER = """
create trigger directory_restamp after insert or update or delete or truncate on {table}
for each statement execute function directory_restamp();
"""
# A post tells its holder's name; new people, of whom there are many, change no answer.
HOLDERS = """
create trigger directory_restamp after update of name on directory_person
for each statement execute function directory_restamp();
"""
RENEWING = FUNCTION + "".join(TRIGGER.format(table=table) for table in TABLES) + HOLDERS


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_calendar")]
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
        migrations.RunSQL(sql=RENEWING, reverse_sql="drop function directory_restamp() cascade"),
    ]
