"""What a person must still do before a system may be answered."""

from dataclasses import dataclass
from typing import Final, Protocol

from django.http import HttpRequest

from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.sessions import marks
from cuaso.foundation.identity.provider.sessions.standing import (
    Standing,
    may_step_up,
    standing_of,
)
from cuaso.foundation.identity.provider.terms import TWO_FACTORS
from cuaso.kernel.clock import now

_FRESH: Final = frozenset({"login", "select_account"})


class Wanted(Protocol):
    """What any system, by whichever protocol, wants to be sure of before it is answered."""

    @property
    def mark(self) -> str: ...

    @property
    def prompt(self) -> frozenset[str]: ...

    @property
    def max_age(self) -> int | None: ...

    @property
    def acr_values(self) -> tuple[str, ...]: ...

    @property
    def acr_essential(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Step:
    """`address` is the name of a page of ours; `what` is remembered as asked."""

    address: str
    what: str


def next_step(request: HttpRequest, *, asked: Wanted, account: Account | None) -> Step | None:
    """Return where to lead the person, None when nothing is left to prove.

    Raises unmet_authentication_requirements when a strength is essential and out of reach.
    """
    if account is None:
        return Step(address="sign-in", what="login")
    standing = standing_of(request, account=account)
    if _must_prove_again(request, asked=asked, standing=standing):
        official = account.kind == Account.Kind.OFFICIAL
        return Step(address="account_reauthenticate" if official else "sign-in", what="login")
    if standing.satisfies(asked.acr_values):
        return None
    return _stronger(request, asked=asked, account=account)


def _must_prove_again(request: HttpRequest, *, asked: Wanted, standing: Standing) -> bool:
    too_old = (
        asked.max_age is not None and (now() - standing.auth_at).total_seconds() > asked.max_age
    )
    if not too_old and not asked.prompt & _FRESH:
        return False
    asked_at = marks.asked_at(request.session, asked.mark, what="login")
    return asked_at is None or standing.auth_at.timestamp() < asked_at


def _stronger(request: HttpRequest, *, asked: Wanted, account: Account) -> Step | None:
    """Ask once for the second factor; a mere wish goes on without it (OIDC Core 3.1.2.1)."""
    tried = marks.asked_at(request.session, asked.mark, what="factor") is not None
    may_ask = not tried and "none" not in asked.prompt and TWO_FACTORS in asked.acr_values
    page = may_step_up(account) if may_ask else ""
    if page:
        return Step(address=page, what="factor")
    if asked.acr_essential:
        raise ProtocolError(
            error="unmet_authentication_requirements",
            description="The person cannot be authenticated as strongly as required.",
        )
    return None
