"""End sign-ons: every token below is void at once, and every system concerned will be told."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

# Ending and telling are one statement: no session ends without its notices.
_END: Final = """
with ended as (
  update identity_signon set ended_at = %(now)s, ended_why = %(why)s
  where ended_at is null and {which}
  returning id, account_id
), told as (
  insert into identity_logoutnotice
    (id, client_id, sign_on_id, written_at, next_try_at, tries, trouble)
  select gen_random_uuid(), client_id, sign_on_id, %(now)s, %(now)s, 0, ''
  from (
    select distinct g.client_id, g.sign_on_id from identity_grant g
    join identity_client c on c.id = g.client_id and c.backchannel_logout_uri <> ''
    where g.sign_on_id in (select id from ended)
      and (g.code_used_at is not null or g.code_hash is null)
  ) as concerned
  on conflict do nothing
)
select id, account_id from ended
"""
_BY_KEYS: Final = _END.format(which="session_key = any(%(keys)s)")
_BY_ID: Final = _END.format(which="id = %(id)s")
_GONE: Final = _END.format(
    which="""(until < %(now)s or not exists (
        select from django_session d
        where d.session_key = identity_signon.session_key and d.expire_date > %(now)s))"""
)


def end_sign_ons(*, session_keys: Iterable[str], actor: Actor, why: str) -> int:
    """End what hangs on those sessions of the house; inside the transaction that ends them."""
    keys = [key for key in session_keys if key]
    return _end(_BY_KEYS, {"keys": keys}, actor=actor, why=why) if keys else 0


def end_one(*, sign_on_id: UUID, session_key: str, actor: Actor, why: str) -> None:
    """End one sign-on and the house's session above it."""
    with transaction.atomic():
        _end(_BY_ID, {"id": sign_on_id}, actor=actor, why=why)
        Session.objects.filter(session_key=session_key).delete()
        UserSession.objects.filter(session_key=session_key).delete()


def end_gone() -> int:
    """End sign-ons whose session of the house is over, by whichever way it went."""
    return _end(_GONE, {}, actor=system("Kết thúc phiên"), why="session_over")


def _end(statement: str, words: dict[str, Any], *, actor: Actor, why: str) -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement, {"now": now(), "why": why, **words})
            ended = cursor.fetchall()
        for sid, account_id in ended:
            audit.record(
                actor=actor,
                act="identity.sign_on_ended",
                subject=Subject(kind="identity.account", id=account_id),
                content={"sid": sid, "why": why},
            )
    return len(ended)
