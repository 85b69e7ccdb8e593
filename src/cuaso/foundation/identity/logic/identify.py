"""The one procedure by which a person is identified, whatever they have shown.

A password with a one-time code, a passkey, a certificate, a biometric result or VNeID: each door
checks its own proof and then comes here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.utils import perform_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from cuaso.foundation.identity.logic import keep_sessions
from cuaso.foundation.identity.logic.know_device import know_device
from cuaso.foundation.identity.logic.record_account_act import record_account_act
from cuaso.foundation.identity.logic.strength import strength_of, way_of
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.sessions.begin import follow
from cuaso.kernel.clock import now

ASSURANCE: Final = "identity_assurance"
VNEID_LEVEL: Final = "identity_vneid_level"
PROVEN: Final = "identity_proven"


@dataclass(frozen=True, kw_only=True)
class Identified:
    """What one identification has come to: the ways shown, and how strong they are together."""

    ways: tuple[str, ...]
    assurance: int


def identify(
    request: HttpRequest, *, account: Account, begins: bool, vneid_level: int | None = None
) -> Identified:
    """Reckon what the session has proven, keep it there and in the ledger.

    `begins` opens the session; otherwise a session that is open becomes stronger or fresher.
    """
    if begins:
        keep_sessions.begin(request.session)
        follow(request.session, account=account)
    if vneid_level is not None:
        request.session[VNEID_LEVEL] = vneid_level
    ways = ways_of(request, account=account)
    level = strength_of(ways, vneid_level=int(request.session.get(VNEID_LEVEL, 0)))
    request.session[ASSURANCE] = level
    request.session[PROVEN] = now().timestamp()
    with transaction.atomic():
        record_account_act(
            account,
            act="identity.signed_in" if begins else "identity.proven_again",
            request=request,
            content={"by": list(ways), "assurance": level},
        )
        if begins:
            know_device(request, account=account)
    return Identified(ways=ways, assurance=level)


def enter(request: HttpRequest, *, account: Account, way: str, next_url: str = "") -> HttpResponse:
    """Let in who has shown a proof that stands alone; the door's own refusals come first."""
    record_authentication(request, account, way)
    response: HttpResponse = perform_login(
        request, account, email_verification="none", redirect_url=next_url or None,
        signal_kwargs={"way": way},
    )  # fmt: skip
    return response


def prove_again(request: HttpRequest, *, account: Account, way: str) -> Identified:
    """Add one more proof to the session of who is signed in."""
    record_authentication(request, account, way, reauthenticated=True)
    return identify(request, account=account, begins=False)


def ways_of(request: HttpRequest, *, account: Account) -> tuple[str, ...]:
    """Return the ways that the session has shown, each once, the first first."""
    records: list[Mapping[str, object]] = get_authentication_records(request, account)
    return tuple(dict.fromkeys(way_of(one) for one in records))


__all__ = ["Identified", "enter", "identify", "prove_again", "ways_of"]
