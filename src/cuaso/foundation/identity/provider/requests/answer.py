"""Where a browser is sent back to, with a code or an error."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from cuaso.foundation.identity.provider.addresses import issuer
from cuaso.foundation.identity.provider.errors import ProtocolError


@dataclass(kw_only=True)
class SentBack(Exception):
    """The request is refused, and its client is told by way of the browser."""

    redirect_uri: str
    state: str
    error: ProtocolError
    by_form: bool

    @property
    def told(self) -> dict[str, str]:
        return {"error": self.error.error, "error_description": self.error.description}


def answer_words(told: dict[str, str], *, state: str) -> list[tuple[str, str]]:
    """Return the parameters of an answer, our issuer beside it (RFC 9207)."""
    words = [(name, word) for name, word in told.items() if word]
    words += [("state", state)] if state else []
    return [*words, ("iss", issuer())]


def with_words(redirect_uri: str, words: list[tuple[str, str]]) -> str:
    """Return the address with the parameters after its own."""
    parts = urlsplit(redirect_uri)
    own = parse_qsl(parts.query, keep_blank_values=True)
    return urlunsplit(parts._replace(query=urlencode([*own, *words])))


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
