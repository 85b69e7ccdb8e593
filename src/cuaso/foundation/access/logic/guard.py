"""Guard the tables of declared policies by row-level security, run by the tables' owner."""

from django.db import connection, transaction

from cuaso.foundation.access.contracts import Policy
from cuaso.foundation.access.logic.register import policies
from cuaso.foundation.access.logic.second_door import READER, Guard, table_of


def has_reader() -> bool:
    """Say whether this database's server knows the role that reads by SQL."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", [READER])
        return cursor.fetchone() is not None


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
