"""A browser goes from partner to partner and signs its person out at each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from lxml import etree
from saml2 import SamlBase, samlp

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.hashing import digest, fresh
from cuaso.foundation.identity.provider.sessions.begin import SID
from cuaso.foundation.identity.saml.messages.make import SUCCESS, head, name_id, stamp, status
from cuaso.foundation.identity.saml.messages.sign import redirect_query, signed
from cuaso.foundation.identity.saml.messages.take import Taken
from cuaso.foundation.identity.saml.models import LeaveWalk, Partner, PartnerSession
from cuaso.foundation.identity.saml.refusals import refused
from cuaso.foundation.identity.saml.terms import PROTOCOL, WALK_LIFE
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

_CODE: Final = f"{{{PROTOCOL}}}Status/{{{PROTOCOL}}}StatusCode"
_GOOD_FOR: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message that the browser carries: with `content` by POST, else the address says it all."""

    address: str
    name: str = ""
    content: bytes = b""
    relay_state: str = ""


@dataclass(frozen=True, kw_only=True)
class Over:
    """A walk that has ended here: who has not said that the person is out, and where to go on."""

    unheard: tuple[str, ...]
    then: str


def begin_leaving(request: HttpRequest, *, then: str = "") -> str:
    """Return where a browser that signs out goes first, `""` when every partner is told behind it.

    To be asked before the session ends; `then` is where the browser goes at last.
    """
    sid = request.session.get(SID, "")
    if not sid or not _unheard(UUID(sid)).exists():
        return ""
    word = begin_walk(sign_on_id=UUID(sid), then=then)
    return f"{reverse('saml-leave')}?{urlencode({'di': word})}"


def begin_walk(*, sign_on_id: UUID, origin: Taken | None = None, then: str = "") -> str:
    """Return the word of a new walk over the partners of that sign-on."""
    word = fresh()
    LeaveWalk.objects.create(
        hash=digest(word),
        sign_on_id=sign_on_id,
        origin=origin.partner if origin else None,
        origin_request=origin.id if origin else "",
        origin_relay=origin.relay_state if origin else "",
        then=then,
        expires_at=now() + WALK_LIFE,
    )
    return word


def walking(word: str) -> LeaveWalk:
    """Return the walk; raise Refusal when there is none or it took too long."""
    row = LeaveWalk.objects.select_related("sign_on", "asked__partner", "origin")
    found = row.filter(hash=digest(word), expires_at__gt=now()).first()
    if found is None:
        raise refused("parked")
    return found


def step_on(walk: LeaveWalk, *, word: str) -> Sent | Over:
    """Return the next message, at last the answer to who began, or what to say here.

    Nobody is signed out elsewhere before the house's own session has ended.
    """
    if walk.sign_on.ended_at is None:
        raise refused("session")
    owed = _owed(walk.sign_on_id).exclude(id__in=walk.left_out).select_related("partner").first()
    if owed is not None:
        return _ask(walk, owed, word=word)
    unheard = _end(walk)
    if walk.origin is not None:
        return _answer(walk, walk.origin, all_heard=not unheard)
    return Over(unheard=unheard, then=walk.then)


def heard(walk: LeaveWalk, taken: Taken) -> None:
    """Take a partner's answer; raise Refusal for an answer to something else."""
    asked = walk.asked
    fits = asked is not None and taken.partner.id == asked.partner_id
    if asked is None or not fits or taken.root.get("InResponseTo") != walk.message_id:
        raise refused("answer")
    code = taken.root.find(_CODE)
    if code is not None and code.get("Value") == SUCCESS:
        mark_told(asked)


def mark_told(row: PartnerSession) -> None:
    """Keep that the partner has ended the session, in the ledger too."""
    with transaction.atomic():
        if not PartnerSession.objects.filter(id=row.id, told_at=None).update(
            told_at=now(), trouble=""
        ):
            return
        audit.record(
            actor=system("Đăng xuất tập trung"),
            act="identity.partner_told",
            subject=Subject(kind="identity.account", id=row.sign_on.account_id),
            content={"partner": row.partner_id, "sid": row.sign_on_id},
        )


def leave_request(row: PartnerSession, *, address: str) -> samlp.LogoutRequest:
    """Return the message that this session has ended (SAML core 3.7.1)."""
    return samlp.LogoutRequest(
        **head(destination=address, not_on_or_after=stamp(now() + _GOOD_FOR)),
        name_id=name_id(row.name, partner=row.partner.entity_id),
        session_index=[samlp.SessionIndex(text=str(row.id))],
    )


def leave_response(
    *, partner: Partner, request_id: str, relay_state: str, words: tuple[str, ...]
) -> Sent:
    """Return the answer to a partner that asked for the end (SAML core 3.7.2)."""
    address = partner.logout_answer or partner.logout_redirect or partner.logout_post
    response = samlp.LogoutResponse(
        **head(destination=address, in_response_to=request_id), status=status(*words)
    )
    return _sent(partner, response, address=address, name="SAMLResponse", relay_state=relay_state)


def _owed(sign_on_id: UUID) -> QuerySet[PartnerSession]:
    """Partners that hear by way of the browser alone: the others are told behind it."""
    by_browser = ~Q(partner__logout_redirect="") | ~Q(partner__logout_post="")
    return PartnerSession.objects.filter(
        by_browser, sign_on_id=sign_on_id, told_at=None, partner__logout_soap=""
    ).order_by("begun_at")


def _unheard(sign_on_id: UUID) -> QuerySet[PartnerSession]:
    """Partners that have not said that they ended the session and that no letter reaches: those
    that hear by the browser alone, and those that know no way of signing out at all.
    """
    return PartnerSession.objects.filter(
        sign_on_id=sign_on_id, told_at=None, partner__logout_soap=""
    )


def _end(walk: LeaveWalk) -> tuple[str, ...]:
    """End the walk; return the names of who did not hear, written down for the ledger."""
    rows = _unheard(walk.sign_on_id).select_related("partner", "sign_on").order_by("begun_at")
    with transaction.atomic():
        walk.expires_at = now()
        walk.save(update_fields=["expires_at"])
        for row in rows:
            audit.record(
                actor=system("Đăng xuất tập trung"),
                act="identity.partner_unheard",
                subject=Subject(kind="identity.account", id=row.sign_on.account_id),
                content={
                    "partner": row.partner_id,
                    "sid": row.sign_on_id,
                    "trouble": "no answer" if str(row.id) in walk.left_out else "no way",
                },
            )
    return tuple(row.partner.name for row in rows)


def _ask(walk: LeaveWalk, owed: PartnerSession, *, word: str) -> Sent:
    partner = owed.partner
    address = partner.logout_redirect or partner.logout_post
    message = leave_request(owed, address=address)
    walk.asked, walk.message_id = owed, message.id
    # One that does not answer is not asked again on this walk: the browser must arrive.
    walk.left_out = [*walk.left_out, str(owed.id)]
    walk.save(update_fields=["asked", "message_id", "left_out"])
    return _sent(partner, message, address=address, name="SAMLRequest", relay_state=word)


def _answer(walk: LeaveWalk, origin: Partner, *, all_heard: bool) -> Sent:
    words = (SUCCESS,) if all_heard else (SUCCESS, samlp.STATUS_PARTIAL_LOGOUT)
    return leave_response(
        partner=origin,
        request_id=walk.origin_request,
        relay_state=walk.origin_relay,
        words=words,
    )


def _sent(
    partner: Partner, message: SamlBase, *, address: str, name: str, relay_state: str
) -> Sent:
    if partner.logout_redirect:
        query = redirect_query(message, name=name, relay_state=relay_state)
        return Sent(address=f"{address}{'&' if '?' in address else '?'}{query}")
    content = etree.tostring(signed(message))
    return Sent(address=address, name=name, content=content, relay_state=relay_state)
