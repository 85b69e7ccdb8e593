"""What a person must still do before a partner is answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.sessions.next_step import Step, next_step
from cuaso.foundation.identity.saml.models import ParkedSignIn
from cuaso.foundation.identity.saml.terms import CONTEXTS


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A partner's request in the words of the house's own steps."""

    mark: str
    prompt: frozenset[str]
    acr_values: tuple[str, ...]
    max_age: int | None = None
    acr_essential: bool = True


def wish_of(waiting: ParkedSignIn) -> Wish:
    """Return what the partner wants; a class of contexts that we do not know stands as it is."""
    return Wish(
        mark=f"saml:{bytes(waiting.hash).hex()[:24]}",
        prompt=frozenset(waiting.prompt),
        acr_values=_strengths(waiting.contexts),
    )


def step_of(request: HttpRequest, *, wish: Wish, account: Account | None) -> Step | None:
    """Return where to lead the person, None when nothing is left to prove.

    Raises unmet_authentication_requirements when the class asked for is out of reach.
    """
    return next_step(request, asked=wish, account=account)


def _strengths(contexts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(CONTEXTS.get(one, one) for one in contexts))
