"""The fee inside a way of submitting: `50,000 Việt Nam Đồng(ghi chú)`, `Miễn phí`, or nothing."""

import re
from dataclasses import dataclass
from typing import Final

from cuaso.kernel.money import format_vnd
from cuaso.services.catalogue.contracts import Fee, Share, Unread

COLUMN: Final = "Phí, lệ phí"
FREE: Final = "Miễn phí"
NOT_GIVEN: Final = "Không có thông tin"
_VND: Final = "Việt Nam Đồng|VNĐ|VND|đồng"
MONEY: Final = rf"[0-9][0-9.,]{{0,20}} ?(?:{_VND}|USD|EUR|JPY)"
_STARTS = re.compile(
    rf"(?P<number>[0-9][0-9.,]{{0,20}}) ?(?:(?P<vnd>{_VND})|(?P<other>USD|EUR|JPY))"
    rf"|(?P<free>{FREE})|(?P<absent>{NOT_GIVEN})"
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})*|[0-9]{1,3}(?:\.[0-9]{3})*|[0-9]+")
_SAID_IN_NOTE = re.compile(rf"([0-9]{{1,3}}(?:[.,][0-9]{{3}})+) ?(?:{_VND}|đ\b|Đ\b)", re.IGNORECASE)
_NUMBERING = re.compile(r"\((?:[0-9]{1,2}|[a-zđ]|[ivx]{1,4})\)")
SMALLEST_VND: Final = 1_000
_ODD: Final = "Số tiền ghi không theo cách viết hàng nghìn, không chắc là bao nhiêu."
_TINY: Final = "Số tiền dưới 1.000 đồng; có thể tính bằng nghìn đồng, bản ghi không nói rõ."
_AGAINST_NOTE: Final = "Ghi chú của khoản phí nêu số tiền khác với cột phí."


@dataclass(frozen=True, kw_only=True)
class FeeFound:
    """The fee at the beginning of a text and what comes after it."""

    fee: Fee | None
    text: str
    rest: str
    unread: tuple[Unread, ...]
    share: Share


def read(text: str) -> FeeFound:
    """Read the fee that begins the text. Đồng are whole numbers; other money stays as written."""
    found = _STARTS.match(text)
    if found is None or found["absent"]:
        # Brackets after nothing may belong to the remark: they stay in it.
        rest = text[found.end() :] if found else text
        return FeeFound(fee=None, text="", rest=rest, unread=(), share=Share(absent=1))
    note, rest = note_of(text[found.end() :])
    if found["free"]:
        fee = Fee(kind="free", said=FREE, note=note)
        return FeeFound(fee=fee, text="", rest=rest, unread=(), share=Share(read=1))
    if found["other"]:
        fee = Fee(kind="amount", said=found[0], note=note)
        return FeeFound(fee=fee, text="", rest=rest, unread=(), share=Share(read=1))
    return _in_vnd(found, note, rest)


def _in_vnd(found: re.Match[str], note: str, rest: str) -> FeeFound:
    amount = amount_of(found["number"])
    if amount is None or 0 < amount < SMALLEST_VND:
        said = f"{found[0]} ({note})" if note else found[0]
        reason = _ODD if amount is None else _TINY
        missed: tuple[Unread, ...] = (Unread(column=COLUMN, text=said, reason=reason),)
        return FeeFound(fee=None, text=said, rest=rest, unread=missed, share=Share(unread=1))
    fee = Fee(kind="amount", amount_vnd=amount, said=format_vnd(amount), note=note)
    missed = _doubts(amount, found[0], note)
    return FeeFound(fee=fee, text="", rest=rest, unread=missed, share=Share(read=1))


def amount_of(number: str) -> int | None:
    """Return whole đồng when the digits are grouped as thousands are, else None."""
    if not _THOUSANDS.fullmatch(number):
        return None
    return int(number.replace(",", "").replace(".", ""))


def _doubts(amount: int, said: str, note: str) -> tuple[Unread, ...]:
    in_note = [amount_of(number) or 0 for number in _SAID_IN_NOTE.findall(note)]
    if not in_note or amount in (*in_note, sum(in_note)):
        return ()
    return (Unread(column=COLUMN, text=f"{said} ({note})", reason=_AGAINST_NOTE),)


def note_of(text: str) -> tuple[str, str]:
    """Split a note in balanced brackets from the beginning of the text; `""` without one."""
    if not text.startswith("(") or _NUMBERING.match(text):
        return "", text
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[1:place].strip(), text[place + 1 :]
    return "", text
