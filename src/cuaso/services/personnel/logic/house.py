"""Who acts when nobody does, and the national database that is told of it."""

from typing import Final

from cuaso.capabilities.exchange.api import peers
from cuaso.capabilities.exchange.contracts import Peer
from cuaso.kernel.actors import Actor

# A decision was issued by a leader; its step belongs to whoever handles it, here the house.
HOUSE: Final = Actor(kind="system", name="Sổ nhân sự", roles=frozenset({"handler", "leader"}))
NATIONAL: Final = Peer(
    name="cơ sở dữ liệu quốc gia về cán bộ",
    code="personnel",
    settings="CUASO_OFFICIALS",
    header="Officials",
)


def production_refusals() -> list[str]:
    """Return why production must not start: plain HTTP to the national database, a weak secret."""
    return peers.production_refusals(NATIONAL)
