"""GovStack Digital Registries, data API 1.3.0: the same records in the words of that interface.

The published tests write paths with hyphens, the published description in camel case: both work.
"""

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListPage, ListQuery, RecordView
from cuaso.channels.rest.asking import Cursor
from cuaso.channels.rest.govstack import asking
from cuaso.channels.rest.govstack.asking import (
    Client,
    Here,
    Purpose,
    RegistryName,
    VersionNumber,
    fields,
    found,
    here,
    only_one,
)
from cuaso.channels.rest.registries import answers
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Problem

router = Router(tags=["GovStack"])
ROOT: Final = "/govstack/data/{registryname}/{versionnumber}"
FARTHEST: Final = 20
COUNTED: Final = 1000
LOOKS: Final = 500
Json = dict[str, Any]
Field = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_.]{0,129}$")]
Word = Annotated[str, Query(max_length=200)]


def _usage(
    request: HttpRequest,
    client: Client,
    user_id: Annotated[str, Query(alias="userID", max_length=20)],
    database_id: Annotated[str, Query(alias="DatabaseID", max_length=101)],
) -> list[Json]:
    """Ai đã xem dữ liệu của chính bạn trong một sổ."""
    del client
    actor = identity.actor_of(request)
    person = directory.find_person(user_id.strip())
    if person is None or person.id != actor.person_id:
        raise NotAllowed(
            code="govstack.not_yourself",
            what="Chỉ xem được lượt xem dữ liệu của chính mình.",
            mend="Hãy gửi số định danh của người đang đăng nhập.",
        )
    key = asking.key_of(database_id)
    looks = audit.looks_at(person.id, limit=LOOKS)
    return [
        {
            "ID": str(look.id),
            "ReaderID": str(look.post_id or ""),
            "ReaderInitials": "".join(word[:1] for word in look.actor_name.split()),
            "ReaderInstitutionID": str(look.agency_id or ""),
            "ReaderInstitutionName": directory.agency(look.agency_id).name
            if look.agency_id
            else "",
            "ReaderApplicationName": look.task,
            "SearchDateTime": look.at,
            "Refrences": [{"ReferenceID": str(look.subject.id)}],
        }
        for look in looks
        if look.subject.kind == "registries.record"
        and registries.known(registry=key, id=look.subject.id)
    ]


for _name in ("MyPersonalDataUsage", "myPersonalDataUsage"):
    router.get(
        f"/govstack/data/{_name}/1.0",
        response=list[Json],
        summary="Ai đã xem dữ liệu của tôi",
        operation_id=f"govstack_{_name}",
    )(_usage)


@router.get(ROOT, response=Json, summary="Danh sách (GovStack)")
def list_(
    request: HttpRequest,
    registryname: RegistryName,
    versionnumber: VersionNumber,
    client: Client,
    *,
    search: Word = "",
    filter: Word = "",
    ordering: Word = "",
    page: Annotated[int, Query(ge=1, le=FARTHEST)] = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 10,
    cursor: Cursor = "",
    purpose: Purpose = "",
) -> Json:
    """`search` cùng `filter` tìm trong một ô; `query.<ô>` lọc đúng giá trị của ô."""
    place = _here(request, registryname, versionnumber, client)
    registries.require_purpose(registry=place.key, purpose=purpose, actor=place.actor)
    query = ListQuery(
        filters=tuple(_filters(place, request, search, filter)),
        words="" if filter else search,
        sort=_sort(filter, ordering, place),
        columns=place.shape.paths,
        after=cursor,
        size=page_size,
    )
    before = 0 if cursor else page - 1
    listed = _listed(place, query, purpose, leaves=not before)
    for left in reversed(range(before)):
        query = _next(query, listed.after)
        if not listed.after:
            return {"count": listed.count or 0, "results": []}
        listed = _listed(place, query, purpose, leaves=not left)
    answer: Json = {
        "count": COUNTED if listed.count is None else listed.count,
        "results": asking.rows(listed.rows, place.shape.paths),
    }
    if listed.after:
        given = {**request.GET.dict(), "page": str(min(page + 1, FARTHEST)), "cursor": listed.after}
        answer["next"] = request.build_absolute_uri(f"{request.path}?{urlencode(given)}")
    return answer


def _listed(place: Here, query: ListQuery, purpose: str, *, leaves: bool) -> ListPage:
    """Return a page; those that are only passed on the way to it do not leave the house."""
    return registries.list_records(
        registry=place.key,
        query=query,
        actor=place.actor,
        count=True,
        version=place.version,
        purpose=purpose,
        leaves=leaves,
    )


def _next(query: ListQuery, after: str) -> ListQuery:
    return ListQuery(
        filters=query.filters,
        words=query.words,
        sort=query.sort,
        columns=query.columns,
        after=after,
        size=query.size,
    )


def _filters(place: Here, request: HttpRequest, search: str, named: str) -> list[Filter]:
    found = []
    if named and search:
        how = "begins" if "begins" in place.shape.filters.get(named, ()) else "is"
        found.append(Filter(path=named, how=how, values=(search,)))  # type: ignore[arg-type]
    for name, value in request.GET.items():
        if name.startswith("query.") and isinstance(value, str) and value:
            _printable(value)
            found.append(Filter(path=name.removeprefix("query."), how="is", values=(value[:500],)))
    return found


def _printable(value: str) -> None:
    if "\0" in value:
        raise Invalid(
            code="rest.sign_unprintable",
            what="Nội dung có ký tự không dùng được.",
            mend="Hãy bỏ ký tự NUL rồi gửi lại.",
            problems=(Problem(field="query", say="Có ký tự NUL."),),
        )


def _sort(named: str, ordering: str, place: Here) -> tuple[str, ...]:
    down = "-" if ordering.lower().startswith("desc") else ""
    column = named or (place.shape.sorts[0] if down and place.shape.sorts else "")
    return (f"{down}{column}",) if column else ()


@router.post(f"{ROOT}/create", response=asking.Content, summary="Thêm bản ghi (GovStack)")
def create(
    request: HttpRequest,
    registryname: RegistryName,
    versionnumber: VersionNumber,
    client: Client,
    body: asking.Written,
) -> Json:
    place = _here(request, registryname, versionnumber, client)
    return _said(_add(place, body.write.content))


@router.post(f"{ROOT}/exists", response=Json, summary="Có bản ghi không (GovStack)")
def exists(
    request: HttpRequest,
    registryname: RegistryName,
    versionnumber: VersionNumber,
    client: Client,
    *,
    body: asking.Asked,
    purpose: Purpose = "",
) -> Json:
    place = _here(request, registryname, versionnumber, client)
    registries.require_purpose(registry=place.key, purpose=purpose, actor=place.actor)
    there = bool(found(place, body.query.content, most=1))
    message = "Object found from database" if there else "Object not found in database"
    return {"answer": {"status": there, "message": message}}


@router.post(f"{ROOT}/read", response=asking.Content, summary="Xem bản ghi (GovStack)")
def read(
    request: HttpRequest,
    registryname: RegistryName,
    versionnumber: VersionNumber,
    client: Client,
    *,
    body: asking.Asked,
    purpose: Purpose = "",
) -> Json:
    """Bản ghi đầu tiên khớp với mọi ô của `query.content`."""
    place = _here(request, registryname, versionnumber, client)
    ids = found(place, body.query.content, most=1)
    if not ids:
        raise asking.nothing()
    view = registries.record(
        registry=place.key,
        id=ids[0],
        actor=place.actor,
        purpose=purpose,
        version=place.version,
    )
    return _said(view)


@router.put(f"{ROOT}/update", response=Json, summary="Sửa một bản ghi (GovStack)")
def update(
    request: HttpRequest,
    registryname: RegistryName,
    versionnumber: VersionNumber,
    client: Client,
    body: asking.Changed,
) -> Json:
    """Không có `query` thì tìm theo `ID` hoặc theo các ô trong `write`."""
    place = _here(request, registryname, versionnumber, client)
    sought = body.query.content if body.query else _identity(place, body.write.content)
    _amend(place, only_one(place, sought), body.write.content)
    return {}


def _update_entries(
    request: HttpRequest,
    registryname: RegistryName,
    versionnumber: VersionNumber,
    client: Client,
    body: asking.Sought,
) -> Json:
    """Sửa mọi bản ghi khớp, nhiều nhất 500; tất cả là một lần ghi."""
    place = _here(request, registryname, versionnumber, client)
    ids = found(place, body.query.content)
    if not ids:
        raise asking.nothing()
    done = registries.amend_many(
        registry=place.key,
        ids=ids,
        given=fields(body.write.content),
        actor=place.actor,
        reason=place.reason,
        source=place.source,
    )
    return answers.changed(done)


def _update_or_create(
    request: HttpRequest,
    registryname: RegistryName,
    versionnumber: VersionNumber,
    client: Client,
    body: asking.Sought,
) -> Json:
    """Sửa bản ghi khớp; không có thì thêm mới."""
    place = _here(request, registryname, versionnumber, client)
    ids = found(place, body.query.content)
    if len(ids) > 1:
        raise asking.several(len(ids))
    content = body.write.content
    return _said(_amend(place, ids[0], content) if ids else _add(place, content))


def _read_value(
    request: HttpRequest,
    registryname: RegistryName,
    versionnumber: VersionNumber,
    client: Client,
    *,
    id: Annotated[UUID, Path()],
    field: Field,
    ext: Annotated[str, Path(pattern="^json$")],
    purpose: Purpose = "",
) -> Json:
    """Một ô của một bản ghi; không có `value` khi ô trống hoặc bị che với bạn."""
    del ext
    place = _here(request, registryname, versionnumber, client)
    view = registries.record(
        registry=place.key, id=id, actor=place.actor, purpose=purpose, version=place.version
    )
    value: Any = answers.record(view)["values"]
    for name in field.split("."):
        if not isinstance(value, dict) or name not in value:
            raise NotFound(
                code="govstack.no_field",
                what=f"Sổ không có ô “{field}”.",
                mend="Hãy xem cấu trúc của sổ.",
            )
        value = value[name]
    return {} if value is None else {"value": value}


@router.delete(f"{ROOT}/{{uuid:id}}/delete", response={204: None}, summary="Xóa (GovStack)")
def delete(
    request: HttpRequest,
    registryname: RegistryName,
    versionnumber: VersionNumber,
    client: Client,
    id: Annotated[UUID, Path()],
) -> None:
    place = _here(request, registryname, versionnumber, client)
    registries.remove(
        registry=place.key, id=id, reason=place.reason, actor=place.actor, source=place.source
    )


for _spelt in ("update-entries", "updateEntries"):
    router.put(
        f"{ROOT}/{_spelt}",
        response=Json,
        summary="Sửa nhiều bản ghi (GovStack)",
        operation_id=f"govstack_{_spelt}",
    )(_update_entries)
for _spelt in ("update-or-create", "updateOrCreate"):
    router.post(
        f"{ROOT}/{_spelt}",
        response=asking.Content,
        summary="Sửa hoặc thêm (GovStack)",
        operation_id=f"govstack_{_spelt}",
    )(_update_or_create)
for _spelt in ("read-value", "readValue"):
    router.get(
        f"{ROOT}/{{uuid:id}}/{_spelt}/{{field}}.{{ext}}",
        response=Json,
        summary="Xem một ô (GovStack)",
        operation_id=f"govstack_{_spelt}",
    )(_read_value)


def _here(request: HttpRequest, name: str, number: str, client: str) -> Here:
    return here(name, number, actor=identity.actor_of(request), client=client)


def _identity(place: Here, content: Json) -> Json:
    """Return by what a record is known again: its id, else the whole key of its registry."""
    if asking.ID in content:
        return {asking.ID: content[asking.ID]}
    known = {name: content[name] for name in place.shape.key if content.get(name)}
    return known if len(known) == len(place.shape.key) else {}


def _add(place: Here, content: Json) -> RecordView:
    return registries.add(
        registry=place.key,
        values=fields(content),
        actor=place.actor,
        reason=place.reason,
        source=place.source,
        version=place.version,
    )


def _amend(place: Here, id: UUID, content: Json) -> RecordView:
    return registries.amend(
        registry=place.key,
        id=id,
        values=fields(content),
        actor=place.actor,
        reason=place.reason,
        source=place.source,
        version=place.version,
    )


def _said(view: RecordView) -> Json:
    return {"content": {asking.ID: str(view.id), **answers.record(view)["values"]}}
