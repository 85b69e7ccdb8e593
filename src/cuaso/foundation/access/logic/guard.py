"""Guard the tables of declared policies by row-level security, run by the tables' owner."""

from django.db import connection, transaction

from cuaso.foundation.access.contracts import Policy
from cuaso.foundation.access.logic.register import policies
from cuaso.foundation.access.logic.second_door import APP, READER, Guard, table_of

_ROLES = """
select exists (select 1 from pg_roles where rolname = %s),
  not exists (select 1 from pg_roles where rolname = %s and not (rolbypassrls or rolsuper))
"""


def has_reader() -> bool:
    """Say whether the server knows the role that reads by SQL, and lets the app past the guards:
    one whom a policy filters, be it by “true”, may not COPY into the table.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, [READER, APP])
        return tuple(cursor.fetchone()) == (True, True)


def guard_statements(policy: Policy) -> tuple[str, ...]:
    """Return what shows the reader exactly the rows that the policy lets them view."""
    return Guard(policy).statements()


def guard_all() -> int:
    """Guard the table of every registered policy and let the reader read it; return how many.

    Run it as the tables' owner. A table is never open in between: a table under row-level
    security without a policy shows nothing.
    """
    if not has_reader():
        return 0
    for policy in policies():
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in guard_statements(policy):
                cursor.execute(statement)
            cursor.execute(f'grant select on "{table_of(policy.model)}" to {READER}')
    return len(policies())
