"""What cleaning a form of a procedure needs."""

from datetime import date

from cuaso.declarations.forms import Context
from cuaso.foundation.directory.api import HouseLists
from cuaso.kernel import clock


def context(
    *, on: date | None = None, channel: str = "online", capacity: str = "citizen"
) -> Context:
    """Return what cleaning a form needs: the legal day, the lists, the channel and capacity."""
    return Context(
        today=on or clock.today(),
        lists=HouseLists(),
        names={"channel": channel, "capacity": capacity},
    )
