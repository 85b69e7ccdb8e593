"""Opens a file of rows, whatever it is called: by its content XLSX, XLS or CSV."""

from collections.abc import Callable
from typing import BinaryIO, Final, Literal

from cuaso.capabilities.registries.logic.exchanging.formats import csv_in, xls_in, xlsx_in
from cuaso.capabilities.registries.logic.exchanging.formats.lines import MOST_BYTES, Sheet, refused

Kind = Literal["xlsx", "xls", "csv"]

_BEGINNINGS: Final[dict[bytes, Kind]] = {b"PK\x03\x04": "xlsx", b"\xd0\xcf\x11\xe0": "xls"}
_READERS: Final[dict[Kind, Callable[[BinaryIO], tuple[Sheet, ...]]]] = {
    "xlsx": xlsx_in.sheets,
    "xls": xls_in.sheets,
    "csv": csv_in.sheets,
}


def opened(file: BinaryIO) -> tuple[Sheet, ...]:
    """Return the sheets of a file; raise Invalid in a sentence for what is not read."""
    size = file.seek(0, 2)
    if size > MOST_BYTES:
        raise refused(
            f"Tệp lớn {size // 1024**2} MB, quá {MOST_BYTES // 1024**2} MB.",
            "Hãy chia tệp ra, mỗi phần giữ lại dòng tiêu đề.",
        )
    if not size:
        raise refused("Tệp không có nội dung.", "Hãy chọn tệp khác.")
    file.seek(0)
    return _READERS[kind_of(file)](file)


def kind_of(file: BinaryIO) -> Kind:
    """Return by its first bytes what a file of rows is; whatever is no workbook is text."""
    file.seek(0)
    return _BEGINNINGS.get(file.read(4), "csv")
