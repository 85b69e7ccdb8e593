"""Who keeps what a sheet brings, and whether the actor may bring it: each case is asked once."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from cuaso.capabilities.registries.logic.changing import keeping
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.registries import Act
from cuaso.foundation.access import api as access
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor


class Deciding:
    """`names` are the columns on which it depends whether a record may be brought, its keeper
    first; `place` is the column that says who keeps it, "" for none. Other acts than bringing in
    are asked of officials alone: what a person may do depends on whose the record is.
    """

    def __init__(self, built: Built, actor: Actor, act: Act = "import") -> None:
        self._built, self._actor, self._act = built, actor, act
        self._policy = rights.policy(built, actor)
        self.names = rights.decided_by(built)
        self.place = built.column(built.declared.place).name if built.declared.place else ""
        self._decided: dict[tuple[Any, ...], bool] = {}
        self._keepers: dict[Any, UUID] = {}

    def foresee(self, places: Iterable[str | None]) -> None:
        """Learn at once who keeps what belongs to these places."""
        asked = {place for place in places if place} - self._keepers.keys()
        if len(asked) > 1:
            self._keepers |= directory.competent_agencies(asked, level="commune")

    def keeper(self, columns: Mapping[str, Any]) -> UUID:
        """Return the agency that keeps a record with these columns."""
        return self.keeper_of(columns[self.place] if self.place else None)

    def keeper_of(self, place: str | None) -> UUID:
        """Return the agency that keeps what belongs to a place."""
        if place not in self._keepers:
            row = self._built.live(**({self.place: place} if self.place else {}))
            self._keepers[place] = keeping.keeper(self._built, row, self._actor)
        return self._keepers[place]

    def may(self, agency: UUID, columns: Mapping[str, Any]) -> bool:
        """Say whether the actor may bring a record in, or change it, that an agency keeps."""
        return self.allows((agency, *(columns[name] for name in self.names[1:])))

    def allows(self, key: tuple[Any, ...]) -> bool:
        """Say it of the values of `names`."""
        if key not in self._decided:
            row = self._built.live(**dict(zip(self.names, key, strict=True)))
            decision = access.decide(
                actor=self._actor, act=self._act, record=row, policy=self._policy
            )
            self._decided[key] = decision.allowed
        return self._decided[key]
