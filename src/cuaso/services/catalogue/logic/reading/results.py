"""Column "Kết quả xử lý": results with their codes, then what the page showed beneath them."""

import re
from typing import Final

from cuaso.services.catalogue.contracts import ResultLine, Share, Unread
from cuaso.services.catalogue.logic.reading.part import Part

COLUMN: Final = "Kết quả xử lý"
# The portal's own controls ("Chọn cơ quan thực hiện … Nộp hồ sơ") are no part of the record.
_CONTROLS: Final = "Chọn cơ quan thực hiệnTỉnh/ Thành phố"
_KEYWORDS = re.compile(r"Từ khóa(?P<keywords>.*?)Mô tả(?P<remark>.*)\Z", re.DOTALL)
_NOTHING: Final = "Không có thông tin"
_CODE = re.compile(
    r"Mã: ?(?P<code>KQ\.[A-Z][0-9]{2}\.[0-9]{5,7}(?![0-9])|[A-Z0-9][A-Z0-9.\-]{2,40}\Z)"
)
_LOST: Final = "Không thấy mã kết quả."
_ODD: Final = "Mã kết quả không theo mẫu, không chắc kết thúc ở đâu."


def read(text: str) -> Part[ResultLine]:
    """Read the column; the share counts results ("mã kết quả")."""
    body = text.split(_CONTROLS, maxsplit=1)[0].strip()
    tail = _KEYWORDS.search(body)
    listed = body[: tail.start()] if tail else body
    rows: list[ResultLine] = []
    unread: list[Unread] = []
    begin = 0
    for code in _CODE.finditer(listed):
        rows.append(ResultLine(title=listed[begin : code.start()].strip(), code=code["code"]))
        begin = code.end()
    rest = listed[begin:].strip()
    if rest:
        rows.append(ResultLine(title=rest))
        reason = _ODD if "Mã:" in rest else _LOST
        unread.append(Unread(column=COLUMN, text=rest, reason=reason))
    read_rows = sum(1 for row in rows if row.code)
    share = Share(read=read_rows, unread=len(rows) - read_rows)
    rows += _remark(tail)
    return Part(items=tuple(rows), unread=tuple(unread), shares={"mã kết quả": share})


def _remark(tail: re.Match[str] | None) -> list[ResultLine]:
    said = tail["remark"].strip() if tail else ""
    return [ResultLine(title=said)] if said and said != _NOTHING else []
