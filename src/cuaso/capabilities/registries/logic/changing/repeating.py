"""An act that a program may send twice: under one key it is done once and answered alike."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.models import Answer
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

KEPT: Final = timedelta(hours=48)
Plain = dict[str, Any]


def once(
    *, registry: str, key: str, sent: Mapping[str, object], actor: Actor, make: Callable[[], Plain]
) -> tuple[Plain, bool]:
    """Return what `make` answers and whether that is the answer of an earlier time.

    The answer is kept for 48 hours for this actor and key; a refused act leaves the key free. Of
    two at the same time the second waits for the first. Raises Invalid (`registries.key_used`)
    when the key came before with another content.
    """
    built = sets.built(registry)
    mark = {"registry_id": built.id, "caller": _caller(actor), "key": key}
    with transaction.atomic():
        Answer.objects.filter(made_at__lt=clock.now() - KEPT).delete()
        fresh = Answer(**mark, sent=_sum(sent), made_at=clock.now())
        Answer.objects.bulk_create([fresh], ignore_conflicts=True)
        held = Answer.objects.select_for_update().get(**mark)
        if held.id != fresh.id:
            return _again(held, sent), True
        held.answer = make()
        held.save(update_fields=["answer"])
        held.refresh_from_db(fields=["answer"])
        return held.answer, False


def _again(held: Answer, sent: Mapping[str, object]) -> Plain:
    if held.sent != _sum(sent):
        raise Invalid(
            code="registries.key_used",
            what="Khóa chống lặp này đã dùng cho một yêu cầu khác.",
            why="Cùng một khóa mà nội dung gửi lên khác lần trước, nên chưa có gì được ghi.",
            mend="Hãy đặt khóa mới cho yêu cầu mới, hoặc gửi lại đúng nội dung cũ.",
        )
    return dict(held.answer)


def _caller(actor: Actor) -> str:
    return _sum({"of": [actor.kind, actor.name, actor.person_id, actor.post_id]})


def _sum(sent: Mapping[str, object]) -> str:
    text = json.dumps(sent, sort_keys=True, cls=DjangoJSONEncoder, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
