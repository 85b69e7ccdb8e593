"""Give the house's session its sid, the same for all systems."""

from datetime import UTC, datetime

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from cuaso.foundation.identity.logic.keep_sessions import LIMITS, SINCE
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.models import SignOn
from cuaso.foundation.identity.provider.sessions.standing import Standing
from cuaso.kernel.clock import now

SID = "identity_sid"


def sign_on_of(request: HttpRequest, *, account: Account, standing: Standing) -> SignOn:
    """Return the session's sign-on, made at its first system; inside the caller's transaction."""
    key = request.session.session_key or ""
    row, _ = SignOn.objects.get_or_create(
        session_key=key,
        ended_at=None,
        defaults={
            "account": account,
            "auth_at": standing.auth_at,
            "acr": standing.acr,
            "amr": list(standing.amr),
            "until": _until(request.session, account=account),
        },
    )
    if (row.auth_at, row.acr) != (standing.auth_at, standing.acr):
        row.auth_at, row.acr, row.amr = standing.auth_at, standing.acr, list(standing.amr)
        row.save(update_fields=["auth_at", "acr", "amr"])
    request.session[SID] = str(row.id)
    return row


def follow(session: SessionBase, *, account: Account) -> None:
    """Keep the sign-on of a session that got a new key because its person signed in again."""
    if SID in session and session.session_key:
        SignOn.objects.filter(id=session[SID], account=account, ended_at=None).update(
            session_key=session.session_key,
            until=_until(session, account=account),
        )


def _until(session: SessionBase, *, account: Account) -> datetime:
    since = session.get(SINCE)
    begun = datetime.fromtimestamp(since, tz=UTC) if since else now()
    return begun + LIMITS[Account.Kind(account.kind)].whole
