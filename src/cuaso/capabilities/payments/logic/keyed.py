"""An act that a program repeats with its key is done once and answered alike."""

import hashlib
import json
from collections.abc import Callable
from uuid import UUID

from django.db import connection

from cuaso.capabilities.payments import models
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict


def once(*, key: str, asked: tuple[str, ...], actor: Actor, act: Callable[[], UUID]) -> UUID:
    """Do an act inside the caller's transaction, once per key of the actor; return its result's id.

    Without a key, or for somebody who is no person, it is simply done. `asked` is all that the
    act was asked. Raises Conflict when the key came with something else.
    """
    if not key or actor.person_id is None:
        return act()
    if not connection.in_atomic_block:
        message = "a keyed act is claimed inside the transaction that does it"
        raise RuntimeError(message)
    sha256 = hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    row = models.KeyedAct(person_id=actor.person_id, key=key, sha256=sha256, done_at=clock.now())
    models.KeyedAct.objects.bulk_create([row], ignore_conflicts=True)
    kept = models.KeyedAct.objects.get(person_id=actor.person_id, key=key)
    if kept.sha256 != sha256 or (kept.id != row.id and kept.result_id is None):
        raise Conflict(
            code="payments.key_reused",
            what="Khóa này đã được dùng cho một việc khác.",
            mend="Hãy gửi việc mới với khóa mới.",
        )
    if kept.id != row.id and kept.result_id is not None:
        return kept.result_id
    kept.result_id = act()
    kept.save(update_fields=["result_id"])
    return kept.result_id
