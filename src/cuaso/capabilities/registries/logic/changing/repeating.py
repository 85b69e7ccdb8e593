"""An act that a program may send twice: under one key it is done once and answered alike."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.kernel.identifiers import new_id

KEPT: Final = timedelta(hours=48)
Plain = dict[str, Any]
# A key that came long ago is as one that never came.
_TAKING: Final = """
with gone as (
  delete from registries_answer
  where made_at < %s and (registry_id, caller, key) is distinct from (%s::uuid, %s, %s)
)
insert into registries_answer as a (id, registry_id, caller, key, sent, made_at, answer)
values (%s, %s, %s, %s, %s, %s, '{}')
on conflict (registry_id, caller, key) do update set
  id = case when a.made_at < %s then excluded.id else a.id end,
  sent = case when a.made_at < %s then excluded.sent else a.sent end,
  answer = case when a.made_at < %s then excluded.answer else a.answer end,
  made_at = case when a.made_at < %s then excluded.made_at else a.made_at end
returning a.id, a.sent, a.answer::text
"""
_ANSWERED: Final = """
select answer::text from registries_answer
where registry_id = %s and caller = %s and key = %s and made_at >= %s and answer <> '{}'
"""
_KEEPING: Final = """
update registries_answer set answer = %s::jsonb where id = %s returning answer::text
"""


def once(
    *, registry: str, key: str, sent: Mapping[str, object], actor: Actor, make: Callable[[], Plain]
) -> tuple[Plain, bool]:
    """Return what `make` answers and whether that is the answer of an earlier time.

    The answer is kept for 48 hours for this actor and key; a refused act leaves the key free. Of
    two at the same time the second waits for the first. Raises Invalid (`registries.key_used`)
    when the key came before with another content.
    """
    built = sets.built(registry)
    with transaction.atomic():
        id, stands, content, answer = _held(built, key=key, sent=_sum(sent), actor=actor)
        if not stands:
            return _again(content, answer, sent), True
        return _kept(id, make()), False


def answered(*, registry: str, key: str, actor: Actor) -> Plain:
    """Return what an act of this actor was answered under a key; raise NotFound where there was
    none in the last 48 hours.
    """
    built = sets.built(registry)
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [built.id, _caller(actor), key, clock.now() - KEPT])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(
            code="registries.no_answer",
            what="Không còn kết quả của việc này.",
            why="Kết quả được giữ 48 giờ cho chính người đã làm.",
            mend="Hãy mở từng bản ghi; lịch sử của bản ghi nói ai đã sửa gì và vì sao.",
        )
    return dict(json.loads(row[0]))


def _held(
    built: Built, *, key: str, sent: str, actor: Actor
) -> tuple[UUID, bool, str, dict[str, Any]]:
    """Keep the key, which waits for who has it; return its row, whether that row is ours, and of
    an earlier one what was sent and answered. What is older than 48 hours goes.
    """
    now, id = clock.now(), new_id()
    mark: list[Any] = [built.id, _caller(actor), key]
    old = now - KEPT
    with connection.cursor() as cursor:
        cursor.execute(_TAKING, [old, *mark, id, *mark, sent, now, *[old] * 4])
        held, content, answer = cursor.fetchone()
    return held, held == id, content, json.loads(answer)


def _kept(id: UUID, answer: Plain) -> Plain:
    """Keep an answer; return it as it will be given again."""
    text = json.dumps(answer, cls=DjangoJSONEncoder)
    with connection.cursor() as cursor:
        cursor.execute(_KEEPING, [text, id])
        return dict(json.loads(cursor.fetchone()[0]))


def _again(content: str, answer: Plain, sent: Mapping[str, object]) -> Plain:
    if content != _sum(sent):
        raise Invalid(
            code="registries.key_used",
            what="Khóa chống lặp này đã dùng cho một yêu cầu khác.",
            why="Cùng một khóa mà nội dung gửi lên khác lần trước, nên chưa có gì được ghi.",
            mend="Hãy đặt khóa mới cho yêu cầu mới, hoặc gửi lại đúng nội dung cũ.",
        )
    return dict(answer)


def _caller(actor: Actor) -> str:
    return _sum({"of": [actor.kind, actor.name, actor.person_id, actor.post_id]})


def _sum(sent: Mapping[str, object]) -> str:
    text = json.dumps(sent, sort_keys=True, cls=DjangoJSONEncoder, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
