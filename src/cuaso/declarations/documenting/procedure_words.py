"""The procedures of a pack in one table, each with what an applicant asks first."""

from collections.abc import Iterator
from datetime import date

from cuaso.declarations.documenting.sentences import marked, table, together
from cuaso.declarations.pack import Pack
from cuaso.declarations.procedures import Procedure
from cuaso.kernel.identifiers import is_temporary_code


def procedures_chapter(pack: Pack, today: date) -> Iterator[str]:
    """Yield the lines of the chapter on a pack's procedures as they stand on a legal day."""
    if not pack.procedures:
        return
    yield from ("## Thủ tục hành chính", "")
    head = ("Mã", "Thủ tục", "Nơi giải quyết", "Thời hạn", "Phí, lệ phí", "Kết quả")
    yield from table(head, (_row(one, today) for one in pack.procedures.values()))


def _row(one: Procedure, today: date) -> tuple[str, ...]:
    fees = together(fee.title for fee in one.fees.values()) or "không thu"
    code = marked(one.code, unverified=is_temporary_code(one.code))
    return (code, one.title, one.competent.say, _limit(one, today), fees, one.result.title)


def _limit(one: Procedure, today: date) -> str:
    found = one.time_limit.find(today)
    if found is None:
        return "chưa có quy định trong ngày này"
    limit = found.value
    lasts = [
        str(length) for length in (limit.every, limit.online, limit.counter, limit.post) if length
    ]
    cases = f"; {len(limit.cases)} trường hợp có thời hạn riêng" if limit.cases else ""
    return marked(together(dict.fromkeys(lasts), "hoặc"), unverified=found.unverified) + cases
