"""Spans of days: from a day until a day, the end open when it is not known."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from cuaso.declarations.fields.compounds import Compound
from cuaso.declarations.fields.field import Field
from cuaso.declarations.fields.kind import Context, Wrong
from cuaso.declarations.shape import DayEdge, Loose

PERIOD_PARTS: Final = ("from", "until")


@cache
def _parts(not_before: DayEdge, not_after: DayEdge) -> Mapping[str, Field]:
    limits = {"not_before": not_before, "not_after": not_after}
    given = {"type": "date"} | {name: edge for name, edge in limits.items() if edge}
    first = {"title": "Từ ngày", "title_en": "From"}
    last = {
        "title": "Đến ngày",
        "title_en": "Until",
        "required": False,
        "hint": "Để trống khi chưa biết ngày kết thúc.",
        "hint_en": "Leave empty when the end is not known.",
    }
    return {
        "from": Field.model_validate(given | first),
        "until": Field.model_validate(given | last),
    }


class Period(Compound):
    """Both days belong to the period; without `until` its end is open."""

    def parts(self, one: Field) -> Mapping[str, Field]:
        return _parts(one.not_before, one.not_after)

    def agree(self, one: Field, value: Loose, context: Context) -> None:  # noqa: ARG002
        first, last = value.get("from"), value.get("until")
        if first and last and last < first:
            raise Wrong(
                f"{one.title}: ngày kết thúc {last:%d/%m/%Y} phải từ ngày bắt đầu"
                f" {first:%d/%m/%Y} trở đi.",
                part="until",
            )

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        first, last = value.get("from"), value.get("until")
        english = context.language == "en"
        words = ("from", "until") if english else ("từ ngày", "đến ngày")
        days = zip(words, (first, last), strict=True)
        return " ".join(f"{word} {day:%d/%m/%Y}" for word, day in days if day)
