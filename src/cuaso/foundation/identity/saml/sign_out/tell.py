"""Tell partners behind the browser that a session has ended, until they have heard it (SOAP)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx
from django.db import transaction
from lxml import etree

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.logout.tell import AT_ONCE, LEASE, PAUSES, SECONDS
from cuaso.foundation.identity.saml.messages.make import SUCCESS
from cuaso.foundation.identity.saml.messages.safely import read_xml
from cuaso.foundation.identity.saml.messages.sign import signed
from cuaso.foundation.identity.saml.models import PartnerSession
from cuaso.foundation.identity.saml.sign_out.walk import leave_request, mark_told
from cuaso.foundation.identity.saml.terms import PROTOCOL
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Refusal
from cuaso.kernel.subjects import Subject

_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_CODE: Final = f".//{{{PROTOCOL}}}LogoutResponse/{{{PROTOCOL}}}Status/{{{PROTOCOL}}}StatusCode"
_OK: Final = 200

Post = Callable[[str, bytes], str]


def tell_partners(post: Post | None = None) -> int:
    """Tell what is due, many partners at once: one that hangs holds up nobody; return how many."""
    rows = _take()
    if not rows:
        return 0
    letters = [(row.partner.logout_soap, _letter(row)) for row in rows]
    send = post or _post
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        troubles = list(pool.map(lambda one: send(*one), letters))
    for row, trouble in zip(rows, troubles, strict=True):
        if trouble:
            _mark_trouble(row, trouble)
        else:
            mark_told(row)
    return sum(not trouble for trouble in troubles)


def _take() -> list[PartnerSession]:
    with transaction.atomic():
        taken = list(
            PartnerSession.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("partner", "sign_on")
            .filter(told_at=None, next_try_at__lte=now(), sign_on__ended_at__isnull=False)
            .exclude(partner__logout_soap="")
            .order_by("next_try_at")[:AT_ONCE]
        )
        ids = [row.id for row in taken]
        PartnerSession.objects.filter(id__in=ids).update(next_try_at=now() + LEASE)
    return taken


def _letter(row: PartnerSession) -> bytes:
    envelope = etree.Element(f"{{{_ENVELOPE}}}Envelope", nsmap={"soap": _ENVELOPE})
    body = etree.SubElement(envelope, f"{{{_ENVELOPE}}}Body")
    body.append(signed(leave_request(row, address=row.partner.logout_soap)))
    return etree.tostring(envelope)


def _post(address: str, letter: bytes) -> str:
    """Return why the partner has not heard, `""` when it has."""
    headers = {
        "Content-Type": "text/xml",
        "SOAPAction": "http://www.oasis-open.org/committees/security",
    }
    try:
        answer = httpx.post(
            address, content=letter, headers=headers, timeout=SECONDS, follow_redirects=False
        )
    except httpx.HTTPError as problem:
        return type(problem).__name__
    if answer.status_code != _OK:
        return f"HTTP {answer.status_code}"
    try:
        code = read_xml(answer.content).find(_CODE)
    except Refusal as refusal:
        return refusal.code
    return "" if code is not None and code.get("Value") == SUCCESS else "not ended"


def _mark_trouble(row: PartnerSession, trouble: str) -> None:
    over = row.tries >= len(PAUSES)
    with transaction.atomic():
        PartnerSession.objects.filter(id=row.id, told_at=None).update(
            tries=row.tries + 1,
            trouble=trouble[:200],
            next_try_at=None if over else now() + PAUSES[row.tries],
        )
        if over:
            audit.record(
                actor=system("Đăng xuất tập trung"),
                act="identity.partner_unheard",
                subject=Subject(kind="identity.account", id=row.sign_on.account_id),
                content={"partner": row.partner_id, "sid": row.sign_on_id, "trouble": trouble},
            )
