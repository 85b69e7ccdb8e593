"""What is looked up by a hash: codes, tokens, secrets of 256 random bits."""

import hashlib
import secrets
from typing import Final

_BYTES: Final = 32


def fresh() -> str:
    """Return an unguessable word for a code, a token or a secret."""
    return secrets.token_urlsafe(_BYTES)


def digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()
