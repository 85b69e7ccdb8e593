"""What machines are told: the errors of OAuth 2.0 and OpenID Connect, by their standard words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class ProtocolError(Exception):
    """A refused request of a client; nothing has changed.

    `error` is a registered word (RFC 6749 5.2, OpenID Connect Core 3.1.2.6, RFC 9449 5).
    """

    error: str
    description: str = ""
    status: int = 400
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.error}: {self.description}"


def invalid_request(description: str) -> ProtocolError:
    return ProtocolError(error="invalid_request", description=description)


def invalid_grant(description: str) -> ProtocolError:
    return ProtocolError(error="invalid_grant", description=description)


def invalid_client(description: str = "The client could not be authenticated.") -> ProtocolError:
    return ProtocolError(
        error="invalid_client",
        description=description,
        status=401,
        headers={"WWW-Authenticate": 'Basic realm="oidc"'},
    )
