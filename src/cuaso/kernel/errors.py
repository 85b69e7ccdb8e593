"""What the product says when it cannot do something: what happened, why, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing to mend in the reader's input.

    `field` is the path of the input, `""` for the whole.
    """

    field: str
    say: str


@dataclass(kw_only=True)
class Refusal(Exception):
    """A refused act. Nothing has changed. Subclasses fix the HTTP status."""

    code: str
    what: str
    why: str = ""
    mend: str = ""
    problems: tuple[Problem, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    status: int = 422

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.mend) if part)


@dataclass(kw_only=True)
class Invalid(Refusal):
    """The input is wrong; `problems` names each field."""

    status: int = 422


@dataclass(kw_only=True)
class NotAllowed(Refusal):
    """The actor may not do this; `why` names the missing right."""

    status: int = 403


@dataclass(kw_only=True)
class NotFound(Refusal):
    """There is no such thing, or the actor may not know of it."""

    status: int = 404


@dataclass(kw_only=True)
class Conflict(Refusal):
    """Somebody else acted first, or the state does not permit the act."""

    status: int = 409


@dataclass(kw_only=True)
class TooMany(Refusal):
    """Too many tries in a short time."""

    status: int = 429


@dataclass(kw_only=True)
class Unavailable(Refusal):
    """Something outside is down; the act may be repeated later."""

    status: int = 503
