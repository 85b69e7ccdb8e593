"""What the catalogue remembers between two imports; see `kernel.remembering`."""

from typing import Final

from cuaso.foundation.audit import api as audit

# Words that people type: many, some of them once only.
TYPED: Final = audit.memory("catalogue_stamp", most=500)
