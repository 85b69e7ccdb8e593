"""How long a session lasts, and how a person ends the others."""

from datetime import datetime, timedelta
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.models import Account, Counted, Tally
from cuaso.foundation.identity.provider.sessions.end import end_sign_ons
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

SINCE = "identity_since"
SEEN = "identity_seen"
SEEN_STEP = timedelta(minutes=1)


class Limits(NamedTuple):
    """`idle` without a request and `whole` since the sign-in, whichever comes first."""

    idle: timedelta
    whole: timedelta


LIMITS = {
    Account.Kind.OFFICIAL: Limits(idle=timedelta(hours=1), whole=timedelta(hours=8)),
    Account.Kind.CITIZEN: Limits(idle=timedelta(hours=1), whole=timedelta(hours=12)),
}


def begin(session: SessionBase) -> None:
    session[SINCE] = session[SEEN] = now().timestamp()


def is_over(session: SessionBase, *, account: Account) -> bool:
    limits = LIMITS[Account.Kind(account.kind)]
    return (
        now() - _moment(session, SEEN) > limits.idle
        or now() - _moment(session, SINCE) > limits.whole
    )


def touch(session: SessionBase) -> None:
    """Remember that the session is in use: at most one write a minute."""
    if SINCE not in session:
        begin(session)
    elif now() - _moment(session, SEEN) > SEEN_STEP:
        session[SEEN] = now().timestamp()
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=now())


def end_others(request: HttpRequest, *, actor: Actor) -> int:
    """End every session of the account but this one; return how many were ended."""
    account = account_of(request)
    if account is None:
        return 0
    with transaction.atomic():
        others = UserSession.objects.filter(user=account).exclude(
            session_key=request.session.session_key or ""
        )
        keys = list(others.values_list("session_key", flat=True))
        end_sign_ons(session_keys=keys, actor=actor, why="ended_by_person")
        Session.objects.filter(session_key__in=keys).delete()
        others.delete()
        audit.record(
            actor=actor,
            act="identity.other_sessions_ended",
            subject=Subject(kind="identity.account", id=account.id),
            content={"ended": len(keys)},
        )
    return len(keys)


def forget_ended() -> int:
    """Delete what is left of sessions and counters that are over; return how many sessions."""
    Counted.objects.filter(expires__lt=now()).delete()
    Tally.objects.filter(until__lt=now()).delete()
    ended, _ = Session.objects.filter(expire_date__lt=now()).delete()
    alive = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=alive).delete()
    return ended


def _moment(session: SessionBase, key: str) -> datetime:
    stamp = session.get(key)
    return datetime.fromtimestamp(stamp, tz=now().tzinfo) if stamp else now()
