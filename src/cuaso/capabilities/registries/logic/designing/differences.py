"""What a version declares otherwise than the one in force, piece by piece."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cuaso.capabilities.registries.logic.designing.shapes import DesignDifference
from cuaso.capabilities.registries.logic.designing.wording import written
from cuaso.declarations.shape import Loose

Plain = Mapping[str, Any]
# What is compared piece by piece; everything else is compared as a whole.
_NAMED: Final = (
    "fields", "groups", "parts", "lists", "maps", "calendars", "figures", "prints", "papers",
    "notices", "masks",
)  # fmt: skip
TITLES: Final[Mapping[str, str]] = {
    "title": "Tên sổ",
    "title_en": "Tên tiếng Anh",
    "item": "Tên một bản ghi",
    "about": "Giới thiệu",
    "owner": "Cơ quan chủ quản",
    "sharing": "Mức chia sẻ",
    "legal": "Căn cứ pháp lý",
    "retention": "Thời hạn lưu",
    "key": "Khóa của bản ghi",
    "unique": "Các ô không được trùng",
    "name": "Cách gọi một bản ghi",
    "place": "Nơi giữ bản ghi",
    "fields": "Ô",
    "groups": "Nhóm",
    "parts": "Phần của biểu mẫu",
    "rules": "Luật",
    "statuses": "Trạng thái",
    "search": "Ô được tìm bằng chữ",
    "lists": "Danh sách",
    "maps": "Bản đồ",
    "calendars": "Lịch",
    "figures": "Con số",
    "prints": "Sổ in",
    "papers": "Giấy in từ bản ghi",
    "notices": "Lời nhắc",
    "workflow": "Đường đi của bản ghi",
    "does": "Việc ghi sang sổ khác",
    "feeds": "Phần danh bạ lấy từ sổ",
    "verify": "Tra cứu để xác minh",
    "systems": "Hệ thống",
    "rights": "Quyền",
    "masks": "Ô được che",
}


def differences(before: Plain, after: Plain) -> tuple[DesignDifference, ...]:
    """Return every piece that is new, gone or otherwise, in the order of the declaration."""
    names = dict.fromkeys([*TITLES, *after, *before])
    return tuple(one for name in names for one in _of(name, before.get(name), after.get(name)))


def _of(name: str, before: Loose, after: Loose) -> Iterator[DesignDifference]:
    if before == after:
        return
    if name not in _NAMED:
        yield _one(name, TITLES.get(name, name), before, after)
        return
    old, new = before or {}, after or {}
    for key in dict.fromkeys([*new, *old]):
        if old.get(key) != new.get(key):
            called = (new.get(key) or old.get(key) or {}).get("title") or key
            title = f"{TITLES[name]} “{called}”"
            yield _one(f"{name}.{key}", title, old.get(key), new.get(key))
    shared = [key for key in new if key in old]
    if shared != [key for key in old if key in new]:
        yield DesignDifference(
            place=name,
            title=f"Thứ tự: {TITLES[name].lower()}",
            before=", ".join(old),
            after=", ".join(new),
            old=list(old),
            new=list(new),
        )


def _one(place: str, title: str, before: Loose, after: Loose) -> DesignDifference:
    return DesignDifference(
        place=place, title=title, before=_said(before), after=_said(after), old=before, new=after
    )


def _said(value: Loose) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return written(value).strip()
    if isinstance(value, list):
        return written({"-": value}).strip().removeprefix("-:").strip()
    return str(value)
