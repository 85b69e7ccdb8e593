"""Try the templates of a registry on invented records: one with every field, one with few."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from cuaso.capabilities.registries.logic.printing import assembling
from cuaso.capabilities.reports import api as reports
from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.record_papers import Paper
from cuaso.declarations.registries import Registry
from cuaso.kernel.errors import Invalid, Problem, Refusal

_MOMENT: Final = datetime(2025, 8, 4, 2, tzinfo=UTC)
_TYPED: Final[dict[str, Any]] = {
    "integer": 1, "vnd": 1_000_000, "date": "2025-08-04", "moment": "2025-08-04T09:00:00+07:00",
    "yes_no": True,
}  # fmt: skip
_WORDS: Final = "Nội dung mẫu"


def paper_troubles(registry: Registry) -> Iterator[tuple[str, int, str]]:
    """Yield what keeps each paper from being printed: its name, the line of its template, why."""
    for name, one in registry.papers.items():
        known = [registry.groups if kind == "rows" else registry.fields for kind, *_ in one.reads()]
        read = [field for _kind, field, _line in one.reads()]
        if not one.text or any(field not in held for field, held in zip(read, known, strict=True)):
            continue
        for full in (True, False):
            if (trouble := _trouble(registry, one, full=full)) is not None:
                yield name, *trouble
                break


def require_printable(registry: Registry) -> None:
    """Raise Invalid where a paper of a registry cannot be printed."""
    first = next(paper_troubles(registry), None)
    if first is not None:
        name, line, why = first
        one = registry.papers[name]
        raise Invalid(
            code="registries.paper_wrong",
            what=f"Mẫu giấy “{one.title}” có lỗi ở dòng {line}.",
            why=why,
            mend="Hãy sửa mẫu rồi ban hành lại.",
            problems=(Problem(field=f"papers.{name}", say=why),),
        )


def _trouble(registry: Registry, one: Paper, *, full: bool) -> tuple[int, str] | None:
    data = {**_read(registry, one, full=full), **_around(one)}
    try:
        reports.render(
            template=assembling.template_of(one), data=data, qr="https://…", made_at=_MOMENT
        )
    except Refusal as refusal:
        return int(str(refusal.data.get("line", 0))), refusal.why or refusal.what
    return None


def _read(registry: Registry, one: Paper, *, full: bool) -> dict[str, Any]:
    read: dict[str, dict[str, Any]] = {"record": {}, "texts": {}, "rows": {}}
    for kind, name, _line in one.reads():
        if kind == "rows":
            row = dict.fromkeys(registry.groups[name].fields, _WORDS)
            read[kind][name] = [row, row] if full else []
            continue
        field = registry.fields[name]
        there = full or field.required is True
        if kind == "texts":
            read[kind][name] = _WORDS if there else ""
        else:
            read[kind][name] = _typed(field, there=there)
    return read


def _typed(field: Field, *, there: bool) -> Any:  # noqa: ANN401 any JSON
    parts = type_of(field).parts(field)
    if parts:
        return {name: _typed(part, there=there) for name, part in parts.items()}
    kind = field.as_ if field.type == "computed" else field.type
    return _TYPED.get(kind, _WORDS) if there else ""


def _around(one: Paper) -> dict[str, Any]:
    signer = {"title": "Giám đốc", "name": "Nguyễn Văn A"}
    if one.signer and one.signer.authority:
        signer["authority"] = one.signer.authority
    return {
        "agency": {"name": "Sở Nội vụ", "short_name": "Sở Nội vụ", "parent": "UBND tỉnh"},
        "province": "Gia Lai",
        "place": "Gia Lai",
        "paper": {
            "title": one.title,
            "number": "01",
            "code": "ABCD-EFGH-JKMN",
            "verify_at": "…",
            "sealed": bool(one.seal),
        },
        "places": {name: dict(box) for name, box in one.places.items()},
        "signer": signer,
        "made_on": "2025-08-04",
        "qr": "…",
    }
