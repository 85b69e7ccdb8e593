"""Readers who see what their own agencies keep: which one of these keeps anything at all.

A post's agencies are its committee and the offices under it, of which as a rule one keeps records.
Named alone it lets PostgreSQL read a list along the index that begins with the agency; among
several the order would be lost. The policy decides all the same, for fewer agencies.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import prepared
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.kernel.actors import Actor
from cuaso.kernel.remembering import once

# More agencies than these are not asked about one by one.
MOST: Final = 40
# The order makes PostgreSQL look into the index, which is the short way where there is no row.
_KEEPERS: Final = """
select asked.agency from unnest(%s::uuid[]) as asked (agency), lateral (
  select 1 from "{table}"
  where row_gone is null and row_agency >= asked.agency and row_agency <= asked.agency
  order by row_agency limit 1
) as kept
"""


def narrowed(built: Built, actor: Actor, *, past: bool = False) -> Actor:
    """Return the actor with the one agency that keeps whatever this actor sees outside the bin; as
    the actor is where there may be more: other rights, or several agencies that keep records.
    """
    scope = sorted(actor.agency_scope, key=str)
    if not 1 < len(scope) <= MOST or not rights.sees_kept_only(built, actor):
        return actor
    table = (built.past if past else built.live)._meta.db_table  # noqa: SLF001 Django's own documented door
    keepers = once(("registries.keepers", table, *scope), lambda: _keepers(table, scope))
    one = (keepers or scope)[:1]
    return actor if len(keepers) > 1 else replace(actor, agency_scope=frozenset(one))


def _keepers(table: str, scope: list[UUID]) -> list[UUID]:
    return [row[0] for row in prepared.every(_KEEPERS.format(table=table), [scope])]
