"""Whether a PDF asks for a password before it opens."""

import re
from pathlib import Path

_WORD = b"/Encrypt"
_MARK = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_OVERLAP = 64
_CHUNK = 1 << 20


def needs_password(path: Path) -> bool:
    """Return True unless the PDF opens without a password; an owner's locks do not count."""
    return _mentions_encryption(path) and not _opens_without(path)


def _mentions_encryption(path: Path) -> bool:
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            seen = tail + chunk if tail else chunk
            # Nearly no file has the word, and it is found several times as fast as the pattern.
            if _WORD in seen and _MARK.search(seen):
                return True
            tail = chunk[-_OVERLAP:]
    return False


def _opens_without(path: Path) -> bool:
    # pyHanko costs half a second of CPU to import and is wanted for a few files in a thousand.
    from pyhanko.pdf_utils.crypt import AuthStatus  # noqa: PLC0415
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    with path.open("rb") as file:
        try:
            reader = PdfFileReader(file, strict=False)
            if not reader.encrypted:
                return True
            return bool(reader.decrypt("").status != AuthStatus.FAILED)
        except (PdfError, ValueError, KeyError, NotImplementedError):
            return False
