"""Column "Thành phần hồ sơ": papers by case, each with its template and number of copies.

A case is a caption before a table header ("--" when there is only one); a row is
`tên giấy tờ` + `tệp mẫu` + `1 bản chính,1 bản sao`, again without separators.
"""

import re
from itertools import pairwise
from typing import Final

from cuaso.services.catalogue.contracts import ComponentGroup, ComponentLine, Share, Unread
from cuaso.services.catalogue.logic.reading.glued import after_year
from cuaso.services.catalogue.logic.reading.part import Part

COLUMN: Final = "Thành phần hồ sơ"
HEADER: Final = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
# A count ends a row: the next row's name, or the end, follows at once.
_COUNT = re.compile(
    r"(?P<first>[0-9]{1,9}) (?P<what>bản chính|bản sao)(?:, ?(?P<second>[0-9]{1,3}) bản sao)?"
    r"(?=[^\s).,;:/]|\s*\Z)"
)
_EXTENSION = re.compile(
    r"\.(?:docx?|pdf|xlsx?|pptx?|rar|zip|7z|rtf|odt|ods|png|jpe?g|tiff?|html?|xml)\Z", re.IGNORECASE
)
_SEVERAL = re.compile(
    r"\.(?:docx?|pdf|xlsx?|pptx?|rar|zip|7z|rtf|odt|ods|png|jpe?g|tiff?|html?|xml)(?=\w)",
    re.IGNORECASE,
)
_CLOSING: Final = frozenset(').,;:”"')
_CLOSING_HARD: Final = frozenset(');:”"')
_NO_TABLE: Final = "Không có bảng giấy tờ; phần này là một đoạn văn."
_AFTER: Final = "Phần cuối bảng không có số lượng bản."
_NAMELESS: Final = "Có số lượng bản mà không có tên giấy tờ."
_GLUED_COUNT: Final = "Số lượng dính liền với con số cuối tên giấy tờ."
_GLUED_TEMPLATE: Final = "Tên tệp mẫu dính liền với tên giấy tờ, không chắc bắt đầu ở đâu."


def read(text: str) -> Part[ComponentGroup]:
    """Read the column; the shares count papers ("số bản") and templates ("tệp mẫu")."""
    body = text.strip()
    if not body:
        return Part()
    caption, *tables = body.split(HEADER)
    if not tables:
        prose = Unread(column=COLUMN, text=body, reason=_NO_TABLE)
        return Part(unread=(prose,), shares={"giấy tờ và số bản": Share(unread=1)})
    groups: list[ComponentGroup] = []
    unread: list[Unread] = []
    for table in tables:
        lines, rest, missed = _table(table)
        unread += missed
        groups.append(ComponentGroup(caption=_caption(caption), lines=lines))
        caption = rest
    if _caption(caption):
        unread.append(Unread(column=COLUMN, text=caption.strip(), reason=_AFTER))
    return Part(items=tuple(groups), unread=tuple(unread), shares=_shares(groups, unread))


def _caption(text: str) -> str:
    said = text.strip().rstrip(":").strip()
    return said if said.strip("-") else ""


def _table(table: str) -> tuple[tuple[ComponentLine, ...], str, list[Unread]]:
    lines, unread, begin = [], [], 0
    for count in _counts(table):
        if not table[begin : count.start()].strip():
            unread.append(Unread(column=COLUMN, text=count[0], reason=_NAMELESS))
            begin = count.end()
            continue
        line, missed = _line(table[begin : count.start()], count)
        lines.append(line)
        unread += missed
        begin = count.end()
    return tuple(lines), table[begin:], unread


def _counts(table: str) -> list[re.Match[str]]:
    """Leave out a count that the name itself says ("nộp 01 bản chính" before the row's own)."""
    found = list(_COUNT.finditer(table))
    starts = {count.start() for count in found}
    return [
        count
        for count in found
        if count.end() not in starts or not table[count.start() - 1 : count.start()].isspace()
    ]


def _line(before: str, count: re.Match[str]) -> tuple[ComponentLine, list[Unread]]:
    first = count["first"]
    own = first if len(first) == 1 else after_year(before, first)
    if own is None or len(own) > 1:
        # "…theo Mẫu số 181 bản chính": nobody can tell where the name ends.
        name = f"{before}{first}".strip()
        text = f"{name} {count['what']}"
        missed = [Unread(column=COLUMN, text=text, reason=_GLUED_COUNT)]
        return ComponentLine(name=name), missed
    before += first[: len(first) - len(own)]
    name, template, missed = _template(before.strip())
    originals = int(own) if count["what"] == "bản chính" else 0
    copies = int(own) if count["what"] == "bản sao" else int(count["second"] or 0)
    return ComponentLine(name=name, template=template, originals=originals, copies=copies), missed


def _template(text: str) -> tuple[str, str, list[Unread]]:
    """Split `tên giấy tờ` from `tệp mẫu`; where the seam is not certain nothing is split."""
    end = _EXTENSION.search(text)
    if end is None:
        return text, "", []
    before = text[: end.start()]
    seams = _seams(before)
    if len(seams) == 1 and not _SEVERAL.search(before):
        return text[: seams[0]].strip(), text[seams[0] :].strip(), []
    return text, "", [Unread(column=COLUMN, text=text, reason=_GLUED_TEMPLATE)]


def _seams(text: str) -> list[int]:
    """Return where two columns may have been glued: a capital after a small letter or a sign.

    A small letter or a digit after a full stop, or a digit after a small letter, is a weaker
    place: it counts when there is no capital, and makes a capital that follows it doubtful.
    """
    pairs = list(enumerate(pairwise(text), start=1))
    capitals = [
        place
        for place, (left, right) in pairs
        if (right.isupper() and _ends_a_name(left, text[place + 1 : place + 2]))
        or (right.isalnum() and left in _CLOSING_HARD)
    ]
    weaker = [
        place
        for place, (left, right) in pairs
        if (left.islower() and right.isdigit())
        or (left == "." and not right.isupper() and right.isalnum() and text[place - 2].islower())
    ]
    doubtful = [place for place in weaker if not capitals or place < capitals[0]]
    return doubtful + capitals


def _ends_a_name(left: str, after: str) -> bool:
    if left.isupper():
        return after.islower()
    return left.islower() or left.isdigit() or left in _CLOSING


def _shares(groups: list[ComponentGroup], unread: list[Unread]) -> dict[str, Share]:
    lines = [line for group in groups for line in group.lines]
    templates = sum(1 for line in lines if line.template)
    glued = sum(1 for miss in unread if miss.reason == _GLUED_TEMPLATE)
    counted = sum(1 for line in lines if line.originals is not None)
    uncounted = sum(1 for miss in unread if miss.reason in (_GLUED_COUNT, _AFTER, _NAMELESS))
    return {
        "giấy tờ và số bản": Share(read=counted, unread=uncounted),
        "tệp mẫu": Share(read=templates, unread=glued, absent=len(lines) - templates - glued),
    }
