"""What the dictionary remembers between two changes; see `kernel.remembering`."""

from typing import Final

from cuaso.foundation.audit import api as audit

MEMORY: Final = audit.memory("dictionary_stamp")


def stamp() -> str:
    """Return what changes with the dictionary, "" where nothing may be kept under it."""
    return MEMORY.stamp()
