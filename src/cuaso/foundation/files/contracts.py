"""What crosses the files' door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
HEIC = "image/heic"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"  # sheets of old, to be read; kept as a paper nowhere
TEXT = "text/plain"
XML = "application/xml"  # made or taken in by the house itself; nobody uploads it

PHOTOS = frozenset({JPEG, PNG, HEIC})
PAPERS = PHOTOS | {PDF}
EVERY_TYPE = PAPERS | {DOCX, XLSX, TEXT}

State = Literal["pending", "clean", "infected", "unscannable", "unscanned"]


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """One stored file. `size` in bytes, `sha256` in hex.

    States: pending (waits for the scanner), clean, infected, unscannable (a password, or the
    scanner could not look inside), unscanned (no scanner is installed: it opens, with a warning).
    `say` is the sentence to show about the state; "" for a clean file.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    state: State
    say: str
    owner_id: UUID | None
    stored_at: datetime

    @property
    def opens(self) -> bool:
        return self.state in ("clean", "unscanned")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file on its way in. `received` is the offset at which the next part must start."""

    id: UUID
    name: str
    size: int
    received: int
    expires_at: datetime
    file_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ScannerStatus:
    """Whether uploads are scanned. Pages show `say` as long as `ok` is False."""

    ok: bool
    configured: bool
    version: str
    say: str
