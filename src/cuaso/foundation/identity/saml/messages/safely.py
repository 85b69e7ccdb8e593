"""Read XML of strangers: no document type, no entity, nothing fetched, bounded in size."""

import base64
import binascii
import zlib
from typing import Final

from lxml import etree

from cuaso.foundation.identity.saml.refusals import refused
from cuaso.foundation.identity.saml.terms import MOST_BYTES

# How XML begins, with or without a byte order mark; nothing squeezed begins with one.
_BEGINS: Final = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_xml(content: bytes) -> etree._Element:
    """Return the root; raise Refusal for what is no plain XML."""
    if len(content) > MOST_BYTES:
        raise refused("too_large")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        # Entities that grow make the parser itself give up: the reason is the document type.
        word = "document_type" if b"<!DOCTYPE" in content[:4096] else "unreadable"
        raise refused(word) from problem
    about = root.getroottree().docinfo
    if about.internalDTD is not None or about.externalDTD is not None:
        raise refused("document_type")
    return root


def from_post(told: str) -> bytes:
    """Return the message of the POST binding (SAML bindings 3.5.4).

    node-saml squeezes it there too, unless it is told not to.
    """
    content = _decoded(told)
    return content if content.lstrip().startswith(_BEGINS) else _opened(content)


def from_redirect(told: str) -> bytes:
    """Return the message of the Redirect binding (3.4.4.1)."""
    return _opened(_decoded(told))


def _decoded(told: str) -> bytes:
    if len(told) > 2 * MOST_BYTES:
        raise refused("too_large")
    try:
        return base64.b64decode("".join(told.split()), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise refused("unreadable") from problem


def _opened(squeezed: bytes) -> bytes:
    """Return what was squeezed; a bomb is never blown up."""
    opener = zlib.decompressobj(wbits=-15)
    try:
        content = opener.decompress(squeezed, MOST_BYTES + 1)
    except zlib.error as problem:
        raise refused("unreadable") from problem
    if len(content) > MOST_BYTES:
        raise refused("too_large")
    return content
