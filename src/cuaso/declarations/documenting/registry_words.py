"""One registry told in words: what it is, holds, checks, shows, and who may do what with it."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from cuaso.declarations.documenting.field_words import asked, holds
from cuaso.declarations.documenting.library import Library
from cuaso.declarations.documenting.sentences import (
    day,
    ended,
    lower,
    marked,
    quoted,
    roles,
    table,
    together,
)
from cuaso.declarations.fields import Field
from cuaso.declarations.registries import Legal, Registry, RegistryField, Right

_SHARING: Final = {
    "mở": "Ai cũng xem được các cột dữ liệu mở",
    "tỉnh": "Các cơ quan trong tỉnh dùng chung theo quyền",
    "cơ quan": "Chỉ dùng trong cơ quan chủ quản và nơi giữ bản ghi",
    "hạn chế": "Hạn chế, chỉ người có nhiệm vụ được xem",
}
_SHOWN: Final = {
    "nothing": "không thấy gì",
    "last_4": "chỉ thấy bốn ký tự cuối",
    "year": "chỉ thấy năm",
    "first_letter": "chỉ thấy chữ cái đầu",
}
_OF: Final = {
    "chủ quản": "cơ quan chủ quản",
    "nơi giữ": "cơ quan giữ bản ghi",
    "tỉnh": "mọi cơ quan trong tỉnh",
}
_PLACE: Final = re.compile(r"\{([a-z_.]+)\}")
_DAY: Final = re.compile(r"ngày \{([a-z_.]+)\}")
_ACTS: Final = {
    "view": "xem",
    "add": "ghi mới",
    "change": "sửa",
    "remove": "bỏ",
    "import": "nhập từ bảng tính",
    "export": "xuất",
    "design": "sửa cấu trúc",
}


def registry_chapter(key: str, registry: Registry, library: Library) -> Iterator[str]:
    """Yield the lines of the chapter on a registry `pack/name`, as Markdown."""
    yield from (f"## {registry.title}", "")
    yield from _opening(key, registry, library)
    yield from ("### Giữ những gì", "")
    yield from _fields(key, registry, library)
    yield from _groups(key, registry, library)
    yield from _rules(registry)
    yield from _statuses(registry, library)
    yield from _notices(registry)
    yield from _shown(registry)
    yield from _people(registry)


def _opening(key: str, registry: Registry, library: Library) -> Iterator[str]:
    item = lower(registry.item or "bản ghi")
    by = together(lower(registry.titled(name)) for name in registry.key)
    said = [ended(registry.about)] if registry.about else []
    said.append(f"{library.agency(registry.owner)} làm chủ sổ này.")
    said.append(
        f"Mỗi {item} có {by} riêng."
        if len(registry.key) == 1
        else f"Không hai {item} nào trùng cả {by}."
    )
    if registry.place:
        place = quoted(registry.fields[registry.place].title)
        said.append(f"Ủy ban nhân dân nơi ghi ở ô {place} giữ bản ghi của địa bàn mình.")
    writers = library.writers(key)
    if writers:
        said.append(f"Kết quả của thủ tục {together(writers)} được ghi thẳng vào sổ.")
    yield from (" ".join(said), "")
    yield from (f"**Căn cứ.** {'; '.join(map(_legal, registry.legal))}.", "")
    yield from (f"**Chia sẻ.** {_sharing(registry)}", "")
    yield from (f"**Lưu giữ.** {_kept(registry)}", "")


def _legal(one: Legal) -> str:
    since = f" từ {day(one.since)}" if one.since else ""
    until = f" đến {day(one.until)}" if one.until else ""
    spell = f" (hiệu lực{since}{until})" if since or until else ""
    return marked(one.source, unverified=one.unverified) + spell


def _sharing(registry: Registry) -> str:
    said = [f"{_SHARING[registry.sharing.default]}."]
    if registry.sharing.open:
        columns = together(lower(registry.titled(name)) for name in registry.sharing.open)
        period = f" {registry.sharing.period}" if registry.sharing.period else ""
        said.append(f"Dữ liệu mở, công bố{period}: {columns}.")
    if registry.verify:
        by = together(lower(registry.titled(name)) for name in registry.verify.by)
        said.append(f"Không cần đăng nhập cũng xác minh được bằng {by}.")
    return " ".join(said)


def _kept(registry: Registry) -> str:
    retention = registry.retention
    said = marked(f"Bản ghi được giữ {lower(retention.keep)}", unverified=retention.unverified)
    bin_ = f"; bản ghi bị bỏ nằm trong thùng rác {retention.bin}" if retention.bin else ""
    return f"{said}{bin_}."


def _fields(key: str, registry: Registry, library: Library) -> Iterator[str]:
    parts = [(part.title, part.fields) for part in registry.parts.values()]
    placed = {name for _, names in parts for name in names}
    rest = tuple(name for name in registry.fields if name not in placed)
    for title, names in [*parts, *([("Các ô khác" if parts else "", rest)] if rest else [])]:
        if title:
            yield from (f"**{title}**", "")
        kept = {name: registry.fields[name] for name in names if name in registry.fields}
        yield from _table(kept, registry.fields, key, library)


def _groups(key: str, registry: Registry, library: Library) -> Iterator[str]:
    item = lower(registry.item or "bản ghi")
    for group in registry.groups.values():
        many = f"tối đa {group.max}" if not group.min else f"{group.min} đến {group.max}"
        rows = f"{many} dòng {quoted(group.item)}"
        yield from (f"**{group.title}** (mỗi {item} có {rows})", "")
        yield from _table(group.fields, group.fields, key, library)


def _table(
    shown: Mapping[str, RegistryField],
    all_: Mapping[str, Field],
    key: str,
    library: Library,
) -> list[str]:
    pack = key.partition("/")[0]
    rows = []
    for one in shown.values():
        notes = [asked(one, all_, library)]
        notes.append("dữ liệu cá nhân" if one.personal else "")
        notes.append("không được trùng" if one.unique else "")
        notes.append("để trống thì hệ thống cấp số kế tiếp" if one.numbered else "")
        held = marked(holds(one, library, pack=pack), unverified=one.unverified)
        rows.append((one.title, held, "; ".join(filter(None, notes))))
    return table(("Ô", "Nội dung", "Ghi chú"), rows)


def _rules(registry: Registry) -> Iterator[str]:
    rules = [*registry.rules, *(r for group in registry.groups.values() for r in group.rules)]
    together_ = [
        f"Không hai bản ghi nào trùng cả {together(lower(registry.titled(n)) for n in names)}."
        for names in registry.unique
    ]
    if not rules and not together_:
        return
    yield from ("### Điều được kiểm tra khi ghi", "")
    for rule in rules:
        mark = marked(rule.source, unverified=rule.unverified)
        source = f" ({mark})" if rule.source else mark
        yield f"- {ended(rule.say)}{source}"
    yield from (f"- {one}" for one in together_)
    yield ""


def _statuses(registry: Registry, library: Library) -> Iterator[str]:
    statuses = registry.statuses
    if statuses is None:
        return
    codes = library.codes.get(registry.fields[statuses.field].codes)
    labels = {line.code: line.label_vi for line in codes.lines} if codes else {}
    item = registry.item or "Bản ghi"
    yield from ("### Đi qua những bước nào", "")
    start = quoted(labels.get(statuses.start, statuses.start))
    yield from (f"{item} bắt đầu ở {start}.", "")
    for move in statuses.moves.values():
        came = together((quoted(labels.get(code, code)) for code in move.start), "hoặc")
        where = f" của {_OF[move.of]}" if move.of else ""
        who = f", do {roles(move.roles)}{where}" if move.roles else ""
        asks = together(quoted(registry.titled(name)) for name in move.asks)
        needs = [f"phải điền {asks}"] if asks else []
        needs += ["phải nêu lý do"] if move.needs_reason else []
        extra = f"; {', '.join(needs)}" if needs else ""
        to = quoted(labels.get(move.to, move.to))
        went = f"từ {came} sang {to}" if move.to else f"ở {came}, trạng thái giữ nguyên"
        mark = marked(move.source, unverified=move.unverified)
        source = f" ({mark})" if move.source else mark
        yield f"- {move.title}: {went}{who}{extra}.{source}"
    for lane in registry.workflow.lanes.values() if registry.workflow else ():
        where = library.agency(lane.agency) if lane.agency else _OF[lane.of]
        yield f"- Làn “{lane.title}” của quy trình: {roles(lane.roles)} ở {where}."
    yield ""


def _notices(registry: Registry) -> Iterator[str]:
    if not registry.notices:
        return
    yield from ("### Điều được nhắc", "")
    for one in registry.notices.values():
        said = ", hệ thống không cho ghi" if one.refuses else ""
        every = f"; nhắc lại sau mỗi {one.remind.every}" if one.remind else ""
        source = f" ({marked(one.source, unverified=one.unverified)})" if one.source else ""
        why = f" {_named(one.say, registry)}" if one.say else ""
        yield f"- **{one.title}**{said}{every}.{why}{source}"
    yield ""


def _named(say: str, registry: Registry) -> str:
    """Return a sentence with the names of fields in the places where a record puts its values."""
    named = _DAY.sub(r"ngày ghi ở ô {\1}", say)
    return ended(_PLACE.sub(lambda found: quoted(registry.titled(found[1])), named))


def _shown(registry: Registry) -> Iterator[str]:
    lists = [quoted(one.title or "Tất cả") for one in registry.lists.values()]
    said = [f"Danh sách: {together(lists)}."]
    named = {
        "Bản đồ": [one.title or registry.title for one in registry.maps.values()],
        "Lịch": [one.title or registry.titled(one.day) for one in registry.calendars.values()],
        "Con số": [one.title for one in registry.figures.values()],
        "Sổ in": [one.title for one in registry.prints.values()],
        "Giấy in từ một bản ghi": [one.title for one in registry.papers.values()],
    }
    said += [
        f"{kind}: {together(map(quoted, titles))}." for kind, titles in named.items() if titles
    ]
    yield from ("### Xem được gì", "", " ".join(said), "")


def _people(registry: Registry) -> Iterator[str]:
    yield from ("### Ai được làm gì", "")
    yield from (f"- {_right(one)}" for one in registry.rights)
    yield from (f"- {one}" for one in _masks(registry))
    yield ""


def _masks(registry: Registry) -> Iterator[str]:
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for path, mask in registry.masks.items():
        alike.setdefault((mask.show, mask.roles), []).append(quoted(registry.titled(path)))
    for (show, readers), titles in alike.items():
        who, what = roles(readers), together(titles)
        yield f"Chỉ {who} đọc đầy đủ {what}; người khác {_SHOWN[show]}."


def _right(right: Right) -> str:
    acts = together(_ACTS[act] for act in right.may)
    source = f", theo {marked(right.source, unverified=right.unverified)}" if right.source else ""
    return f"{ended(right.say)} (Được {acts}{source}.)"
