"""What a version of a registry declares otherwise, in sentences that a head of department reads."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from cuaso.capabilities.registries.contracts import DesignDifference
from cuaso.channels.desk.design_labels import acts_of, labels, nouns, roles_of, whose

Plain = Mapping[str, Any]
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
# Keys whose values are names of fields.
_FIELDS: Final = frozenset(
    {
        "columns", "sort", "filters", "by", "search", "key", "fields", "open", "asks", "place",
        "at", "colour", "day", "sum", "average", "field", "person", "unique",
    }
)  # fmt: skip
# What of a new field goes without saying.
_ASIDE: Final = frozenset(
    {"title", "title_en", "type", "required", "hint", "hint_en", "element", "examples"}
)
_MOST: Final = 200


@dataclass(frozen=True, kw_only=True)
class Words:
    """How fields and types are called."""

    titled: Callable[[str], str]
    types: Mapping[str, str]


def told(differences: Iterable[DesignDifference], words: Words) -> list[str]:
    """Return a sentence for each thing that is new, gone or otherwise."""
    return [said for one in differences for said in _told(one, words)]


def _told(one: DesignDifference, words: Words) -> Iterator[str]:
    head, _dot, name = one.place.partition(".")
    if not name and head in nouns() and head != "masks":
        yield _("Đổi thứ tự của %(what)s.") % {"what": nouns()[head][1]}
    elif head == "rules":
        yield from _rules(one.old or [], one.new or [])
    elif head == "rights":
        yield from _rights(one.old or [], one.new or [], words)
    elif head == "masks":
        yield from _mask(_quoted(words.titled(name)), one.old, one.new)
    elif head == "groups":
        yield from _group(name, one.old, one.new, words)
    elif head in nouns():
        yield from _piece(_called(head, name, one), one.old, one.new, words, field=head == "fields")
    elif head == "statuses":
        yield from _statuses(one.old or {}, one.new or {}, words)
    else:
        yield from _sentences("", {head: one.old}, {head: one.new}, words)


def _called(head: str, name: str, one: DesignDifference) -> str:
    title = (one.new or one.old or {}).get("title") or name
    if (head, title) == ("lists", "default"):
        return _("danh sách chính")
    return f"{nouns()[head][0]} {_quoted(title)}"


def _piece(
    what: str, old: Plain | None, new: Plain | None, words: Words, *, field: bool = False
) -> Iterator[str]:
    if new is None:
        yield _("Bỏ %(what)s.") % {"what": what}
    elif old is None:
        told_ = ", ".join(_described(new, words) if field else _listed(new, words))
        yield _("Thêm %(what)s.") % {"what": f"{what}: {told_}" if told_ else what}
    else:
        yield from _sentences(what, old, new, words, field=field)


def _described(one: Plain, words: Words) -> Iterator[str]:
    """Yield the type of a new field, whether it is to be filled in, and its bounds."""
    kind = str(one.get("type", "text"))
    yield words.types.get(kind, kind)
    if kind != "computed":
        yield _required(one.get("required", True))
    yield from _listed({key: one[key] for key in one if key not in _ASIDE}, words)


def _listed(one: Plain, words: Words) -> Iterator[str]:
    for key, value in one.items():
        if key in ("title", "title_en"):
            continue
        yield _yes_no(key, value) or f"{_label(key)} {_value(key, value, words)}"


def _sentences(
    what: str, old: Plain, new: Plain, words: Words, *, field: bool = False
) -> Iterator[str]:
    """Yield a sentence for each key that is otherwise."""
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        how = _how(key, before, after, words, field=field)
        yield _ended(f"{_upper(what)}: {how}" if what else _upper(how))


def _how(key: str, before: Any, after: Any, words: Words, *, field: bool) -> str:  # noqa: ANN401 of a declaration
    """Say how the value of a key has become another."""
    if field and key == "required":
        return _required(True if after is None else after)
    if said := _yes_no(key, after or False):
        return said
    if isinstance(before or after, list) and _plain(before) and _plain(after):
        return _members(key, before or [], after or [], words)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return _inside(key, before, after, words)
    values = {"old": _value(key, before, words), "new": _value(key, after, words)}
    said = _("%(label)s đổi từ %(old)s thành %(new)s")
    if before is None:
        said = _("thêm %(label)s %(new)s")
    if after is None:
        said = _("bỏ %(label)s %(old)s")
    return said % {"label": _label(key), **values}


def _inside(key: str, before: Plain, after: Plain, words: Words) -> str:
    inner = ", ".join(
        _how(name, before.get(name), after.get(name), words, field=False)
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    )
    return _("%(label)s: %(how)s") % {"label": _label(key), "how": inner}


def _plain(value: Any) -> bool:  # noqa: ANN401 of a declaration
    return value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _members(key: str, before: Sequence[str], after: Sequence[str], words: Words) -> str:
    """Say which entries a list has got and lost, or that they stand in another order."""
    found = []
    for told_, some in (
        (_("thêm %(which)s"), [one for one in after if one not in before]),
        (_("bỏ %(which)s"), [one for one in before if one not in after]),
    ):
        if some:
            found.append(told_ % {"which": _value(key, some, words)})
    if not found:
        found = [_("đổi thứ tự thành %(which)s") % {"which": _value(key, list(after), words)}]
    return _("%(label)s: %(how)s") % {"label": _label(key), "how": ", ".join(found)}


def _required(value: Any) -> str:  # noqa: ANN401 yes, no or a condition
    if isinstance(value, str):
        return _("bắt buộc điền khi %(when)s") % {"when": _quoted(value)}
    return _("bắt buộc điền") if value else _("không bắt buộc điền")


def _yes_no(key: str, value: Any) -> str:  # noqa: ANN401 of a declaration
    """Say a mark in words, "" for what is none."""
    said = {
        "unique": (_("không hai bản ghi nào được trùng giá trị"), _("được trùng giá trị")),
        "personal": (_("là dữ liệu cá nhân"), _("không còn là dữ liệu cá nhân")),
        "numbered": (_("hệ thống cấp số"), _("hệ thống không cấp số nữa")),
        "unverified": (_("căn cứ chưa đối chiếu"), _("căn cứ đã đối chiếu")),
    }
    return said[key][not value] if key in said and isinstance(value, bool) else ""


def _rules(old: Sequence[Plain], new: Sequence[Plain]) -> Iterator[str]:
    before = {one.get("say", ""): one for one in old}
    after = {one.get("say", ""): one for one in new}
    for say in dict.fromkeys([*before, *after]):
        if say not in after:
            yield _("Bỏ luật %(what)s.") % {"what": _quoted(say)}
        elif say not in before:
            given = {"what": _quoted(say), "check": _quoted(after[say].get("check", ""))}
            yield _("Thêm luật %(what)s, đúng khi %(check)s.") % given
        elif before[say] != after[say]:
            given = {"what": _quoted(say), "check": _quoted(after[say].get("check", ""))}
            yield _("Luật %(what)s nay đúng khi %(check)s.") % given
    if list(before) != list(after) and set(before) == set(after):
        yield _("Đổi thứ tự của %(what)s.") % {"what": _("các luật")}


def _rights(old: Sequence[Plain], new: Sequence[Plain], words: Words) -> Iterator[str]:
    if not old or not new:
        yield (
            _("Từ nay sổ có quyền riêng, thay cho quyền thông thường.")
            if new
            else _("Sổ thôi có quyền riêng và theo quyền thông thường.")
        )
    for one in old:
        if one not in new:
            yield _("Thôi quyền: %(right)s") % {"right": _right(one, words)}
    for one in new:
        if one not in old:
            yield _("Thêm quyền: %(right)s") % {"right": _right(one, words)}


def _right(one: Plain, words: Words) -> str:
    person = one.get("person", "")
    given = {
        "who": whose(one.get("of", "chủ quản"), roles_of(one.get("roles", ()))),
        "acts": ", ".join(acts_of(one.get("may", ()))),
        "field": _quoted(words.titled(person)) if person else "",
    }
    said = _("%(who)s được %(acts)s") % given
    if person:
        said = _("người nêu trong ô %(field)s được %(acts)s") % given
    if one.get("where"):
        said = f"{said}, {_label('where')} {_value('where', one['where'], words)}"
    if one.get("purpose"):
        said = f"{said}, {_('mỗi lần xem phải nêu mục đích')}"
    return f"{said}. {one.get('say', '')}".strip()


def _mask(what: str, old: Plain | None, new: Plain | None) -> Iterator[str]:
    if new is None:
        yield _("Thôi che ô %(what)s: ai xem được sổ đều đọc đủ.") % {"what": what}
        return
    shown = {
        "nothing": _("không thấy gì"),
        "last_4": _("chỉ thấy bốn ký tự cuối"),
        "year": _("chỉ thấy năm"),
        "first_letter": _("chỉ thấy chữ cái đầu"),
    }
    given = {
        "what": what,
        "who": roles_of(new.get("roles", ())),
        "shown": shown.get(new.get("show", "nothing"), ""),
    }
    if old is None:
        yield _("Che ô %(what)s: chỉ %(who)s đọc đủ, người khác %(shown)s.") % given
    else:
        yield _("Đổi cách che ô %(what)s: chỉ %(who)s đọc đủ, người khác %(shown)s.") % given


def _group(name: str, old: Plain | None, new: Plain | None, words: Words) -> Iterator[str]:
    title = (new or old or {}).get("title") or name
    what = f"{nouns()['groups'][0]} {_quoted(title)}"
    if old is None or new is None:
        held = ", ".join(_quoted(one.get("title", key)) for key, one in _fields(new).items())
        yield from (
            _piece(what, old, None, words)
            if new is None
            else iter([_("Thêm %(what)s với các ô %(fields)s.") % {"what": what, "fields": held}])
        )
        return
    before, after = _fields(old), _fields(new)
    for key in dict.fromkeys([*after, *before]):
        if before.get(key) != after.get(key):
            called = (after.get(key) or before.get(key) or {}).get("title") or key
            field = _("ô %(field)s của nhóm %(group)s") % {
                "field": _quoted(called),
                "group": _quoted(title),
            }
            yield from _piece(field, before.get(key), after.get(key), words, field=True)
    rest = [{key: one[key] for key in one if key not in ("fields", "rules")} for one in (old, new)]
    yield from _sentences(what, rest[0], rest[1], words)
    yield from _rules(old.get("rules", []), new.get("rules", []))


def _fields(group: Plain | None) -> Mapping[str, Plain]:
    fields: Mapping[str, Plain] = (group or {}).get("fields", {})
    return fields


def _statuses(old: Plain, new: Plain, words: Words) -> Iterator[str]:
    before, after = old.get("moves", {}), new.get("moves", {})
    rest = [{key: one[key] for key in one if key != "moves"} for one in (old, new)]
    yield from _sentences(_("trạng thái"), rest[0], rest[1], words)
    for key in dict.fromkeys([*after, *before]):
        if before.get(key) != after.get(key):
            called = (after.get(key) or before.get(key) or {}).get("title") or key
            what = f"{_('bước')} {_quoted(called)}"
            yield from _piece(what, before.get(key), after.get(key), words)


def _label(key: str) -> str:
    return labels().get(key, key)


def _value(key: str, value: Any, words: Words) -> str:  # noqa: ANN401 of a declaration
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, list):
        return ", ".join(_value(key, one, words) for one in value)
    if isinstance(value, Mapping):
        inner = "; ".join(f"{_label(k)} {_value(k, one, words)}" for k, one in value.items())
        return f"({inner})"
    text = str(value)
    if key == "roles":
        return roles_of([text])
    if key in ("type", "as"):
        text = words.types.get(text, text)
    elif key in _FIELDS:
        text = words.titled(text.removeprefix("-"))
    elif key in ("not_before", "not_after"):
        text = _DAY.sub(r"\3/\2/\1", text).replace("today", _("hôm nay"))
    return _quoted(text)


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= _MOST else f'{text[:_MOST]}…'}”"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ended(text: str) -> str:
    return text if text.endswith((".", ".”")) else f"{text}."
