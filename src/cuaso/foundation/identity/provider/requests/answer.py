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

    @property
    def address(self) -> str:
        told = {"error": self.error.error, "error_description": self.error.description}
        return answer_address(self.redirect_uri, told, state=self.state)


def answer_address(redirect_uri: str, told: dict[str, str], *, state: str) -> str:
    """Return the address with the answer, our issuer beside it (RFC 9207)."""
    parts = urlsplit(redirect_uri)
    words = parse_qsl(parts.query, keep_blank_values=True)
    words += [(name, word) for name, word in told.items() if word]
    words += [("state", state)] if state else []
    words.append(("iss", issuer()))
    return urlunsplit(parts._replace(query=urlencode(words)))


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
