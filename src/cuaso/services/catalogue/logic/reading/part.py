"""What the reader of one column gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cuaso.services.catalogue.contracts import Share, Unread

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Part(Generic[Item]):
    """The items of a column, what of it was not read, and how much was."""

    items: tuple[Item, ...] = ()
    unread: tuple[Unread, ...] = ()
    shares: Mapping[str, Share] = field(default_factory=dict)
