"""Take out what a web page left in a cell: tags that browsers know, entities, hidden parts."""

import html
import re
from typing import Final

MOST_TIMES: Final = 3
_HIDDEN: Final = frozenset({"script", "style"})
_ENDS_LINE: Final = frozenset(
    {"p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section"}
)
_ENDS_CELL: Final = frozenset({"td", "th"})
_SILENT: Final = frozenset(
    {
        *("a", "b", "i", "u", "s", "em", "strong", "small", "big", "sup", "sub", "span", "font"),
        *("center", "br", "hr", "img", "thead", "tbody", "tfoot", "caption", "col", "colgroup"),
        *("pre", "code", "label", "input", "button", "form", "o:p", "blockquote", "article"),
        *("html", "head", "body", "title", "meta", "link"),
    }
)
_KNOWN: Final = _HIDDEN | _ENDS_LINE | _ENDS_CELL | _SILENT
# Neither part looks past the next angle bracket, so the search is linear in the text.
_TAG: Final = re.compile(r"<!--|-->|<(/?)([a-z][a-z0-9:]*)(?:[\s/][^<>]*)?>", re.IGNORECASE)


def without(text: str) -> str | None:
    """Return the text as a reader of the page saw it; None when a hidden part never ends.

    Only known tags are taken out: "x < 5 tấn" and "<Phụ lục I>" stay as they stand.
    """
    said = _without_entities(text)
    return _without_tags(said) if "<" in said else said


def _without_entities(text: str) -> str:
    for _time in range(MOST_TIMES):
        if "&" not in text:
            break
        text = html.unescape(text)
    return text


def _without_tags(text: str) -> str | None:
    pieces: list[str] = []
    begun, hidden = 0, ""
    for found in _TAG.finditer(text):
        closes, name = bool(found[1]), (found[2] or "").lower()
        if hidden:
            if found[0] == hidden or (closes and name == hidden):
                begun, hidden = found.end(), ""
            continue
        if found[0] == "-->" or (name and name not in _KNOWN):
            continue
        pieces.append(text[begun : found.start()])
        begun = found.end()
        pieces.append(_instead(name, closes=closes))
        hidden = _hides(found[0], name, closes=closes)
    if hidden:
        return None
    return "".join((*pieces, text[begun:]))


def _hides(tag: str, name: str, *, closes: bool) -> str:
    """Return what ends the hidden part that a tag begins, "" when it begins none."""
    if tag == "<!--":
        return "-->"
    return name if name in _HIDDEN and not closes else ""


def _instead(name: str, *, closes: bool) -> str:
    if name == "br" or (closes and name in _ENDS_LINE):
        return "\n"
    return " " if closes and name in _ENDS_CELL else ""
