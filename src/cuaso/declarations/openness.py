"""What of a registry may be read by everybody: never what is personal, masked, or made of such."""

from collections.abc import Iterator
from typing import Final

from cuaso.declarations.expressions import BadExpression
from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.registries import RECORD, Registry

PERSONAL: Final = "là dữ liệu cá nhân"
MASKED: Final = "được che với một số người đọc"
FILE: Final = "là tệp, không phải cột dữ liệu"
UNKNOWN: Final = "không có trong sổ"
UNREADABLE: Final = "có công thức không đọc được"


def why_closed(registry: Registry, path: str) -> str:
    """Return why a field may never be open data, "" when it may: `full_name`, `owner.name`.

    A computed field is as closed as what it reads. What a reference says of another registry is
    that registry's key, which is asked there.
    """
    return _why(registry, path, masks_only=False, seen=frozenset())


def why_masked(registry: Registry, path: str) -> str:
    """Return MASKED when a field, or what it is computed from, has a mask; else ""."""
    found = _why(registry, path, masks_only=True, seen=frozenset())
    return found if found == MASKED else ""


def _why(registry: Registry, path: str, *, masks_only: bool, seen: frozenset[str]) -> str:
    head, _, part = path.partition(".")
    one = registry.fields.get(head)
    if one is None or (part and part not in type_of(one).parts(one)):
        return UNKNOWN
    if any(_overlap(path, mask) for mask in registry.masks):
        return MASKED
    if not masks_only and (why := _of_field(one, part)):
        return why
    return _computed(registry, head, masks_only=masks_only, seen=seen)


def _overlap(path: str, mask: str) -> bool:
    return f"{path}.".startswith(f"{mask}.") or f"{mask}.".startswith(f"{path}.")


def _of_field(one: Field, part: str) -> str:
    parts = type_of(one).parts(one)
    asked = [parts[part]] if part else list(parts.values())
    if any(personal(each) for each in (one, *asked)):
        return PERSONAL
    return FILE if one.type == "file" else ""


def personal(one: Field) -> bool:
    """Say whether a field by itself tells of a person."""
    element = str(getattr(one, "element", ""))
    return (
        one.personal
        or one.type == "person"
        or one.number == "personal"
        or element.startswith("person.")
    )


def _computed(registry: Registry, head: str, *, masks_only: bool, seen: frozenset[str]) -> str:
    if not registry.fields[head].is_ or head in seen:
        return ""
    shown = registry.form.sections[RECORD].fields[head]
    try:
        read = registry.form.formula(shown, section=RECORD).expression.paths
    except BadExpression:
        return UNREADABLE
    for path in read:
        for why in _whys(registry, path, masks_only=masks_only, seen=seen | {head}):
            return why
    return ""


def _whys(
    registry: Registry, path: tuple[str, ...], *, masks_only: bool, seen: frozenset[str]
) -> Iterator[str]:
    """Yield why what a formula reads is closed: a field, or any field of a group of rows."""
    section, *rest = path
    if section == RECORD and rest:
        head = rest[0]
        parts = type_of(registry.fields[head]).parts(registry.fields[head])
        inside = rest[1] if len(rest) > 1 and rest[1] in parts else ""
        target = f"{head}.{inside}" if inside else head
        if why := _why(registry, target, masks_only=masks_only, seen=seen):
            yield why
    elif section in registry.groups:
        group = registry.groups[section]
        if any(_overlap(section, mask) for mask in registry.masks):
            yield MASKED
        if not masks_only:
            yield from (why for one in group.fields.values() if (why := _of_field(one, "")))
