"""Keys of the house itself, for engines that sign what is no paper: they lie where all keys lie."""

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cuaso.capabilities.signing.logic import providers, surroundings


def make_house_key(*, label: str) -> tuple[str, str]:
    """Make an ECDSA P-256 key under that name; return its provider's name and the public PEM.

    Raises a Refusal when the token cannot be used. Never inside a transaction.
    """
    surroundings.stand_outside_transactions()
    provider = providers.current()
    public = provider.generate(label=label)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return provider.name, pem.decode()


def sign_by_house_key(*, provider: str, label: str, content: bytes) -> bytes:
    """Return the DER signature (ECDSA with SHA-256); raise a Refusal when the key is out of reach.

    Never inside a transaction.
    """
    surroundings.stand_outside_transactions()
    return providers.named(provider).sign(label=label, content=content)
