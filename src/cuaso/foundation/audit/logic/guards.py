"""SQL of the triggers that keep the ledger append-only; the migrations run it."""

from collections.abc import Iterable

_REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Sổ cái chỉ ghi thêm: % trên % bị từ chối.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
"""

# An entry changes twice in its life: once when it gets its leaf index, once when it is erased.
_ENTRY = """
CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.position, NEW.entry_id, NEW.recorded_at, NEW.act, NEW.subject_kind, NEW.subject_id,
      NEW.actor_kind, NEW.actor_post_id, NEW.actor_agency_id, NEW.trace, NEW.commitment, NEW.leaf)
    IS NOT DISTINCT FROM
     (OLD.position, OLD.entry_id, OLD.recorded_at, OLD.act, OLD.subject_kind, OLD.subject_id,
      OLD.actor_kind, OLD.actor_post_id, OLD.actor_agency_id, OLD.trace, OLD.commitment, OLD.leaf)
  THEN
    IF OLD.leaf_index IS NULL AND NEW.leaf_index IS NOT NULL
       AND (NEW.sealed, NEW.salt, NEW.actor_person_id, NEW.erased_at)
         IS NOT DISTINCT FROM (OLD.sealed, OLD.salt, OLD.actor_person_id, OLD.erased_at)
    THEN RETURN NEW; END IF;
    IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
       AND NEW.leaf_index IS NOT DISTINCT FROM OLD.leaf_index
       AND NEW.sealed IS NULL AND NEW.salt IS NULL AND NEW.actor_person_id IS NULL
    THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'Sổ cái chỉ ghi thêm: không sửa được mục %.', OLD.entry_id
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_entry_guard();
CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

_APPEND_ONLY = """
CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

_NO_TRUNCATE = """
CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

# What the first guards were set on; a table that came later is guarded by its own migration.
WRITE_ONCE = ("audit_node", "audit_head", "audit_key", "audit_look")
KEPT = ("audit_entry", *WRITE_ONCE)
LATER = ("audit_look_many",)


def change_guards(tables: Iterable[str]) -> str:
    """Return the SQL by which tables refuse UPDATE and DELETE."""
    return "".join(_APPEND_ONLY.format(table=name) for name in tables)


def truncate_guards(tables: Iterable[str]) -> str:
    """Return the SQL by which tables refuse TRUNCATE."""
    return "".join(_NO_TRUNCATE.format(table=name) for name in tables)


def no_guards(tables: Iterable[str]) -> str:
    """Return the SQL that takes every guard from tables."""
    return "".join(
        f"DROP TRIGGER IF EXISTS {name}_{event} ON {name};\n"
        for name in tables
        for event in ("change", "truncate", "update", "delete")
    )


CHANGE_GUARDS = _REFUSE + _ENTRY + change_guards(WRITE_ONCE)
TRUNCATE_GUARDS = truncate_guards(KEPT)
REMOVE_GUARDS = (
    no_guards(KEPT)
    + "DROP FUNCTION IF EXISTS audit_entry_guard(); DROP FUNCTION IF EXISTS audit_refuse();"
)
