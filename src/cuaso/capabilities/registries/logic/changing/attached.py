"""Files that a form or a program puts into a record: there, fitting, and no other person's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.fields import Field, leaves
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import DOCX, HEIC, JPEG, PDF, PNG, XLSX, StoredFile
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem

# What a field accepts, in people's words, as media types. A phone may send a photo as HEIC.
MEDIA: Final[Mapping[str, frozenset[str]]] = {
    "pdf": frozenset({PDF}),
    "jpg": frozenset({JPEG, HEIC}),
    "png": frozenset({PNG}),
    "docx": frozenset({DOCX}),
    "xlsx": frozenset({XLSX}),
}
# Whoever writes by these chose the files; what a dossier or the house brings was examined there.
_CHOSEN: Final = frozenset({"form", "api"})
_ON_ITS_WAY: Final = frozenset({"pending", "clean", "unscanned"})


@dataclass(frozen=True, kw_only=True)
class Place:
    """A field for files: its column, and its name in the rows of a group, "" outside of one."""

    column: str
    path: str
    inside: str
    one: Field


def require(
    built: Built,
    columns: Mapping[str, Any],
    *,
    actor: Actor,
    source: Source,
    before: Row | None = None,
) -> None:
    """Raise Invalid, with a problem at each field, for a file that may not be put there.

    What the record held before stays as it is. columns: the new values by column.
    """
    places = places_of(built)
    if not places or source.kind not in _CHOSEN:
        return
    put = [
        (path, place.one, id)
        for place in places
        if place.column in columns
        for held in [_held(place, getattr(before, place.column, None))]
        for path, id in _ids(place, columns[place.column])
        if id not in held
    ]
    if not put:
        return
    known = files.infos(tuple(dict.fromkeys(id for _path, _one, id in put)))
    problems = [
        Problem(field=path, say=say)
        for path, one, id in put
        if (say := unfit(one, known.get(id), actor))
    ]
    if problems:
        raise Invalid(
            code="registries.wrong_file",
            what=f"Bản ghi còn {len(problems)} tệp chưa nhận được.",
            mend="Hãy tải lại các tệp được chỉ ra rồi ghi lại. Chưa có gì được ghi.",
            problems=tuple(problems),
        )


def places_of(built: Built) -> tuple[Place, ...]:
    """Return where the records of a registry hold files."""
    return built.worked_out("attached.places", lambda: tuple(_places(built)))


def _places(built: Built) -> Iterator[Place]:
    declared = built.declared
    for path, one in leaves(declared.fields):
        if one.type == "file":
            yield Place(column=built.column(path).name, path=path, inside="", one=one)
    for name, group in declared.groups.items():
        for inside, one in leaves(group.fields):
            if one.type == "file":
                yield Place(column=built.column(name).name, path=name, inside=inside, one=one)


def _ids(place: Place, value: Any) -> Iterator[tuple[str, UUID]]:  # noqa: ANN401 a column's value
    """Yield each file of a column's value with the path at which it stands."""
    if not place.inside:
        yield from ((place.path, UUID(str(id))) for id in value or ())
        return
    for number, row in enumerate(value or ()):
        for id in row.get(place.inside) or ():
            yield f"{place.path}.{number}.{place.inside}", UUID(str(id))


def _held(place: Place, value: Sequence[Any] | None) -> frozenset[UUID]:
    return frozenset(id for _path, id in _ids(place, value))


def unfit(one: Field, file: StoredFile | None, actor: Actor, *, found: bool = False) -> str:
    """Return what is wrong with a file in a field, "" for nothing. `found`: the actor may put it
    there whoever has sent it.
    """
    if file is None or not (found or file.owner_id in (None, actor.person_id)):
        return f"{one.title}: không có tệp này. Hãy tải tệp lên lại."
    if file.state not in _ON_ITS_WAY:
        return f"{one.title}: “{file.name}” không mở được. {file.say}".strip()
    taken = frozenset(kind for name in one.accept for kind in MEDIA.get(name, ()))
    if taken and file.media_type not in taken:
        kinds = ", ".join(name.upper() for name in one.accept)
        return f"{one.title}: “{file.name}” không phải tệp {kinds}. Hãy chọn tệp khác."
    return ""
