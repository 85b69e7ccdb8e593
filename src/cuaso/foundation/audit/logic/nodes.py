from collections.abc import Iterable

from django.db import connection

from cuaso.foundation.audit.logic.merkle import Node


def read_nodes(wanted: Iterable[Node]) -> dict[Node, bytes]:
    """Return the stored hashes of these nodes in one read; missing ones are left out."""
    pairs = list(wanted)
    if not pairs:
        return {}
    levels, indexes = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT level, index, hash FROM audit_node
               JOIN unnest(%s::smallint[], %s::bigint[]) AS wanted (level, index)
               USING (level, index)""",
            [list(levels), list(indexes)],
        )
        return {(level, index): bytes(found) for level, index, found in cursor.fetchall()}
