"""Opens a file of rows, whatever it is called: by its content XLSX or CSV."""

from typing import BinaryIO

from cuaso.capabilities.registries.logic.exchanging.formats import csv_in, xlsx_in
from cuaso.capabilities.registries.logic.exchanging.formats.lines import MOST_BYTES, Sheet, refused


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
    if is_workbook(file):
        return xlsx_in.sheets(file)
    return csv_in.sheets(file)


def is_workbook(file: BinaryIO) -> bool:
    """Say whether the content is a workbook, of the old kind too."""
    file.seek(0)
    return file.read(4) in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
