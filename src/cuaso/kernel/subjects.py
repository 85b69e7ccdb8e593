"""What an act, a message or a workflow is about."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One thing of the house: `kind` is `engine.noun` (`procedures.dossier`)."""

    kind: str
    id: UUID
