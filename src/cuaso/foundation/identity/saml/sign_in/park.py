"""A partner wants to know who a person is: keep its request until the person has signed in."""

from typing import Final

from lxml import etree

from cuaso.foundation.identity.provider.hashing import digest, fresh
from cuaso.foundation.identity.saml.messages.take import Taken
from cuaso.foundation.identity.saml.models import ParkedSignIn, Partner
from cuaso.foundation.identity.saml.refusals import refused
from cuaso.foundation.identity.saml.terms import PARKED_LIFE, POST, PROTOCOL, SAML
from cuaso.kernel.clock import now

_CLASS: Final = f"{{{SAML}}}AuthnContextClassRef"
_WANTED: Final = f"{{{PROTOCOL}}}RequestedAuthnContext"
_POLICY: Final = f"{{{PROTOCOL}}}NameIDPolicy"
_MOST: Final = 10
_LONGEST: Final = 200


def park(taken: Taken) -> str:
    """Return the word under which the request waits; raise Refusal for an address of others."""
    word = fresh()
    ParkedSignIn.objects.create(
        hash=digest(word),
        partner=taken.partner,
        request_id=taken.id,
        consumer=_consumer(taken.root, partner=taken.partner),
        relay_state=taken.relay_state,
        prompt=_prompt(taken.root),
        contexts=[*_contexts(taken.root)],
        expires_at=now() + PARKED_LIFE,
    )
    return word


def parked(word: str) -> ParkedSignIn:
    """Return a request that still waits, with its partner; raise Refusal otherwise."""
    row = ParkedSignIn.objects.select_related("partner").filter(hash=digest(word)).first()
    if row is None or row.used_at is not None or row.expires_at < now():
        raise refused("parked")
    if row.partner.status != Partner.Status.APPROVED:
        raise refused("unknown_partner")
    return row


def wanted_name_format(root: etree._Element) -> str:
    policy = root.find(_POLICY)
    return policy.get("Format", "") if policy is not None else ""


def _consumer(root: etree._Element, *, partner: Partner) -> str:
    """Return where the answer goes: letter by letter an address of the partner's metadata."""
    known = [address for _, address in partner.consumers]
    if root.get("ProtocolBinding", POST) != POST:
        raise refused("consumer")
    named, index = (
        root.get("AssertionConsumerServiceURL"),
        root.get("AssertionConsumerServiceIndex"),
    )
    if named is not None:
        if named not in known:
            raise refused("consumer")
        return named
    if index is not None:
        found = [address for one, address in partner.consumers if str(one) == index]
        if not found:
            raise refused("consumer")
        return str(found[0])
    return str(known[0])


def _prompt(root: etree._Element) -> list[str]:
    words = {"ForceAuthn": "login", "IsPassive": "none"}
    return [word for name, word in words.items() if root.get(name, "") in ("true", "1")]


def _contexts(root: etree._Element) -> list[str]:
    wanted = root.find(_WANTED)
    if wanted is None:
        return []
    told = [(one.text or "").strip() for one in wanted.findall(_CLASS)]
    return [one[:_LONGEST] for one in told[:_MOST]]
