"""Which registries there are for a reader."""

from cuaso.capabilities.registries.contracts import RegistryCard
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor


def registries(*, actor: Actor) -> tuple[RegistryCard, ...]:
    """Return the registries in which the actor may do anything, by title."""
    cards = (_card(built, actor) for built in sets.current())
    return tuple(sorted((one for one in cards if one.may), key=lambda one: one.title))


def registry(*, key: str, actor: Actor) -> RegistryCard:
    """Return one registry; raise NotFound when the actor may do nothing there."""
    card = _card(sets.built(key), actor)
    if not card.may:
        raise sets.unknown(key)
    return card


def _card(built: Built, actor: Actor) -> RegistryCard:
    declared = built.declared
    return RegistryCard(
        id=built.id,
        key=built.key,
        title=declared.title,
        title_en=declared.title_en,
        about=declared.about,
        pack=built.key.partition("/")[0],
        owner_name=directory.agency(built.owner_id).name,
        systems=declared.systems,
        version=built.version,
        may=rights.acts_on_whole(built, actor),
    )
