"""What the triggers of a registry say: they keep history and refuse what no change has made."""

from typing import Final

# A plan made for a first change of few rows is kept: a nested loop in it would take hours for many.
KEEP: Final = """
create or replace function {function}() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_nestloop = off as $body$
declare
  row_asked uuid := nullif(current_setting('cuaso.change', true), '')::uuid;
  row_kept bigint;
begin
  if tg_op = 'TRUNCATE' then
    raise exception 'registries: a table of records is never emptied' using errcode = 'RG001';
  end if;
  {first}
  if row_asked is null or not exists (select 1 from registries_change where id = row_asked) then
    raise exception 'registries: a change without an actor' using errcode = 'RG002';
  end if;
  {body}
  return null;
end $body$
"""
# What follows from other columns may be made anew without a change: the trigger compares the rest.
ON_REDERIVE: Final = """
  if current_setting('cuaso.rederive', true) = 'on' then
    if (select count(*) from old_rows) <> (
      select count(*) from old_rows o join new_rows n using (row_id)
      where ({kept_before}) is not distinct from ({kept_after})
    ) then
      raise exception 'registries: a row was changed outside its change' using errcode = 'RG002';
    end if;
    return null;
  end if;
"""
ON_INSERT: Final = """
  if exists (select 1 from new_rows where row_change <> row_asked) then
    raise exception 'registries: a row names another change' using errcode = 'RG002';
  end if;
"""
ON_UPDATE: Final = """
  insert into {past} ({columns}, row_until, row_ended)
  select {old}, n.row_since, row_asked from old_rows o join new_rows n using (row_id)
  where n.row_change = row_asked and n.row_since > o.row_since;
  get diagnostics row_kept = row_count;
  if row_kept <> (select count(*) from old_rows) then
    raise exception 'registries: a row was changed outside its change' using errcode = 'RG002';
  end if;
"""
ON_DELETE: Final = """
  insert into {past} ({columns}, row_until, row_ended)
  select {old}, greatest(current_setting('cuaso.change_at')::timestamptz,
    o.row_since + interval '1 microsecond'), row_asked from old_rows o;
"""
