"""A partner signs its person out: the session of the house and all below it end."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.provider.models import SignOn
from cuaso.foundation.identity.provider.sessions.begin import SID
from cuaso.foundation.identity.provider.sessions.end import end_one
from cuaso.foundation.identity.saml.messages.take import Taken, moment_of
from cuaso.foundation.identity.saml.models import PartnerSession
from cuaso.foundation.identity.saml.refusals import refused
from cuaso.foundation.identity.saml.sign_out.walk import mark_told
from cuaso.foundation.identity.saml.terms import LEEWAY, PROTOCOL, SAML
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now

_NAME: Final = f"{{{SAML}}}NameID"
_INDEX: Final = f"{{{PROTOCOL}}}SessionIndex"


def end_sessions(request: HttpRequest, taken: Taken) -> UUID:
    """End what the partner names, and return the sign-on of this browser, or the latest one.

    A partner can name people by its own names for them only. Raises Refusal when it names none.
    """
    until = taken.root.get("NotOnOrAfter")
    if until and moment_of(until) + LEEWAY < now():
        raise refused("expired")
    rows = _named(taken)
    if not rows:
        raise refused("session")
    here = request.session.get(SID, "")
    for row in rows:
        mark_told(row)
        if row.sign_on.ended_at is None:
            _end(request, row.sign_on, here=here, name=taken.partner.name)
    own = [row.sign_on_id for row in rows if str(row.sign_on_id) == here]
    return own[0] if own else rows[-1].sign_on_id


def _named(taken: Taken) -> Sequence[PartnerSession]:
    name = taken.root.findtext(_NAME) or ""
    indexes = {(one.text or "").strip() for one in taken.root.findall(_INDEX)}
    rows = (
        PartnerSession.objects.select_related("sign_on")
        .filter(partner=taken.partner, name=name.strip())
        .order_by("begun_at")
    )
    return [row for row in rows if not indexes or str(row.id) in indexes]


def _end(request: HttpRequest, sign_on: SignOn, *, here: str, name: str) -> None:
    if here == str(sign_on.id) and account_of(request) is not None:
        get_adapter(request).logout(request)
        return
    end_one(
        sign_on_id=sign_on.id,
        session_key=sign_on.session_key,
        actor=system(name),
        why="logout",
    )
