"""From what was typed or sent to clean columns, with problems at the registry's own paths."""

import re
from typing import Any, Final

from cuaso.capabilities.registries.contracts import Texts
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.fields import leaves
from cuaso.declarations.forms import flatten
from cuaso.declarations.registries import RECORD
from cuaso.declarations.shape import Loose
from cuaso.kernel.errors import Invalid, Problem

_ROW: Final = re.compile(r"\.\d+\.")
_DECIMALS: Final = "cleaning.decimals"


def posted(
    built: Built, texts: Texts | dict[str, Loose], *, exact: bool = False
) -> dict[str, str | list[str]]:
    """Return input as the form takes it: nested JSON made flat, fields put under `record`.

    exact: numbers come from a program, so that `1.500` is one and a half and no thousands.
    """
    sections = built.declared.form.sections
    placed = {
        path if path.partition(".")[0] in sections else f"{RECORD}.{path}": text
        for path, text in flatten(texts).items()
    }
    if exact:
        decimals = built.worked_out(_DECIMALS, lambda: _decimals(built))
        for path, text in placed.items():
            if isinstance(text, str) and "." in text and _ROW.sub(".", path) in decimals:
                placed[path] = text.replace(".", ",")
    return placed


def _decimals(built: Built) -> frozenset[str]:
    """Return the paths whose text is a decimal number."""
    form = built.declared.form
    return frozenset(
        f"{section_id}.{path}"
        for section_id, section in form.sections.items()
        for path, one in leaves(section.fields)
        if "decimal" in (one.type, one.as_)
    )


def columns(built: Built, texts: dict[str, str | list[str]], *, strict: bool) -> dict[str, Any]:
    """Return the columns of an input; raise Invalid with a Problem at each field.

    A group whose lines a program wants gone comes as an empty list, and has no path of its own.
    """
    lines = {
        path: text for path, text in texts.items() if text or path not in built.declared.groups
    }
    try:
        cleaned = built.declared.form.clean(lines, values.context(built), strict=strict)
    except Invalid as refusal:
        plain = built.declared.plain
        raise Invalid(
            code="registries.invalid",
            what=f"Bản ghi còn {len(refusal.problems)} chỗ cần sửa.",
            mend="Hãy sửa các ô được chỉ ra rồi ghi lại. Chưa có gì được ghi.",
            problems=tuple(
                Problem(field=plain(one.field), say=one.say.replace(f"“{RECORD}.", "“"))
                for one in refusal.problems
            ),
        ) from None
    return values.stored(built, cleaned)


def edited(built: Built, row: Loose) -> dict[str, str | list[str]]:
    """Return a record as text to type again, by the form's paths."""
    return dict(built.declared.form.edit(values.cleaned(built, row)))
