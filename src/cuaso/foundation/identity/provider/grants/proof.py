"""What new tokens are bound to, and whether the client had to bind them."""

from dataclasses import dataclass

from django.http import HttpRequest

from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.proofs.certificate import presented_thumbprint
from cuaso.foundation.identity.provider.proofs.dpop import proven_key

CERTIFICATE_METHODS = ("tls_client_auth", "self_signed_tls_client_auth")


@dataclass(frozen=True, kw_only=True)
class Binding:
    """`jkt` is the thumbprint of a proven key, `x5t` of a proven certificate; `""` for none."""

    jkt: str = ""
    x5t: str = ""

    @property
    def word(self) -> str:
        if self.jkt:
            return f"jkt:{self.jkt}"
        return f"x5t:{self.x5t}" if self.x5t else ""


def binding_of(request: HttpRequest, *, client: Client) -> Binding:
    """Return what this request proves; raise invalid_dpop_proof where a proof is owed."""
    jkt = proven_key(request)
    x5t = presented_thumbprint(request) if client.auth_method in CERTIFICATE_METHODS else ""
    if (client.bound_only or client.fapi) and not (jkt or x5t):
        raise ProtocolError(
            error="invalid_dpop_proof",
            description="This client must bind its tokens to a key: send a DPoP proof.",
        )
    return Binding(jkt=jkt, x5t="" if jkt else x5t)
