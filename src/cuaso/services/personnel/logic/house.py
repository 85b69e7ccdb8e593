"""Who acts when nobody does: the registry's own following of decisions and files."""

from typing import Final

from cuaso.kernel.actors import Actor

# A decision was issued by a leader; its step belongs to whoever handles it, here the house.
HOUSE: Final = Actor(kind="system", name="Sổ nhân sự", roles=frozenset({"handler", "leader"}))
