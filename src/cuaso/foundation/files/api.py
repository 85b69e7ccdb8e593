"""The files' only door."""

from cuaso.foundation.files.logic.clamav import scanner_status
from cuaso.foundation.files.logic.info import alike, info, infos, open_clean, read_clean, references
from cuaso.foundation.files.logic.owned import drop_made, drop_owned, owned
from cuaso.foundation.files.logic.photos import photos_to_pdf
from cuaso.foundation.files.logic.pictures import portrait
from cuaso.foundation.files.logic.scan import scan, scan_waiting
from cuaso.foundation.files.logic.store import store, store_bytes
from cuaso.foundation.files.logic.sweep import gc
from cuaso.foundation.files.logic.upload import append, begin, finish, upload

__all__ = [
    "alike",
    "append",
    "begin",
    "drop_made",
    "drop_owned",
    "finish",
    "gc",
    "info",
    "infos",
    "open_clean",
    "owned",
    "photos_to_pdf",
    "portrait",
    "read_clean",
    "references",
    "scan",
    "scan_waiting",
    "scanner_status",
    "store",
    "store_bytes",
    "upload",
]
