"""Proves the papers of a registry: template, signer, fields that the template reads."""

from collections.abc import Iterator
from pathlib import Path

from cuaso.declarations.expressions import BadExpression
from cuaso.declarations.reading import Document
from cuaso.declarations.record_papers import Paper
from cuaso.declarations.registries import Registry
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.trouble import DeclarationError, suggestion


def paper_faults(
    found: Document[Registry], filled: Registry, templates: dict[str, Path]
) -> Iterator[DeclarationError]:
    """Yield every fault of the papers of a registry; `filled` has the texts of the templates."""
    for name, one in filled.papers.items():
        place: Place = ("papers", name)
        if not one.text and one.template not in templates:
            what = f"Không có mẫu giấy nào tên “{one.template}”."
            yield found.error((*place, "template"), what, suggestion(one.template, templates))
        yield from _names(found, filled, one, place)
        yield from _reads(found, filled, one, place, templates.get(one.template))


def _names(
    found: Document[Registry], registry: Registry, one: Paper, place: Place
) -> Iterator[DeclarationError]:
    for key in ("number", "person"):
        field = getattr(one, key)
        if field and field not in registry.fields:
            what = f"Sổ không có ô “{field}”."
            yield found.error((*place, key), what, suggestion(field, registry.fields))
    if one.when:
        try:
            registry.form.expression(registry.rewritten(one.when))
        except BadExpression as bad:
            yield found.error((*place, "when"), bad.what, bad.mend)


def _reads(
    found: Document[Registry], registry: Registry, one: Paper, place: Place, file: Path | None
) -> Iterator[DeclarationError]:
    own = bool(found.value.papers[place[-1]].text) if isinstance(place[-1], str) else False
    for kind, name, line in one.reads():
        known = registry.groups if kind == "rows" else registry.fields
        if name in known:
            continue
        noun = "nhóm" if kind == "rows" else "ô"
        what = f"Mẫu đọc {noun} “{name}” mà sổ “{registry.title}” không có."
        mend = suggestion(name, known)
        if own or file is None:
            yield found.error((*place, "text"), what, mend)
        else:
            yield DeclarationError(file=file, line=line, what=what, remedy=mend)
