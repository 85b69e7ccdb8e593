"""Column "Cách thức thực hiện": ways of submitting with time limit, fee and remark.

The national portal's table arrives as one text without separators:
`Trực tiếp5 Ngày làm việc50,000 Việt Nam Đồng(ghi chú)Mô tả…`. A row begins where a method is
followed at once by a time and a fee; anything else belongs to the remark before it.
"""

import re
from collections.abc import Iterator
from typing import Final

from cuaso.services.catalogue.contracts import Channel, Share, TimeLimit, TimeUnit, Unread
from cuaso.services.catalogue.logic.reading import fees
from cuaso.services.catalogue.logic.reading.part import Part

COLUMN: Final = "Cách thức thực hiện"
HEADER: Final = "Hình thức nộpThời gianPhí, lệ phíMô tả"
UNITS: Final[dict[str, TimeUnit]] = {
    "Ngày làm việc": "working_day",
    "Giờ làm việc": "working_hour",
    "Ngày": "day",
    "Giờ": "hour",
    "Tuần": "week",
    "Tháng": "month",
    "Năm": "year",
    "Phút": "minute",
}
_METHODS: Final = "Trực tiếp|Trực tuyến|Dịch vụ bưu chính"
_FEE: Final = rf"{fees.MONEY}|{fees.FREE}|{fees.NOT_GIVEN}"
_ROW: Final = re.compile(
    rf"(?P<method>{_METHODS})(?:"
    rf"(?P<amount>[0-9]{{1,4}}) ?(?P<unit>{'|'.join(UNITS)})(?={_FEE})"
    rf"|(?P<absent>{fees.NOT_GIVEN})(?={_FEE})"
    # A number without its unit: before an amount of money nobody can tell where it ends.
    rf"|(?P<fused>{fees.MONEY})"
    rf"|(?P<bare>[0-9]{{1,4}})(?={fees.FREE}|{fees.NOT_GIVEN}))"
    rf"|(?:^|(?<=[^\s(,;:\-]))(?P<other>{_METHODS})"
    rf"(?P<words>[A-ZĐ][^\n0-9]{{0,120}}?)(?={fees.FREE}|{fees.NOT_GIVEN})"
)
_NO_UNIT: Final = "Thời hạn có con số mà không có đơn vị (ngày, ngày làm việc hay giờ)."
_FUSED: Final = (
    "Thời hạn không có đơn vị và dính liền với số tiền; không biết số nào thuộc thời hạn."
)
_WORDS: Final = "Thời hạn ghi bằng lời, không phải một con số với đơn vị."
_NO_ROW: Final = "Không thấy cách nộp nào mở đầu phần này."


def read(text: str) -> Part[Channel]:
    """Read the column; the shares count time limits ("thời hạn") and fees ("phí, lệ phí")."""
    body = text.removeprefix(HEADER).strip()
    starts = list(_ROW.finditer(body))
    lead = body[: starts[0].start()] if starts else body
    rows = [_row(start, rest) for start, rest in _with_rest(starts, body)]
    stray = (Unread(column=COLUMN, text=lead, reason=_NO_ROW),) if lead.strip() else ()
    return Part(
        items=tuple(row for row, _missed, _time, _fee in rows),
        unread=stray + tuple(miss for _row, missed, _time, _fee in rows for miss in missed),
        shares={
            "thời hạn": sum((time for _row, _missed, time, _fee in rows), Share()),
            "phí, lệ phí": sum((fee for _row, _missed, _time, fee in rows), Share()),
        },
    )


def _with_rest(starts: list[re.Match[str]], body: str) -> Iterator[tuple[re.Match[str], str]]:
    begins = [*(start.start() for start in starts), len(body)]
    for start, end in zip(starts, begins[1:], strict=True):
        yield start, body[start.end() : end]


_Row = tuple[Channel, tuple[Unread, ...], Share, Share]


def _row(start: re.Match[str], rest: str) -> _Row:
    if start["fused"]:
        return _fused_row(start, rest)
    time, time_text, missed = _time(start)
    fee = fees.read(rest)
    channel = Channel(
        method=start["method"] or start["other"],
        time=time,
        fee=fee.fee,
        time_text=time_text,
        fee_text=fee.text,
        note=fee.rest.strip(),
    )
    share = Share(read=int(time is not None), unread=len(missed))
    if time is None and not missed:
        share = Share(absent=1)
    return channel, missed + fee.unread, share, fee.share


def _time(start: re.Match[str]) -> tuple[TimeLimit | None, str, tuple[Unread, ...]]:
    if start["unit"]:
        return TimeLimit(amount=int(start["amount"]), unit=UNITS[start["unit"]]), "", ()
    if start["absent"]:
        return None, "", ()
    said = (start["bare"] or start["words"]).strip()
    reason = _NO_UNIT if start["bare"] else _WORDS
    method = start["method"] or start["other"]
    return None, said, (Unread(column=COLUMN, text=f"{method}: {said}", reason=reason),)


def _fused_row(start: re.Match[str], rest: str) -> _Row:
    note, after = fees.note_of(rest)
    said = f"{start['fused']} ({note})" if note else start["fused"]
    channel = Channel(
        method=start["method"], time=None, fee=None, time_text=said, note=after.strip()
    )
    missed = Unread(column=COLUMN, text=f"{start['method']}: {said}", reason=_FUSED)
    return channel, (missed,), Share(unread=1), Share(unread=1)
