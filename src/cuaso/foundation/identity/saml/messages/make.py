"""The messages that we send, as pySAML2's classes shape them."""

from datetime import UTC, datetime
from typing import Any

from saml2 import SamlBase, saml, samlp

from cuaso.foundation.identity.saml.addresses import entity_id
from cuaso.foundation.identity.saml.terms import PERSISTENT, PROTOCOL, SAML
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id

SUCCESS = samlp.STATUS_SUCCESS

# One prefix for one thing in every document: a signed part is put into another unchanged.
_PREFIXES = {"saml": SAML, "samlp": PROTOCOL}


def written(message: SamlBase) -> bytes:
    return bytes(message.to_string(_PREFIXES))


def message_id() -> str:
    """Return an ID: an XML name, so it begins with a letter."""
    return f"_{new_id().hex}"


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def issued() -> saml.Issuer:
    return saml.Issuer(text=entity_id(), format=saml.NAMEID_FORMAT_ENTITY)


def head(*, destination: str, **more: str) -> dict[str, Any]:
    """Return what every message begins with."""
    return {
        "id": message_id(),
        "version": "2.0",
        "issue_instant": stamp(now()),
        "destination": destination,
        "issuer": issued(),
        **more,
    }


def status(*words: str, say: str = "") -> samlp.Status:
    """Return a status: the outer word, and the inner one that tells more."""
    outer, *inner = words
    code = samlp.StatusCode(value=outer)
    if inner:
        code.status_code = samlp.StatusCode(value=inner[0])
    return samlp.Status(
        status_code=code, status_message=samlp.StatusMessage(text=say) if say else None
    )


def name_id(name: str, *, partner: str) -> saml.NameID:
    """Return the person's name at one partner (SAML core 8.3.7)."""
    return saml.NameID(
        text=name, format=PERSISTENT, name_qualifier=entity_id(), sp_name_qualifier=partner
    )
