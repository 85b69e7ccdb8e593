"""Anybody who holds a paper asks whether the register knows it.

Both the number and the code of the paper are wanted, so nobody finds records by numbers alone; a
wrong code and an unknown number are answered alike, after the same one look at the index.
"""

import secrets
from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from cuaso.capabilities.registries.contracts import RecordView, Verified, VerifyOffer
from cuaso.capabilities.registries.logic.seeing import records, verify_papers
from cuaso.capabilities.registries.logic.seeing.lines import Lines
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.verifying import Verify
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import ANONYMOUS
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import nfc

_ROWS: Final = 5
_LONGEST: Final = 200
_NOBODY: Final = b"\0"
_SAID: Final = {
    "vi": {
        "unknown": "Không có bản ghi nào khớp với cả hai giá trị này. "
        "Hãy kiểm tra lại từng chữ, từng số ghi trên giấy.",
        "removed": "{item} này đã bị đưa ra khỏi sổ, không còn giá trị.",
        "ended": "{item} này có trong sổ nhưng không còn hiệu lực.",
        "expired": "{item} này có trong sổ nhưng đã hết hạn ngày {until}.",
        "stands": "{item} này có trong sổ và đang có hiệu lực.",
    },
    "en": {
        "unknown": "No record matches both values. "
        "Please check every letter and digit on the paper.",
        "removed": "This record was taken out of the register and no longer counts.",
        "ended": "This record is in the register but is no longer in force.",
        "expired": "This record is in the register but expired on {until}.",
        "stands": "This record is in the register and in force.",
    },
}


def verifiable(*, language: str = "vi") -> tuple[VerifyOffer, ...]:
    """Return the registries whose records anybody may verify, by title."""
    offers = [_offer(built, language) for built in sets.current() if _answers(built)]
    return tuple(sorted(offers, key=lambda one: one.title))


def verify_offer(*, registry: str, language: str = "vi") -> VerifyOffer:
    """Return what has to be given to verify a record; raise NotFound where nothing is verified."""
    return _offer(_open(registry)[0], language)


def verify(*, registry: str, given: tuple[str, str], language: str = "vi") -> Verified:
    """Say whether a record stands, and of it only what is declared to be shown.

    `given` are the number and the code as they stand on the paper. The person whose record it is
    reads that it was verified. A paper of a record answers to its own number and code. Raises
    NotFound where the registry verifies nothing.
    """
    built, declared = _open(registry)
    row = _found(built, declared, given) if declared else None
    if row is None or declared is None:
        paper = verify_papers.verify_paper(built, given, language)
        return paper or _answer(built, "unknown", language)
    _note(built, row)
    if row.row_gone is not None:
        return _answer(built, "removed", language)
    here = values.context(built, language=language)
    said = Lines(built, columns=declared.shows, hidden=frozenset(), here=here)
    shown = zip(declared.shows, said.cells(said.read(row)), strict=True)
    until = getattr(row, built.column(declared.until).name) if declared.until else None
    ended = until is not None and until < clock.today()
    state = "expired" if ended and _stands(built, declared, row) else _state(built, declared, row)
    told = f"{until:%d/%m/%Y}" if ended else ""
    facts = tuple(
        (records.title_of(built, path, language), cell.text) for path, cell in shown if cell.text
    )
    return _answer(built, state, language, until=told, facts=facts)


def proof_of(*, record: RecordView) -> tuple[str, str] | None:
    """Return the two values by which others verify a record; None where its reader may not read
    both, or nothing is verified.
    """
    declared = sets.built(record.registry).declared.verify
    if declared is None or record.gone_at is not None:
        return None
    number, secret = (record.value(path) for path in declared.by)
    return (str(number), str(secret)) if number and secret else None


def _answers(built: Built) -> bool:
    """Say whether the public may ask of a registry: of its records, or of its signed papers."""
    return bool(built.declared.verify) or verify_papers.signs_some(built)


def _open(registry: str) -> tuple[Built, Verify | None]:
    try:
        built = sets.built(registry)
    except NotFound:
        raise _nothing_verified() from None
    if not _answers(built):
        raise _nothing_verified()
    return built, built.declared.verify


def _nothing_verified() -> NotFound:
    return NotFound(
        code="registries.not_verified",
        what="Không có sổ nào ở địa chỉ này nhận xác minh.",
        mend="Hãy mở trang xác minh rồi chọn loại giấy.",
    )


def _found(built: Built, declared: Verify, given: tuple[str, str]) -> Row | None:
    number, secret = (built.column(path).name for path in declared.by)
    typed, code = (nfc(one)[:_LONGEST].replace("\0", "").strip() for one in given)
    rows: list[Any] = list(
        built.live.objects.filter(**{f"{number}__in": sorted({typed, typed.upper()})})
        .exclude(**{secret: None})
        .order_by(F("row_gone").desc(nulls_first=True), "row_id")[:_ROWS]
    )
    kept = [_bare(getattr(row, secret)) for row in rows] or [_NOBODY]
    same = [secrets.compare_digest(one, _bare(code)) for one in kept]
    return next((row for row, agrees in zip(rows, same, strict=False) if agrees), None)


def _bare(text: str) -> bytes:
    return "".join(text.split()).casefold().encode()


def _stands(built: Built, declared: Verify, row: Row) -> bool:
    return all(
        getattr(row, built.column(path).name) in codes for path, codes in declared.stands.items()
    )


def _state(built: Built, declared: Verify, row: Row) -> str:
    return "stands" if _stands(built, declared, row) else "ended"


def _answer(
    built: Built,
    state: str,
    language: str,
    *,
    until: str = "",
    facts: tuple[tuple[str, str], ...] = (),
) -> Verified:
    item = built.declared.item or built.declared.title
    said = _SAID["en" if language == "en" else "vi"][state]
    return Verified(
        ok=state == "stands",
        state=state,
        sentence=said.format(item=item, until=until),
        facts=facts,
    )


def _note(built: Built, row: Row) -> None:
    """Write the look down for each person whom the record is about."""
    about = Subject(kind="registries.record", id=row.row_id)
    with transaction.atomic():
        for person_id in _people(built, row):
            audit.log_look(
                actor=ANONYMOUS,
                person_id=person_id,
                subject=about,
                purpose=f"Xác minh bằng số và mã ghi trên giấy: {built.declared.title}.",
                task=built.declared.title,
            )


def _people(built: Built, row: Row) -> Iterator[Any]:
    for number in sorted(records.numbers_in(built, row)):
        person = directory.find_person(number)
        if person is not None:
            yield person.id


def _offer(built: Built, language: str) -> VerifyOffer:
    declared, english = built.declared, language == "en"
    verify_ = declared.verify
    said = verify_.say if verify_ else verify_papers.SAY["vi"]
    said_en = verify_.say_en if verify_ else verify_papers.SAY["en"]
    by = verify_papers.BY["en" if english else "vi"]
    if verify_ is not None:
        by = tuple(records.title_of(built, path, language) for path in verify_.by)
    return VerifyOffer(
        registry=built.key,
        title=declared.title_en if english and declared.title_en else declared.title,
        item=(declared.item_en if english else "") or declared.item or declared.title,
        say=said_en if english and said_en else said,
        agency_name=directory.agency(built.owner_id).name,
        by=by,
    )
