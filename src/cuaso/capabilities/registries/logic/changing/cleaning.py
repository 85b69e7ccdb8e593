"""From what was typed or sent to clean columns, with problems at the registry's own paths."""

from typing import Any

from cuaso.capabilities.registries.contracts import Texts
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.forms import flatten
from cuaso.declarations.shape import Loose
from cuaso.kernel.errors import Invalid, Problem


def posted(built: Built, texts: Texts | dict[str, Loose]) -> dict[str, str | list[str]]:
    """Return input as the form takes it: nested JSON made flat, fields put under `record`."""
    flat = flatten(texts)
    groups = built.declared.groups
    return {
        path if path.partition(".")[0] in {"record", *groups} else f"record.{path}": text
        for path, text in flat.items()
    }


def columns(built: Built, texts: dict[str, str | list[str]], *, strict: bool) -> dict[str, Any]:
    """Return the columns of an input; raise Invalid with a Problem at each field."""
    try:
        cleaned = built.declared.form.clean(texts, values.context(built), strict=strict)
    except Invalid as refusal:
        plain = built.declared.plain
        raise Invalid(
            code="registries.invalid",
            what=f"Bản ghi còn {len(refusal.problems)} chỗ cần sửa.",
            mend="Hãy sửa các ô được chỉ ra rồi ghi lại. Chưa có gì được ghi.",
            problems=tuple(
                Problem(field=plain(one.field), say=one.say) for one in refusal.problems
            ),
        ) from None
    return values.stored(built, cleaned)


def edited(built: Built, row: Loose) -> dict[str, str | list[str]]:
    """Return a record as text to type again, by the form's paths."""
    return dict(built.declared.form.edit(values.cleaned(built, row)))
