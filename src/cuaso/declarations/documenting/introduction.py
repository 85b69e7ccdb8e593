"""What a reader asks of a pack first: who keeps it, who writes, who reads, what is seen."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from cuaso.declarations.documenting.library import Library
from cuaso.declarations.documenting.sentences import together, upper
from cuaso.declarations.pack import Pack
from cuaso.declarations.registries import Registry

HISTORY: Final = "Mọi lần sửa một bản ghi đều còn lại trong lịch sử: ai, khi nào, vì sao."

CHECKED: Final = (
    "Bản ghi trái một điều ở mục “Điều được kiểm tra khi ghi” thì chưa được nhận, và người ghi đọc"
    " đúng câu nêu ở đó."
)


def introduction(pack: Pack, library: Library) -> str:
    """Return a paragraph on the registries of a pack; "" for one that has none."""
    many = _said(pack, library) if len(pack.registries) > 1 else ()
    checked = [CHECKED] if any(one.rules for one in pack.registries.values()) else []
    return " ".join([*many, HISTORY, *checked] if pack.registries else [])


def _said(pack: Pack, library: Library) -> Iterator[str]:
    every = list(pack.registries.values())
    yield _keepers(every, library)
    local = _number(every, lambda one: _may(one, "add", "nơi giữ"))
    if local:
        where = _registries(local, every)
        yield f"Ủy ban nhân dân xã, phường ghi phần của địa bàn mình ở {where}."
    own = _number(every, lambda one: _may(one, "view", "bản thân"))
    if own:
        yield f"Người có tên trong sổ đọc được dữ liệu về mình ở {_registries(own, every)}."
    written = sum(bool(library.writers(f"{pack.id}/{name}")) for name in pack.registries)
    if written:
        yield f"Kết quả thủ tục hành chính tự ghi vào {_registries(written, every)}."
    yield from _looks(every)


def _keepers(every: list[Registry], library: Library) -> str:
    kept = Counter(one.owner for one in every).most_common()
    if len(kept) == 1:
        return f"{library.agency(kept[0][0])} làm chủ cả {len(every)} sổ."
    said = together(
        f"{library.agency(owner)} làm chủ {_registries(number, every)}" for owner, number in kept
    )
    return f"{said}."


def _looks(every: list[Registry]) -> Iterator[str]:
    ways = {
        "có bản đồ": _number(every, lambda one: bool(one.maps)),
        "có lịch": _number(every, lambda one: bool(one.calendars)),
        "in được thành sổ giấy": _number(every, lambda one: bool(one.prints)),
        "có cột mở cho mọi người": _number(every, lambda one: bool(one.sharing.open)),
    }
    seen = [f"{_registries(number, every)} {way}" for way, number in ways.items() if number]
    if seen:
        yield f"{upper(together(seen))}."


def _registries(number: int, every: list[Registry]) -> str:
    if number == len(every):
        return "mọi sổ"
    return "một sổ" if number == 1 else f"{number} sổ"


def _number(every: list[Registry], holds: Callable[[Registry], bool]) -> int:
    return sum(holds(one) for one in every)


def _may(one: Registry, act: str, whose: str) -> bool:
    return any(act in right.may and right.of == whose for right in one.rights)
