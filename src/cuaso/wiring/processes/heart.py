"""The worker says that it is alive, for doctor and for the metrics."""

import os

from cuaso.oversight.operations.api import beat as record_beat


def beat() -> None:
    """Record that this process is alive now."""
    record_beat(process=os.environ.get("CUASO_PROCESS", "worker"))
