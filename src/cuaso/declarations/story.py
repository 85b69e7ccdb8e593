"""One story of a pack: `given` the facts, `when` an act, `then` what holds."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Key

from cuaso.declarations.shape import Declaration, Line, Name


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str | Mapping) else given


class Story(Declaration):
    """One example. `on` is a day (2026-03-02) or a moment in Vietnam (2026-03-02 14:59).

    `when` is one act, or a list; an act with details is written `thẩm tra: propose`.
    """

    name: Line = Key(min_length=10)
    procedure: Annotated[str, Key(pattern=r"^\d\.\d{6}$")] | None = None
    registry: Name | None = None
    on: Annotated[str, Key(pattern=r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?$")]
    given: dict[str, Any] = {}
    when: Annotated[tuple[str | dict[str, Any], ...], BeforeValidator(_as_list), Key(min_length=1)]
    then: dict[str, Any] = Key(min_length=1)

    @property
    def acts(self) -> tuple[str, ...]:
        """The names of the acts, details left out."""
        return tuple(act if isinstance(act, str) else next(iter(act)) for act in self.when)
