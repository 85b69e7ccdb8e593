"""Sign what we send: XML signatures inside, or a signature of the query beside (Redirect)."""

import base64
import zlib
from typing import Final
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
from saml2 import SamlBase
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner

from cuaso.foundation.identity.saml.keys.stock import signing_key
from cuaso.foundation.identity.saml.messages.make import written
from cuaso.foundation.identity.saml.messages.safely import read_xml

_DS: Final = "http://www.w3.org/2000/09/xmldsig#"
_RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def signed(message: SamlBase) -> etree._Element:
    """Return the message with a signature of the whole of it, after its issuer."""
    return sign_element(read_xml(written(message)))


def sign_element(root: etree._Element) -> etree._Element:
    """Sign an element that has an ID and begins with its Issuer (SAML core 5.4)."""
    key, certificate = signing_key()
    place = etree.Element(f"{{{_DS}}}Signature", {"Id": "placeholder"}, nsmap={"ds": _DS})
    root.insert(1, place)
    signer = XMLSigner(c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
    return signer.sign(
        root,
        key=key,
        cert=certificate,
        reference_uri=f"#{root.get('ID')}",
        id_attribute="ID",
    )


def redirect_query(message: SamlBase, *, name: str, relay_state: str) -> str:
    """Return the signed query of the Redirect binding; `name` is SAMLRequest or SAMLResponse."""
    key, _ = signing_key()
    opener = zlib.compressobj(wbits=-15)
    squeezed = opener.compress(written(message)) + opener.flush()
    words = [(name, base64.b64encode(squeezed).decode())]
    words += [("RelayState", relay_state)] if relay_state else []
    words.append(("SigAlg", _RSA_SHA256))
    query = urlencode(words)
    mark = key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{query}&{urlencode({'Signature': base64.b64encode(mark).decode()})}"
