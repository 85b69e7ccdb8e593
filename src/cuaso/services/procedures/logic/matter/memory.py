"""What the catalogue remembers while no version is published; see `kernel.remembering`."""

from typing import Final

from cuaso.foundation.audit import api as audit

MEMORY: Final = audit.memory("procedures_stamp")
# Words that people type: many, some of them once only.
TYPED: Final = audit.memory("procedures_stamp", most=500)
