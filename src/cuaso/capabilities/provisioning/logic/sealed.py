"""Tokens of other systems lie encrypted in the database."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    """Return the text so that only this house reads it."""
    return _boxes().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """Return what was sealed; raise InvalidToken for what was not."""
    return _boxes().decrypt(text.encode()).decode()


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"cuaso.provisioning.tokens")
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret.encode())))


def _boxes() -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_box(secret) for secret in secrets])
