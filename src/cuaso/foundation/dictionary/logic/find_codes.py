from datetime import date

from django.db.models import Count, Q

from cuaso.foundation.dictionary import contracts
from cuaso.foundation.dictionary.logic.memory import MEMORY
from cuaso.foundation.dictionary.models import Code, CodeList, CodeQuerySet
from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound
from cuaso.kernel.periods import Period
from cuaso.kernel.text import closeness, words


@MEMORY.keep
def codes(list_id: str, on: date | None = None) -> tuple[contracts.Code, ...]:
    """Return the codes valid on a day (today), in the order of the list.

    Raises NotFound when there is no such list; a list may be empty on a day.
    """
    _require_list(list_id)
    return tuple(view(row) for row in _valid(list_id, on).order_by("position"))


@MEMORY.keep
def find_code(list_id: str, code: str, on: date | None = None) -> contracts.Code | None:
    """Return one code as it was on a day (today), None when there is none such."""
    row = _valid(list_id, on).filter(code=code).first()
    return view(row) if row else None


def code(list_id: str, code: str, on: date | None = None) -> contracts.Code:
    """Return one code as it was on a day (today); raise NotFound."""
    found = find_code(list_id, code, on)
    if found is None:
        _require_list(list_id)
        day = on or clock.today()
        raise NotFound(
            code="dictionary.no_code",
            what=f"Danh mục “{list_id}” không có mã “{code}” vào ngày {day:%d/%m/%Y}.",
            mend="Hãy chọn một mã đang có hiệu lực trong danh mục.",
        )
    return found


def label(list_id: str, code_: str, on: date | None = None) -> str:
    """Return the Vietnamese label of a code on a day (today); raise NotFound."""
    return code(list_id, code_, on).label


@MEMORY.keep
def has(list_id: str, code: str, on: date | None = None) -> bool:
    """Say whether the code is valid on a day (today)."""
    return _valid(list_id, on).filter(code=code).exists()


def find(
    list_id: str, text: str, on: date | None = None, limit: int = 20
) -> tuple[contracts.Code, ...]:
    """Return codes whose label has a word beginning with each typed word, best first.

    Marks are optional; labels that agree with the typed marks come first.
    """
    asked = words(text)
    if not asked:
        return codes(list_id, on)[:limit]
    rows = [view(row) for row in _valid(list_id, on).found_by(asked).order_by("sort_key")]
    return tuple(sorted(rows, key=lambda row: -closeness(text, row.label))[:limit])


def lists() -> tuple[contracts.CodeList, ...]:
    """Return every list with its size and how many of its codes are unverified."""
    counted = CodeList.objects.annotate(
        size=Count("codes"), unverified=Count("codes", filter=Q(codes__unverified=True))
    )
    return tuple(
        contracts.CodeList(
            id=row.id,
            list_id=row.list_id,
            title=row.title,
            title_en=row.title_en,
            source=row.source,
            size=row.size,
            unverified=row.unverified,
        )
        for row in counted.order_by("list_id")
    )


def view(row: Code) -> contracts.Code:
    return contracts.Code(
        list_id=row.code_list.list_id,
        code=row.code,
        label=row.label,
        label_en=row.label_en,
        valid=Period(row.from_date, row.until_date),
        attributes=row.attributes,
        source=row.source or row.code_list.source,
        unverified=row.unverified,
    )


def _valid(list_id: str, on: date | None) -> CodeQuerySet:
    stock = Code.objects.select_related("code_list").filter(code_list__list_id=list_id)
    return stock.valid_on(on or clock.today())


def _require_list(list_id: str) -> None:
    if not CodeList.objects.filter(list_id=list_id).exists():
        raise NotFound(
            code="dictionary.no_list",
            what=f"Không có danh mục “{list_id}”.",
            mend="Hãy kiểm tra tên danh mục trong khai báo, hoặc nạp danh mục vào hệ thống.",
        )
