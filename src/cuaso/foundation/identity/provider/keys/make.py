"""Make a signing key."""

from datetime import datetime

from joserfc.jwk import ECKey, RSAKey

from cuaso.foundation.identity import secrecy
from cuaso.foundation.identity.provider.models import SigningKey
from cuaso.kernel.clock import now

RSA_BITS = 2048


def generate(algorithm: str) -> RSAKey | ECKey:
    if algorithm == "RS256":
        return RSAKey.generate_key(RSA_BITS, auto_kid=True)
    return ECKey.generate_key("P-256", auto_kid=True)


def make_key(*, algorithm: str, begins_at: datetime) -> SigningKey:
    """Publish a new key that signs from that moment on; inside the caller's transaction."""
    key = generate(algorithm)
    public = {**key.as_dict(private=False), "alg": algorithm, "use": "sig"}
    return SigningKey.objects.create(
        kid=str(key.kid),
        algorithm=algorithm,
        public=public,
        sealed=secrecy.encrypt(key.as_pem(private=True).decode()),
        published_at=now(),
        begins_at=begins_at,
    )
