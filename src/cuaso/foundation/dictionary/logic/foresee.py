"""What a change of an element or a code list would break, before it is made."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db.models import Q

from cuaso.foundation.dictionary.contracts import Breakage, Change, Domain, Use
from cuaso.foundation.dictionary.element_models import Mapping
from cuaso.foundation.dictionary.logic.draft_version import contradictions
from cuaso.foundation.dictionary.logic.find_codes import find_code
from cuaso.foundation.dictionary.logic.find_elements import element, stock, view
from cuaso.foundation.dictionary.logic.uses import uses_of, uses_of_list
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid

# From each type to those that hold all its values.
_WIDER: Final = {
    ("integer", "decimal"),
    ("vnd", "integer"),
    ("code", "text"),
    ("text", "long_text"),
    ("choice", "multi_choice"),
}


def what_would_break(target: str, change: Change) -> tuple[Breakage, ...]:
    """Return each place that a change would touch, in sentences, those that break first.

    target: an element's key, or for `code_removed` a list's name. Raises NotFound for an element
    that is not there, Invalid (`dictionary.change_unread`) for a value that cannot be read.
    """
    if change.kind == "code_removed":
        found = list(_code_removed(target, change))
    else:
        found = list(_element_changed(target, change))
    return tuple(sorted(found, key=lambda one: (not one.breaks, one.system, one.path)))


def changes_between(old: Domain, new: Domain) -> tuple[Change, ...]:
    """Return how one domain differs from the other, as changes of which one can ask."""
    found = []
    if old.type != new.type:
        found.append(Change(kind="type", value=new.type))
    if old.codes != new.codes and new.codes:
        found.append(Change(kind="codes", value=new.codes))
    if old.unit != new.unit:
        found.append(Change(kind="unit", value=new.unit))
    if old.pattern != new.pattern:
        found.append(Change(kind="pattern", value=new.pattern))
    if (old.min_length, old.max_length) != (new.min_length, new.max_length):
        found.append(Change(kind="length", value=f"{new.min_length}..{new.max_length or ''}"))
    if (old.min, old.max) != (new.min, new.max):
        found.append(Change(kind="range", value=f"{new.min}..{new.max}"))
    return tuple(found)


def _code_removed(list_id: str, change: Change) -> Iterator[Breakage]:
    day = change.on or clock.today()
    known = find_code(list_id, change.value, day)
    label = f"{change.value} ({known.label})" if known else change.value
    when = f"từ ngày {day:%d/%m/%Y}"
    for use in uses_of_list(list_id):
        say = (
            f"{_place(use)} lấy giá trị từ danh mục “{list_id}”: bản ghi mang mã {label} "
            f"không còn mã hợp lệ {when}."
        )
        yield _breakage(use, say)
    for one in (view(row) for row in stock()):
        version = one.version_on(day)
        if version and version.domain.codes == list_id:
            say = (
                f"Phần tử “{one.title}” ({one.key}) nhận mã của danh mục “{list_id}”: "
                f"mã {label} không còn là giá trị được phép {when}."
            )
            yield _about_element(one.key, one.title, say, breaks=True)
    yield from _mappings_broken(list_id, change.value, label)


def _mappings_broken(list_id: str, code: str, label: str) -> Iterator[Breakage]:
    mine = Q(from_list__list_id=list_id, code=code) | Q(to_list__list_id=list_id, target=code)
    for row in Mapping.objects.filter(mine).select_related("from_list", "to_list"):
        name = f"{row.from_list.list_id} → {row.to_list.list_id}"
        say = f"Ánh xạ {name} có dòng của mã {label}: dòng ấy phải kết thúc hoặc trỏ sang mã khác."
        yield Breakage(
            kind="mapping", system=name, path=code, title=row.to_list.title, say=say, breaks=True
        )


def _element_changed(key: str, change: Change) -> Iterator[Breakage]:
    one = element(key)
    current = one.version_on(change.on or clock.today())
    old = current.domain if current else Domain()
    said = _effect(old, change)
    if said is None:
        return
    breaks, effect = said
    for use in uses_of(key):
        yield _breakage(use, f"{_place(use)}: {effect}", breaks=breaks)
    for other in (view(row) for row in stock().filter(replaced_by=key)):
        say = f"Phần tử “{other.title}” ({other.key}) đã được thay bằng phần tử này: {effect}"
        yield _about_element(other.key, other.title, say, breaks=False)


def _effect(old: Domain, change: Change) -> tuple[bool, str] | None:
    """Return whether data breaks and what happens to it, None when nothing does."""
    say = {
        "pattern": _pattern,
        "length": _length,
        "range": _range,
        "type": _type,
        "unit": _unit,
        "codes": _codes,
        "retired": _retired,
    }[change.kind]
    return say(old, change.value)


def _pattern(old: Domain, new: str) -> tuple[bool, str] | None:
    if not new or new == old.pattern:
        return None
    if contradictions(Domain(type="code", pattern=new)):
        raise _unread("Mẫu phải là biểu thức đơn giản, ví dụ \\d{12}.")
    compiled = re.compile(new, re.ASCII)
    refused = [example for example in old.examples if not compiled.fullmatch(example)]
    if refused:
        return True, f"mẫu mới “{new}” không nhận giá trị đúng hôm nay, ví dụ “{refused[0]}”."
    was = f"mẫu “{old.pattern}”" if old.pattern else "không có mẫu"
    return True, f"trước đây {was}, mẫu mới “{new}” có thể không nhận giá trị đã lưu."


def _length(old: Domain, new: str) -> tuple[bool, str] | None:
    least, _, most = new.partition("..")
    if not all(end.isdecimal() for end in (least, most) if end):
        raise _unread("Hãy viết độ dài theo mẫu 0..20.")
    narrower = bool(most) and (old.max_length is None or int(most) < old.max_length)
    if narrower:
        was = f"{old.max_length} ký tự" if old.max_length else "không giới hạn"
        return True, f"trước đây dài nhất {was}, nay chỉ {most}; giá trị dài hơn sẽ không hợp lệ."
    if int(least or 0) > old.min_length:
        return True, f"giá trị ngắn hơn {least} ký tự sẽ không hợp lệ."
    return False, "cột và ô nhập phải chứa được giá trị dài hơn."


def _range(old: Domain, new: str) -> tuple[bool, str] | None:
    least, _, most = new.partition("..")
    try:
        low, high = (Decimal(end) if end else None for end in (least, most))
    except InvalidOperation:
        raise _unread("Hãy viết khoảng giá trị theo mẫu 0..100.") from None
    if low is not None and (not old.min or low > Decimal(old.min)):
        return True, f"giá trị nhỏ hơn {least} sẽ không hợp lệ."
    if high is not None and (not old.max or high < Decimal(old.max)):
        return True, f"giá trị lớn hơn {most} sẽ không hợp lệ."
    return None


def _type(old: Domain, new: str) -> tuple[bool, str] | None:
    if new == old.type:
        return None
    if (old.type, new) in _WIDER:
        return (
            False,
            f"kiểu {old.type} thành {new}: giá trị cũ vẫn đọc được, cột phải đổi kiểu.",
        )
    return True, f"kiểu {old.type} thành {new}: giá trị đã lưu phải chuyển đổi từng bản ghi."


def _unit(old: Domain, new: str) -> tuple[bool, str] | None:
    if new == old.unit:
        return None
    was, now = old.unit or "không có đơn vị", new or "không có đơn vị"
    return True, f"đơn vị {was} thành {now}: con số đã lưu giữ nguyên mà nghĩa đổi, phải quy đổi."


def _codes(old: Domain, new: str) -> tuple[bool, str] | None:
    if new == old.codes:
        return None
    if not old.codes:
        return True, f"giá trị phải là mã của danh mục “{new}”."
    return True, f"danh mục “{old.codes}” thành “{new}”: mã đã lưu phải đổi qua ánh xạ."


def _retired(old: Domain, new: str) -> tuple[bool, str] | None:  # noqa: ARG001 one shape for all
    return True, "phần tử không còn được dùng cho dữ liệu mới; hãy chọn phần tử thay thế."


def _unread(mend: str) -> Invalid:
    return Invalid(code="dictionary.change_unread", what="Không đọc được giá trị mới.", mend=mend)


def _place(use: Use) -> str:
    return f"Ô “{use.title}” của “{use.system_title}”"


def _breakage(use: Use, say: str, *, breaks: bool = True) -> Breakage:
    return Breakage(
        kind=use.kind, system=use.system, path=use.path, title=use.title, say=say, breaks=breaks
    )


def _about_element(key: str, title: str, say: str, *, breaks: bool) -> Breakage:
    return Breakage(
        kind="element", system="dictionary", path=key, title=title, say=say, breaks=breaks
    )
