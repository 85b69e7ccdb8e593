"""Our own metadata: what partners load to trust us (SAML metadata 2.4.3)."""

from saml2 import md, xmldsig

from cuaso.foundation.identity.saml.addresses import entity_id, sign_in_address, sign_out_address
from cuaso.foundation.identity.saml.keys.stock import published_certificates
from cuaso.foundation.identity.saml.terms import PERSISTENT, POST, PROTOCOL, REDIRECT


def metadata() -> bytes:
    """Return the description; the certificate in use stands first, the next one beside it."""
    bindings = (REDIRECT, POST)
    role = md.IDPSSODescriptor(
        protocol_support_enumeration=PROTOCOL,
        want_authn_requests_signed="true",
        key_descriptor=[_key(one) for one in published_certificates()],
        single_logout_service=[
            md.SingleLogoutService(binding=one, location=sign_out_address()) for one in bindings
        ],
        name_id_format=[md.NameIDFormat(text=PERSISTENT)],
        single_sign_on_service=[
            md.SingleSignOnService(binding=one, location=sign_in_address()) for one in bindings
        ],
    )
    entity = md.EntityDescriptor(entity_id=entity_id(), idpsso_descriptor=[role])
    return bytes(entity.to_string())


def _key(certificate_pem: str) -> md.KeyDescriptor:
    body = "".join(certificate_pem.splitlines()[1:-1])
    data = xmldsig.X509Data(x509_certificate=xmldsig.X509Certificate(text=body))
    return md.KeyDescriptor(use="signing", key_info=xmldsig.KeyInfo(x509_data=[data]))
