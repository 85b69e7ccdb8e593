"""Our own addresses in SAML, all under the one public address."""

from typing import Final

from cuaso.foundation.identity.provider.addresses import issuer

METADATA: Final = "/saml/metadata"
SIGN_IN: Final = "/saml/sso"
SIGN_OUT: Final = "/saml/slo"


def entity_id() -> str:
    return issuer() + METADATA


def sign_in_address() -> str:
    return issuer() + SIGN_IN


def sign_out_address() -> str:
    return issuer() + SIGN_OUT
