"""Filters and tags with which templates speak plainly: days, moments, sizes, money, icons."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from cuaso.channels.design import folding, sentences
from cuaso.kernel.identifiers import is_temporary_code

register = template.Library()
# For the tags of other channels, which speak with these words only.
unvaried = folding.unvaried

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))


def _english() -> bool:
    return (get_language() or "vi").startswith("en")


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _date(value: date) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


@register.filter
def day(value: date | None) -> str:
    """Return 02/12/2026, or 2 December 2026."""
    if value is None:
        return ""
    found = _date(value)
    return f"{found.day} {found:%B %Y}" if _english() else f"{found:%d/%m/%Y}"


@register.filter
def long_day(value: date | None) -> str:
    """Return Thứ Tư, 02/12/2026, or Wednesday, 2 December 2026."""
    if value is None:
        return ""
    found = _date(value)
    if _english():
        return f"{found:%A}, {day(found)}"
    name = WEEKDAYS[found.weekday()]
    return f"{name[0].upper()}{name[1:]}, {day(found)}"


@register.filter
def procedure_code(code: str) -> str:
    """Return the code of a procedure, with a word beside one that is not the national code."""
    if not is_temporary_code(code):
        return code
    return f"{code} ({gettext('mã tạm, chưa có mã quốc gia')})"


@register.filter
def clock(value: datetime | None) -> str:
    """Return 9 giờ 05, 17 giờ, or 09:05."""
    if value is None:
        return ""
    at = _local(value)
    if _english():
        return f"{at:%H:%M}"
    return f"{at.hour} giờ {at:%M}" if at.minute else f"{at.hour} giờ"


@register.filter
def moment(value: datetime | None) -> str:
    """Return 9 giờ 05, thứ Tư 18/11/2026, or 09:05, 18 November 2026."""
    if value is None:
        return ""
    if _english():
        return f"{clock(value)}, {day(value)}"
    return f"{clock(value)}, {WEEKDAYS[_date(value).weekday()]} {day(value)}"


@register.filter
def iso(value: datetime | None) -> str:
    """Return 2026-11-18T09:05:00+07:00, as a page's `time` element tells machines."""
    return _local(value).isoformat() if value else ""


@register.filter
def hour(value: datetime | None) -> str:
    """Return 09:05."""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def day_month(value: date | None) -> str:
    """Return 18/11."""
    return f"{_date(value):%d/%m}" if value else ""


@register.filter
def size(value: int | None) -> str:
    """Return 0,4 MB; bytes below one kilobyte stay bytes."""
    if value is None:
        return ""
    for unit, name in UNITS:
        if value >= unit * (0.1 if name == "MB" else 1):
            number = f"{value / unit:.1f}".removesuffix(".0")
            return f"{number if _english() else number.replace('.', ',')} {name}"
    return f"{value} byte"


@register.filter
def vnd(value: int | None) -> str:
    """Return 75.000 đồng; nothing to pay is said in words."""
    if value is None:
        return ""
    if _english():
        return f"{value:,} VND"
    return f"{value:,} đồng".replace(",", ".")


@register.filter
def anchor(path: object) -> str:
    """Return the id of the input at this path: child.name becomes f-child-name."""
    return "f-" + re.sub(r"[^0-9A-Za-z]+", "-", str(path)).strip("-")


@register.filter
def pairs(options: object) -> list[tuple[str, str]]:
    """Return (value, label) for a mapping, for pairs, or for codes that carry code and label."""
    if isinstance(options, Mapping):
        return [(str(key), str(label)) for key, label in options.items()]
    if not isinstance(options, Iterable):
        return []
    return [_pair(option) for option in options]


def _pair(option: object) -> tuple[str, str]:
    if isinstance(option, tuple | list):
        return str(option[0]), str(option[1])
    value = getattr(option, "value", None)
    label = getattr(option, "label_en", "") if _english() else ""
    return (
        str(getattr(option, "code", "") if value is None else value),
        str(label or getattr(option, "label", option)),
    )


@register.filter
def said(values: object) -> list[str]:
    """Return the chosen values of an input as text, whether one or many."""
    if values is None or values == "":
        return []
    if isinstance(values, str) or not isinstance(values, Iterable):
        return [str(values)]
    return [str(value) for value in values]


@register.filter
def spoken(thing: object) -> str:
    """Return the title in the reader's language, when the thing has one."""
    english = getattr(thing, "title_en", "") if _english() else ""
    return str(english or getattr(thing, "title", thing))


@register.filter
def sentence(said: object) -> str:
    """Return a sentence of the house in the reader's language, where the catalogue knows it."""
    return sentences.sentence(str(said or ""))


@register.filter
def told(thing: object, name: str) -> str:
    """Return what a thing says under `name`: in English its `<name>_en`, where it has one.

    The rest is looked up as a sentence of the house.
    """
    english = str(getattr(thing, f"{name}_en", "")) if _english() else ""
    return english or sentence(getattr(thing, name))


@register.filter
def briefly(thing: object) -> str:
    """Return the name that people say, in the reader's language, else the whole title."""
    if _english():
        return spoken(thing)
    return str(getattr(thing, "short_title", "") or spoken(thing))


@register.filter
def cut(words: str, most: int) -> str:
    """Return the words with at most so many letters, an ellipsis where some are left out."""
    return _cut(str(words), most)


@lru_cache(maxsize=4096)
def _cut(words: str, most: int) -> str:
    return Truncator(words).chars(most)


@register.simple_tag
@unvaried
def page_language() -> str:
    """Return the language of the page, as its `lang` says it."""
    return get_language() or settings.LANGUAGE_CODE


@register.simple_tag
@unvaried
def icon(name: str, extra: str = "") -> SafeString:
    """Return one icon of the sprite. It is silent: words stand beside it."""
    return _icon(name, extra, _sprite(settings.STATIC_URL))


@lru_cache(maxsize=8)
def _sprite(_prefix: str) -> str:
    """Return the sprite's address; a page asks some forty times."""
    return static("cuaso/icons.svg")


@lru_cache(maxsize=1024)
def _icon(name: str, extra: str, sprite: str) -> SafeString:
    return format_html(
        '<svg class="i {}" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>',
        extra,
        sprite,
        name,
    )


# Of a state: the class that colours it and its icon.
STATES = {
    "ok": ("ok", "check"),
    "done": ("ok", "check"),
    "soon": ("soon", "alert"),
    "late": ("late", "late"),
    "go": ("go", "clock"),
    "paused": ("", "pause"),
}


@register.simple_tag
def status(
    state: str, words: object, *, shown: str = "", pill: object = "", attrs: object = ""
) -> SafeString:
    """Return how a thing stands in words, colour and icon; `shown` is another icon.

    What `c-status` draws; long lists call it without the component, whose frame costs more.
    """
    colour, mark = STATES.get(state, ("", "clock"))
    # Safe by its parts: format_html would cost a list more than everything else in its rows.
    return SafeString(
        f'<span class="status {"pill " if pill else ""}{colour}" {_escaped(attrs)}>'
        f"{icon(shown or mark)}<span>{_escaped(words)}</span></span>"
    )


def _escaped(words: object) -> str:
    return conditional_escape(cast("str", words))


@register.simple_tag
def counted_options(choices: Iterable[object], chosen: str, most: int) -> SafeString:
    """Return the options of a quick filter that some record has, or that is chosen.

    choices: objects with code, label, count (None: not counted) and more.
    """
    return SafeString("".join(_counted_option(one, chosen, most) for one in choices))


def _counted_option(one: object, chosen: str, most: int) -> str:
    code, count = getattr(one, "code", ""), getattr(one, "count", None)
    if count == 0 and code != chosen:
        return ""
    picked = " selected" if code == chosen else ""
    told = "" if count is None else f" ({count}{'+' if getattr(one, 'more', False) else ''})"
    label = _escaped(cut(getattr(one, "label", ""), most))
    return f'<option value="{_escaped(code)}"{picked}>{label}{told}</option>'


@register.filter
def plain_value(value: object) -> str:
    """Return a value as a person would type it: a day as 21/11/2026 whatever the language."""
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


FIELD_TYPES = {
    "textarea": "long_text",
    "number": "integer",
    "tel": "phone",
    "datetime-local": "text",
    "select": "text",
    "place": "text",
    "reference": "text",
}


@register.filter
def field_type(one: object) -> str:
    """Return c-field's type for a declared input; a list too long to show is typed by name."""
    if getattr(one, "type", "") == "vnd":
        return "money"
    declared = str(getattr(one, "input", "text"))
    return FIELD_TYPES.get(declared, declared)


@register.filter
def choices(one: object) -> list[tuple[str, str]]:
    """Return what a declared input may be answered with: its options, else yes or no."""
    options = pairs(getattr(one, "options", ()))
    return options or [("yes", gettext("Có")), ("no", gettext("Không"))]


@register.filter
def under(mapping: object, key: object) -> object:
    """Return what a mapping holds under a key, "" when there is nothing."""
    return mapping.get(str(key), "") if isinstance(mapping, Mapping) else ""


@register.filter
def at(wrong: object, one: object) -> str:
    """Return what is wrong with a declared input: its own sentence, else the one of its path."""
    own = str(getattr(one, "error", ""))
    said = wrong.get(str(getattr(one, "path", "")), "") if isinstance(wrong, Mapping) else ""
    return own or str(said)
