"""Search the dictionary: elements, lists and codes, marks optional, best first."""

from datetime import date
from typing import Final

from cuaso.foundation.dictionary import contracts
from cuaso.foundation.dictionary.contracts import Element, Hit
from cuaso.foundation.dictionary.logic.find_codes import lists
from cuaso.foundation.dictionary.logic.find_codes import view as code_view
from cuaso.foundation.dictionary.logic.find_elements import stock
from cuaso.foundation.dictionary.logic.find_elements import view as element_view
from cuaso.foundation.dictionary.models import Code
from cuaso.kernel import clock
from cuaso.kernel.text import closeness, fold, words

_MOST_ROWS: Final = 400


def search(text: str, *, on: date | None = None, limit: int = 50) -> tuple[Hit, ...]:
    """Return what the words find, best first: names before other words, typed marks first.

    Codes are those valid on a day (today). No words find nothing.
    """
    asked = words(text.replace("_", " ").replace(".", " "))
    if not asked:
        return ()
    ranked = [*_elements(text, asked), *_lists(text), *_codes(text, asked, on or clock.today())]
    ranked.sort(key=lambda pair: (-pair[0], len(pair[1].title), pair[1].key))
    return tuple(hit for _, hit in ranked[:limit])


def _elements(text: str, asked: tuple[str, ...]) -> list[tuple[int, Hit]]:
    rows = stock().found_by(asked)[:_MOST_ROWS]
    return [(_rank_element(text, one), _element_hit(one)) for one in map(element_view, rows)]


def _rank_element(text: str, one: Element) -> int:
    if fold(text) in (one.key, fold(one.title)):
        return 100
    alias = max((closeness(text, each) for each in one.aliases), default=0)
    return max(20 + 10 * closeness(text, one.title), 15 + 10 * alias)


def _element_hit(one: Element) -> Hit:
    version = one.version_on(clock.today())
    return Hit(
        kind="element",
        key=one.key,
        list_id="",
        title=one.title,
        title_en=one.title_en,
        detail=one.definition,
        unverified=bool(version and version.unverified),
    )


def _lists(text: str) -> list[tuple[int, Hit]]:
    found = []
    for one in lists():
        near = closeness(text, f"{one.title} {one.title_en} {one.list_id.replace('_', ' ')}")
        if near or fold(text) == one.list_id:
            exact = fold(text) in (one.list_id, fold(one.title))
            found.append((90 if exact else 15 + 10 * near, _list_hit(one)))
    return found


def _list_hit(one: contracts.CodeList) -> Hit:
    return Hit(
        kind="list",
        key=one.list_id,
        list_id=one.list_id,
        title=one.title,
        title_en=one.title_en,
        detail=one.source,
        unverified=one.unverified > 0,
    )


def _codes(text: str, asked: tuple[str, ...], day: date) -> list[tuple[int, Hit]]:
    rows = Code.objects.select_related("code_list").valid_on(day).found_by(asked)[:_MOST_ROWS]
    return [(_rank_code(text, row), _code_hit(row)) for row in rows]


def _rank_code(text: str, row: Code) -> int:
    whole = fold(text) in (fold(row.label), fold(row.code))
    return 80 if whole else 5 + 10 * closeness(text, row.label)


def _code_hit(row: Code) -> Hit:
    one = code_view(row)
    return Hit(
        kind="code",
        key=one.code,
        list_id=one.list_id,
        title=one.label,
        title_en=one.label_en,
        detail=row.code_list.title,
        unverified=one.unverified,
    )
