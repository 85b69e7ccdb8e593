"""Column "Căn cứ pháp lý": documents with their numbers, title and number glued together.

A number ends a row when the next title, or the end, follows it at once:
`…của công dân Việt Nam` `23/2023/QH15` `Luật 51/2019/QH14` `51/2019/QH14`.
"""

import re
from typing import Final

from cuaso.services.catalogue.contracts import LegalBasis, Share, Unread
from cuaso.services.catalogue.logic.reading.glued import after_year
from cuaso.services.catalogue.logic.reading.part import Part

COLUMN: Final = "Căn cứ pháp lý"
HEADER: Final = "Tên văn bản pháp lýMã văn bản"
_ISSUERS: Final = (
    "TANDTC|VKSNDTC|BNNPTNT|BLĐTBXH|BVHTTDL|BVHTT|UBTVQH[0-9]{2}|BNNMT|BKHCN|BTTTT|BTNMT|BGTVT|"
    "BKHĐT|BKHCNMT|BGDĐT|BDTTG|BKHCN|BHXH|NHNN|TTCP|VPCP|VPQH|TCHQ|UBDT|UBND|HĐND|HĐTP|BCA|BCN|BCT|BNG|"
    "BNN|BNV|BQP|BTC|BTM|BTP|BTS|BTM|BXD|BYT|BKH|BTL|TCT|TTg|TTG|CP|QH[0-9]{2}"
)
_KINDS: Final = "TTLT|VBHN|NĐ|NQ|QĐ|TT|CT|PL|CV|SL|L"
_SYMBOL: Final = (
    rf"(?:UBTVQH[0-9]{{2}}|QH[0-9]{{2}}|(?:{_KINDS})[-/](?:{_ISSUERS})(?:[-/](?:{_ISSUERS}))*)"
)
_NUMBER = re.compile(
    rf"(?P<digits>[0-9]{{1,9}})(?:\.[0-9]{{1,2}})?(?P<year>/[0-9]{{4}})?/{_SYMBOL}(?![-/][A-ZĐ])"
)
# After these words digits belong to the title, so a number that follows them is doubtful.
_COUNTED = re.compile(r"(?:Điều|khoản|điểm|Chương|Phần|năm|tháng|ngày|lần)\s\Z", re.IGNORECASE)
_PREFIX = re.compile(
    r"(?:(?:Luật|Nghị định|Nghị quyết|Thông tư|Quyết định|NĐ|NQ|TT|QĐ)(?: số)?|[Ss]ố)\s?:?\s*\Z"
)
LONGEST_NUMBER: Final = 4
_NO_NUMBER: Final = "Không thấy số, ký hiệu văn bản ở cuối tên văn bản."
_GLUED: Final = "Số văn bản dính liền với con số cuối tên văn bản."
_TWO: Final = "Hai số văn bản khác nhau đứng liền nhau, không rõ số nào là của văn bản này."


def read(text: str) -> Part[LegalBasis]:
    """Read the column; the share counts documents ("văn bản")."""
    body = text.strip().removeprefix(HEADER)
    rows: list[LegalBasis] = []
    unread: list[Unread] = []
    begin = 0
    for number in _row_ends(body):
        row, missed = _row(body[begin : number.start()], number, body[: number.start()])
        rows.append(row)
        unread += missed
        begin = number.end()
    rest = body[begin:].strip()
    if rest:
        rows.append(LegalBasis(title=rest))
        unread.append(Unread(column=COLUMN, text=rest, reason=_NO_NUMBER))
    read_rows = sum(1 for row in rows if row.number)
    share = Share(read=read_rows, unread=len(rows) - read_rows)
    return Part(items=tuple(rows), unread=tuple(unread), shares={"văn bản": share})


def _row_ends(body: str) -> list[re.Match[str]]:
    found = list(_NUMBER.finditer(body))
    starts = {number.start() for number in found}
    return [
        number
        for number in found
        if number.end() not in starts and _nothing_between(body[number.end() : number.end() + 1])
    ]


def _nothing_between(after: str) -> bool:
    return not after or after.isalnum() or after in '-+“"\t\n'


def _row(title: str, number: re.Match[str], before: str) -> tuple[LegalBasis, tuple[Unread, ...]]:
    digits = number["digits"]
    whole = f"{title}{number[0]}".strip()
    own = after_year(before, digits)
    if own is not None and len(own) <= LONGEST_NUMBER:
        year = digits[: len(digits) - len(own)]
        said = number[0][len(year) :]
        return LegalBasis(title=f"{title}{year}".strip(), number=said), ()
    glued = before[-1:].isspace() and _COUNTED.search(before)
    if len(digits) > LONGEST_NUMBER or glued:
        return LegalBasis(title=whole), (Unread(column=COLUMN, text=whole, reason=_GLUED),)
    last = _last_number(title)
    if last is not None and last.end() == len(title):
        if last[0] != number[0]:
            return LegalBasis(title=whole), (Unread(column=COLUMN, text=whole, reason=_TWO),)
        return LegalBasis(title=title.strip(), number=number[0]), ()
    return _named(title, number[0]), ()


def _named(title: str, number: str) -> LegalBasis:
    """A kind before the number ("Luật số 32/2024/QH15") stays out of the title."""
    prefix = _PREFIX.search(title)
    if prefix is None:
        return LegalBasis(title=title.strip(), number=number)
    if prefix.start() and not title[prefix.start() - 1].isspace():
        return LegalBasis(title=title[: prefix.start()].strip(), number=number)
    return LegalBasis(title=f"{title}{number}".strip(), number=number)


def _last_number(title: str) -> re.Match[str] | None:
    return next(reversed(list(_NUMBER.finditer(title))), None)
