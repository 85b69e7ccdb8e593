"""How the GovStack interface names a registry, a version and the records that it means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from ninja import Header, Path, Query, Schema

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import (
    Filter,
    ListQuery,
    RecordView,
    RegistryShape,
    RowView,
    Source,
)
from cuaso.channels.rest.registries.asking import Given
from cuaso.channels.rest.registries.bodies import example
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotFound, Problem

MOST: Final = 500
ID: Final = "ID"
CONTENT: Final = {"ID": "0192f0c1-2d7e-7c4a-9b1e-0a5f3a9d7c11", "number": "BĐ-00001-TS"}

RegistryName = Annotated[
    str,
    Path(
        alias="registryname",
        description="Gói và sổ, nối bằng dấu chấm.",
        pattern=r"^[a-z0-9-]{1,40}\.[a-z0-9_]{1,60}$",
        examples=["fisheries.fishing_vessel"],
    ),
]
VersionNumber = Annotated[
    str,
    Path(
        alias="versionnumber",
        description="Phiên bản, ví dụ 1 hoặc 1.0; 0 là bản đang có hiệu lực.",
        pattern=r"^[0-9]{1,5}(\.[0-9]{1,3})?$",
        examples=["1.0"],
    ),
]
Client = Annotated[
    str,
    Header(
        alias="Information-Mediator-Client",
        description="INSTANCE/CLASS/MEMBER/SUBSYSTEM: hệ thống gửi yêu cầu, ghi vào lịch sử.",
        pattern=r"^[!-.0-~]{1,24}(/[!-.0-~]{1,24}){3}$",
        examples=["eGovStack/GOV/90000009/digitalregistries"],
    ),
]
Purpose = Annotated[str, Query(description="Vì sao xem, khi quyền đòi hỏi.", max_length=300)]


class Content(Schema):
    """Các ô của một bản ghi; `ID` là mã bản ghi."""

    model_config = example(content=CONTENT)
    content: Given


class Asked(Schema):
    model_config = example(query={"content": CONTENT})
    query: Content


class Written(Schema):
    model_config = example(write={"content": {"name": "Hải Âu"}})
    write: Content


class Changed(Schema):
    """`query` tìm bản ghi, `write` là giá trị mới; không có `query` thì tìm theo khóa."""

    model_config = example(
        query={"content": {"number": "BĐ-00001-TS"}}, write={"content": {"name": "Hải Âu"}}
    )
    query: Content | None = None
    write: Content


class Sought(Schema):
    model_config = example(
        query={"content": {"number": "BĐ-00001-TS"}}, write={"content": {"name": "Hải Âu"}}
    )
    query: Content
    write: Content


@dataclass(frozen=True, kw_only=True)
class Here:
    """One registry in one version, and who asks for it."""

    key: str
    shape: RegistryShape
    actor: Actor
    client: str

    @property
    def source(self) -> Source:
        return Source(kind="api", id=self.client)

    @property
    def reason(self) -> str:
        return f"Theo yêu cầu của hệ thống {self.client}."

    @property
    def version(self) -> int:
        return self.shape.version


def here(name: str, number: str, *, actor: Actor, client: str) -> Here:
    """Return the registry of an address; raise NotFound."""
    key = key_of(name)
    version = int(number.partition(".")[0])
    shape = registries.shape(registry=key, actor=actor, version=version)
    return Here(key=key, shape=shape, actor=actor, client=client)


def key_of(name: str) -> str:
    return name.replace(".", "/", 1)


def found(place: Here, content: Mapping[str, Any], *, most: int = MOST) -> list[UUID]:
    """Return the records whose fields have all these values; raise Invalid for an empty search."""
    filters = tuple(conditions(place.shape, content))
    own = _own(content)
    if own is not None:
        view = _there(place, own)
        if view is None or not filters:
            return [] if view is None else [own]
        sought = (*filters, *_known_by(place.shape, view))
        return [own] if own in _matching(place, sought, most=MOST) else []
    if not filters:
        raise empty()
    return _matching(place, filters, most=most)


def _matching(place: Here, filters: tuple[Filter, ...], *, most: int) -> list[UUID]:
    query = ListQuery(filters=filters, size=min(MOST, most), columns=place.shape.paths[:1])
    page = registries.list_records(
        registry=place.key,
        query=query,
        actor=place.actor,
        version=place.version,
        leaves=False,
    )
    if page.after and most >= MOST:
        raise Conflict(
            code="govstack.too_many",
            what=f"Có hơn {MOST} bản ghi khớp với điều kiện.",
            mend="Hãy thêm điều kiện để tìm ít hơn.",
        )
    return [row.id for row in page.rows]


def _known_by(shape: RegistryShape, view: RecordView) -> Iterator[Filter]:
    """Yield the conditions that a record alone meets, as far as its key is told."""
    shown = {one.path: one for one in view.fields}
    for path in shape.key:
        one = shown.get(path)
        if one is not None and not one.masked and one.value not in (None, "", []):
            yield from conditions(shape, {path: one.value})


def only_one(place: Here, content: Mapping[str, Any]) -> UUID:
    """Return the one record that is meant; raise NotFound, and Conflict for several."""
    ids = found(place, content)
    if not ids:
        raise nothing()
    if len(ids) > 1:
        raise several(len(ids))
    return ids[0]


def conditions(shape: RegistryShape, content: Mapping[str, Any]) -> Iterator[Filter]:
    """Yield the conditions that fields of some values mean."""
    for path, value in _flat({name: one for name, one in content.items() if name != ID}, ""):
        plain = path.removesuffix(".key") if path not in shape.filters else path
        if "is" not in shape.filters.get(plain, ()) or isinstance(value, list):
            say = f"Không tìm được theo “{path[:80]}”."
            raise Invalid(
                code="govstack.no_search",
                what="Chưa tìm được bản ghi.",
                mend="Hãy tìm theo các ô có trong cấu trúc của sổ.",
                problems=(Problem(field=path, say=say),),
            )
        yield Filter(path=plain, how="is", values=(_text(value),))


def _flat(value: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, one in value.items():
        path = f"{before}{name}"
        if isinstance(one, Mapping):
            yield from _flat(one, f"{path}.")
        elif one not in (None, ""):
            yield path, one


def _text(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _own(content: Mapping[str, Any]) -> UUID | None:
    given = content.get(ID)
    if given in (None, ""):
        return None
    try:
        return UUID(str(given))
    except ValueError:
        raise nothing() from None


def _there(place: Here, id: UUID) -> RecordView | None:
    try:
        return registries.record(
            registry=place.key,
            id=id,
            actor=place.actor,
            purpose=place.reason,
            version=place.version,
        )
    except NotFound:
        return None


def fields(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is written: the record's own id is not."""
    return {name: one for name, one in content.items() if name != ID}


def rows(page_rows: tuple[RowView, ...], paths: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {ID: str(row.id)} | {p: one.value for p, one in zip(paths, row.cells, strict=True)}
        for row in page_rows
    ]


def nothing() -> NotFound:
    return NotFound(
        code="govstack.no_record",
        what="Không tìm thấy bản ghi nào khớp.",
        mend="Hãy kiểm tra lại điều kiện tìm.",
    )


def several(count: int) -> Conflict:
    return Conflict(
        code="govstack.several",
        what=f"Có {count} bản ghi khớp, trong khi việc này chỉ làm trên một bản ghi.",
        mend="Hãy thêm điều kiện, hoặc dùng update-entries để sửa nhiều bản ghi.",
    )


def empty() -> Invalid:
    return Invalid(
        code="govstack.empty_search",
        what="Yêu cầu không nói tìm bản ghi nào.",
        mend="Hãy gửi ít nhất một ô trong query.content.",
        problems=(Problem(field="query.content", say="Cần ít nhất một ô."),),
    )
