"""An authorization request that has been read."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cuaso.foundation.identity.provider.models import Client, PushedRequest

Words = Mapping[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a client wants of a person. `words` are the parameters as they came."""

    client: Client
    redirect_uri: str
    by_form: bool
    state: str
    scopes: tuple[str, ...]
    nonce: str
    challenge: str
    prompt: frozenset[str]
    max_age: int | None
    acr_values: tuple[str, ...]
    acr_essential: bool
    claims: dict[str, Any]
    id_token_hint: str
    login_hint: str
    ui_locales: str
    resources: tuple[str, ...]
    key_thumbprint: str
    words: Words
    request_uri: str
    pushed: PushedRequest | None

    @property
    def mark(self) -> str:
        """Return the request's own mark: the same however it comes back to us."""
        text = json.dumps(self.words, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]
