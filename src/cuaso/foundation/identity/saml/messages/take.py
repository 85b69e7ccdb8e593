"""Take in a message of a partner: who sent it, whether it is signed, fresh, and meant for us."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction
from django.http import HttpRequest
from lxml import etree

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.count_tries import over, place_of
from cuaso.foundation.identity.provider.proofs.spend import spend
from cuaso.foundation.identity.saml.messages.safely import from_post, from_redirect, read_xml
from cuaso.foundation.identity.saml.messages.verify import SIGNATURE, check_query, verified_xml
from cuaso.foundation.identity.saml.models import Partner
from cuaso.foundation.identity.saml.refusals import refused, too_many
from cuaso.foundation.identity.saml.terms import (
    LEEWAY,
    LONGEST_RELAY,
    PROTOCOL,
    REQUEST_AGE,
    SAML,
)
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Refusal
from cuaso.kernel.subjects import Subject

_STRANGERS: Final = UUID("73616d6c-0000-4000-8000-000000000001")
_MOST_REFUSALS: Final = 30
_LONGEST_ID: Final = 256
ISSUER: Final = f"{{{SAML}}}Issuer"
EXTENSIONS: Final = frozenset({f"{{{PROTOCOL}}}Extensions"})


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A message that is its partner's own. `root` is only what may be believed of it."""

    partner: Partner
    root: etree._Element
    id: str
    relay_state: str
    signed: bool


def take(
    request: HttpRequest, *, name: str, tag: str, target: str, must_sign: bool = False
) -> Taken:
    """Return the message of this request; raise Refusal, with an entry in the ledger.

    `name` is SAMLRequest or SAMLResponse, `tag` the element that is expected and `target` our
    address. Nothing in a message is believed before its sender is known and its signature is
    right; a message comes once.
    """
    seen: list[str] = []
    try:
        return _take(request, name=name, tag=tag, target=target, must_sign=must_sign, seen=seen)
    except Refusal as refusal:
        note_refusal(request, refusal, entity_id=seen[0] if seen else "")
        raise


def note_refusal(request: HttpRequest, refusal: Refusal, *, entity_id: str) -> None:
    """Put a refusal into the ledger; raise TooMany instead for a place that sends many."""
    if over(f"saml:{place_of(request)}", limit=_MOST_REFUSALS):
        raise too_many() from refusal
    known = Partner.objects.filter(entity_id=entity_id).order_by("-created_at").first()
    with transaction.atomic():
        audit.record(
            actor=system("Đăng nhập tập trung"),
            act="identity.saml_refused",
            subject=Subject(
                kind="identity.partner", id=known.id if known else uuid5(_STRANGERS, entity_id)
            ),
            content={"code": refusal.code, "entity_id": entity_id, "from": place_of(request)},
        )


def _take(
    request: HttpRequest, *, name: str, tag: str, target: str, must_sign: bool, seen: list[str]
) -> Taken:
    posted = request.method == "POST"
    words = request.POST if posted else request.GET
    told = words.getlist(name)
    if len(told) != 1 or "\x00" in words.get("RelayState", ""):
        raise refused("unreadable")
    root = read_xml(from_post(told[0]) if posted else from_redirect(told[0]))
    if root.tag != f"{{{PROTOCOL}}}{tag}":
        raise refused("unreadable")
    seen.append(_issuer(root))
    partner = find_partner(seen[0])
    root, signed = _proven(request, root, name=name, partner=partner, posted=posted)
    if (must_sign or partner.signed_only) and not signed:
        raise refused("unsigned")
    _check(root, partner=partner, target=target)
    return Taken(
        partner=partner,
        root=root,
        id=root.get("ID", ""),
        relay_state=words.get("RelayState", "")[:LONGEST_RELAY],
        signed=signed,
    )


def find_partner(entity_id: str) -> Partner:
    approved = Partner.objects.filter(entity_id=entity_id, status=Partner.Status.APPROVED)
    partner = approved.first()
    if partner is None:
        raise refused("unknown_partner")
    return partner


def _proven(
    request: HttpRequest, root: etree._Element, *, name: str, partner: Partner, posted: bool
) -> tuple[etree._Element, bool]:
    if not posted:
        query = request.META.get("QUERY_STRING", "")
        return root, check_query(query, name=name, partner=partner)
    if root.find(f".//{SIGNATURE}") is None:
        return root, False
    covered = verified_xml(root, partner=partner)
    if _issuer(covered) != partner.entity_id:
        raise refused("wrapped")
    return covered, True


def _check(root: etree._Element, *, partner: Partner, target: str) -> None:
    marked = root.get("ID", "")
    if not marked or len(marked) > _LONGEST_ID or root.get("Version") != "2.0":
        raise refused("unreadable")
    if root.get("Destination", target) != target:
        raise refused("elsewhere")
    age = now() - moment_of(root.get("IssueInstant", ""))
    if not -LEEWAY <= age <= REQUEST_AGE:
        raise refused("expired")
    until = now() + REQUEST_AGE + LEEWAY
    if not spend(f"saml:{partner.id}:{marked}", until=until):
        raise refused("replayed")


def moment_of(told: str) -> datetime:
    """Return the moment that xs:dateTime names; raise Refusal for anything else."""
    try:
        read = datetime.fromisoformat(told)
    except ValueError as problem:
        raise refused("unreadable") from problem
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _issuer(root: etree._Element) -> str:
    first = root.find(ISSUER)
    return (first.text or "").strip() if first is not None else ""
