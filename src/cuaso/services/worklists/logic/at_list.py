"""What a post has beside a list: its own filters, and what went on since it looked."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.services.worklists.contracts import AtList, Filter, SavedFilter

# One plain statement: every list of work asks both.
_ASKED: Final = """
select id, title, view, text, procedure, made_at, null::integer as version
from worklists_savedview where post_id = %s
union all
select dossier_id, null, null, null, null, null, version
from worklists_seen where post_id = %s and dossier_id = any(%s)
order by made_at, id
"""


def at_list(*, versions: Mapping[UUID, int], actor: Actor) -> AtList:
    """Return the filters of the actor's post in the order of their making, and which dossiers,
    given with their versions of now, went on since the post saw them.
    """
    if actor.post_id is None:
        return AtList()
    with audit.planned() as cursor:
        cursor.execute(_ASKED, [actor.post_id, actor.post_id, list(versions)])
        rows = cursor.fetchall()
    return AtList(
        saved=tuple(
            SavedFilter(
                id=id, title=title, filter=Filter(view=view, text=text, procedure=procedure)
            )
            for id, title, view, text, procedure, _made_at, seen in rows
            if seen is None
        ),
        changed=frozenset(
            id for id, *_filter, seen in rows if seen is not None and seen < versions[id]
        ),
    )
