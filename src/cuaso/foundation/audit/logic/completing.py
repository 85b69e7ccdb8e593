"""An entry that PostgreSQL completes: what came of the rows of an act is known there first, so that
the rows, the events and the entry go as one statement.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from cuaso.foundation.audit.contracts import Publication, Written
from cuaso.foundation.audit.logic.gathering import ENTRY_COLUMNS, gathers, inserting_events
from cuaso.foundation.audit.logic.publish import row_of
from cuaso.foundation.audit.logic.record import draft
from cuaso.foundation.audit.logic.sealing import leaf_text
from cuaso.kernel.actors import Actor
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

_MARK_BYTES: Final = 32
_SAID_BY_THE_ACT: Final = ENTRY_COLUMNS[: ENTRY_COLUMNS.index("sealed")]
# As `commit` and `leaf_of` do in Python; a test holds them equal.
_COMPLETING: Final = f"""
insert into audit_entry ({", ".join(ENTRY_COLUMNS)})
select {", ".join(["%s"] * len(_SAID_BY_THE_ACT))}, sealed, salt, commitment,
  sha256('\\x00'::bytea || convert_to(%s::text || encode(commitment, 'hex') || %s::text, 'UTF8'))
from (
  select sealed, salt, sha256(salt || convert_to(sealed, 'UTF8')) as commitment
  from (
    select %s::text || {{digits}} || %s::text as sealed, %s::bytea as salt from {{rows}} offset 0
  ) as said offset 0
) as committed"""  # noqa: S608 our own column names


def completed(
    *,
    actor: Actor,
    act: str,
    subject: Subject,
    content: Mapping[str, object],
    late: str,
    digits: str,
    rows: str,
    reason: str = "",
    publications: Sequence[Publication] = (),
) -> tuple[Written, ...]:
    """Return what records an act as `record` does, as parts of the statement that writes its rows.

    The content's `late` is what the SQL `digits` says in the one row of the part `rows`:
    hexadecimal digits. Where that part writes no row there is no entry. Who wakes the deliverers
    (`wake_for`) is the caller, once the statement has been sent.
    """
    if gathers():
        message = "audit.completed goes at once: inside audit.gathered entries would change places"
        raise RuntimeError(message)
    mark, sign = secrets.token_hex(_MARK_BYTES), secrets.token_bytes(_MARK_BYTES)
    told = draft(
        actor=actor, act=act, subject=subject, content={**content, late: mark}, reason=reason
    )
    sealed_before, sealed_after = told.sealed.split(mark)
    leaf_before, leaf_after = leaf_text(told._replace(commitment=sign)).split(sign.hex())
    said = told[: len(_SAID_BY_THE_ACT)]
    entry = Written(
        statement=_COMPLETING.format(digits=digits, rows=rows),
        values=[*said, leaf_before, leaf_after, sealed_before, sealed_after, told.salt],
    )
    if not publications:
        return (entry,)
    return (inserting_events([row_of(one, subject, id=new_id()) for one in publications]), entry)
