"""Open a registry for an officer: its outline, in their language; who owes a purpose says it."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Outline
from cuaso.channels.desk import looking
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A registry before an officer. `purpose` is what they said in the last half hour."""

    key: str
    actor: Actor
    language: str
    outline: Outline
    purpose: str

    @property
    def address(self) -> dict[str, str]:
        pack, _, name = self.key.partition("/")
        return {"pack": pack, "name": name}

    def at(self, name: str, **more: object) -> str:
        """Return the address of one of this registry's pages."""
        if more:
            return reverse(f"desk:{name}", kwargs={**self.address, **more})
        return _address(name, self.key, get_script_prefix())

    @property
    def waits_for_purpose(self) -> bool:
        return self.outline.owes_purpose and not self.purpose


@lru_cache(maxsize=2_000)
def _address(name: str, key: str, _prefix: str) -> str:
    """Return the address of a registry's page; each of its pages asks for some."""
    pack, _, own = key.partition("/")
    return reverse(f"desk:{name}", kwargs={"pack": pack, "name": own})


def shelf_address() -> str:
    """Return the address of the shelf of registries."""
    return _shelf(get_script_prefix())


@lru_cache(maxsize=16)
def _shelf(_prefix: str) -> str:
    return reverse("desk:registries")


def opened(request: HttpRequest, pack: str, name: str) -> Opened:
    """Return a registry; raise NotFound where the officer may do nothing."""
    key, actor, language = f"{pack}/{name}", identity.actor_of(request), language_of()
    outline = registries.outline(registry=key, actor=actor, language=language)
    return Opened(
        key=key,
        actor=actor,
        language=language,
        outline=outline,
        purpose=looking.purpose_for(request, outline.card.id),
    )


def language_of() -> str:
    """Return the language in which the page speaks."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"
