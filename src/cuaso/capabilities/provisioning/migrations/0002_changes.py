"""Whatever changes an account, a person with an account, an agency, a unit or a post notes it down.

Triggers, not calls: packs install these tables in bulk, and a change that nobody noted would be
missing outside for ever. What stands already is noted once.
"""

from django.db import migrations

FUNCTIONS = """
create function provisioning_note() returns trigger language plpgsql as $$
begin
  insert into provisioning_change (kind, subject_id)
  values (tg_argv[0], case when tg_op = 'DELETE' then old.id else new.id end);
  return null;
end $$;

create function provisioning_note_post() returns trigger language plpgsql as $$
begin
  insert into provisioning_change (kind, subject_id)
  values ('post', case when tg_op = 'DELETE' then old.id else new.id end);
  if tg_op <> 'INSERT' and old.person_id is not null then
    insert into provisioning_change (kind, subject_id) values ('person', old.person_id);
  end if;
  if tg_op <> 'DELETE' and new.person_id is not null
      and (tg_op = 'INSERT' or new.person_id is distinct from old.person_id) then
    insert into provisioning_change (kind, subject_id) values ('person', new.person_id);
  end if;
  return null;
end $$;
"""
# A sign-in writes the account's row too: only what is shown counts. Citizens have no entry.
ACCOUNTS = """
create trigger provisioning_note after insert on identity_account
for each row when (new.kind = 'official') execute function provisioning_note('account');
create trigger provisioning_note_change after update on identity_account
for each row when (new.kind = 'official' and (old.username, old.display_name, old.email,
  old.is_active, old.person_id) is distinct from (new.username, new.display_name, new.email,
  new.is_active, new.person_id)) execute function provisioning_note('account');
create trigger provisioning_note_end after delete on identity_account
for each row when (old.kind = 'official') execute function provisioning_note('account');
create trigger provisioning_note after update on directory_person
for each row when ((old.name, old.email, old.phone) is distinct from
  (new.name, new.email, new.phone)) execute function provisioning_note('person');
"""
UNITS = """
create trigger provisioning_note after insert or update or delete on {table}
for each row execute function provisioning_note('{kind}');
"""
POSTS = """
create trigger provisioning_note after insert or update or delete on directory_post
for each row execute function provisioning_note_post();
"""
STANDING = """
insert into provisioning_change (kind, subject_id)
select 'account', id from identity_account where kind = 'official'
union all select 'agency', id from directory_agency
union all select 'unit', id from directory_unit
union all select 'post', id from directory_post;
"""
# Letters anywhere in a name; without the extension the same search reads all rows.
LETTERS = """
do $$ begin
  if exists (select from pg_extension where extname = 'pg_trgm') then
    create index provisioning_entry_letters on provisioning_entry using gin (folded gin_trgm_ops);
  end if;
end $$;
"""
FORWARD = "".join(
    (
        FUNCTIONS,
        ACCOUNTS,
        UNITS.format(table="directory_agency", kind="agency"),
        UNITS.format(table="directory_unit", kind="unit"),
        POSTS,
        STANDING,
        LETTERS,
    )
)
BACK = """
drop function provisioning_note() cascade;
drop function provisioning_note_post() cascade;
drop index if exists provisioning_entry_letters;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("provisioning", "0001_initial"),
        ("directory", "0003_stamp"),
        ("identity", "0001_initial"),
    ]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=BACK)]
