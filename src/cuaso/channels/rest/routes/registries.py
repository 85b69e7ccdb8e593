"""Registries as programs read them: lists, records, history, what changed, how they are made."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import (
    ChangeLine,
    FeedPage,
    VersionLine,
)
from cuaso.channels.rest.asking import Cursor
from cuaso.channels.rest.registries import answers, bodies, described, describing
from cuaso.channels.rest.registries.asking import (
    AsOf,
    IfNoneMatch,
    Listed,
    Name,
    Pack,
    Purpose,
    Version,
    Where,
    key_of,
    names,
    query_of,
)
from cuaso.foundation.identity import api as identity

router = Router(tags=["Sổ dữ liệu"])
COUNTED = 1000
Json = dict[str, Any]
Line = Annotated[str, Query(max_length=200)]


@router.get("/so", response=list[bodies.Card], summary="Các sổ mà tôi được dùng")
def catalogue(request: HttpRequest) -> list[Json]:
    found = registries.registries(actor=identity.actor_of(request))
    return [answers.card(one) for one in found]


@router.get("/so/openapi.json", response=Json, summary="Mô tả OpenAPI của mọi sổ")
def description_of_all(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 của mọi sổ mà người gọi được dùng, ở phiên bản đang có hiệu lực."""
    actor = identity.actor_of(request)
    mark = registries.outlook(actor=actor)
    return answers.text(
        described.kept(mark, lambda: describing.described(registries.shapes(actor=actor)))
    )


@router.get("/so/{pack}/{name}", response=bodies.Page, summary="Danh sách bản ghi")
def records(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    *,
    where: Where = [],  # noqa: B006 ninja copies it
    words: Line = "",
    sort: Line = "",
    fields: Listed = "",
    list: Annotated[str, Query(max_length=60)] = "default",
    cursor: Cursor = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    as_of: AsOf = None,
    gone: bool = False,
    count: bool = False,
    version: Version = 0,
    purpose: Purpose = "",
) -> HttpResponse:
    """Từng trang theo `next`; `words` tìm không dấu; `sort` có `-` đứng trước là giảm dần."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    query = query_of(
        list_=list,
        where=where,
        words=words,
        sort=sort,
        columns=names(fields),
        cursor=cursor,
        limit=limit,
        as_of=as_of,
        gone=gone,
    )
    found = registries.list_values(
        registry=key, query=query, actor=actor, count=count, version=version, purpose=purpose
    )
    return answers.sent(answers.page(found))


@router.get("/so/{pack}/{name}/count", response=bodies.Counted, summary="Đếm bản ghi")
def counted(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    *,
    where: Where = [],  # noqa: B006 ninja copies it
    words: Line = "",
    purpose: Purpose = "",
) -> Json:
    """Đếm đúng đến 1.000; nhiều hơn thì `exact` là không. Không đếm kịp thì `count` là 0 và `exact`
    là không.
    """
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    conditions = query_of(where=where, words=words, as_of=None)
    found = registries.list_values(
        registry=key, query=conditions, actor=actor, count=True, leaves=False
    )
    if found.count is None:
        return {"count": 0 if found.untold else COUNTED, "exact": False}
    return {"count": found.count, "exact": True}


@router.get("/so/{pack}/{name}/schema", response=Json, summary="Cấu trúc bản ghi")
def schema(request: HttpRequest, pack: Pack, name: Name, version: Version = 0) -> Json:
    """JSON Schema 2020-12 của `values` khi thêm bản ghi."""
    actor = identity.actor_of(request)
    return dict(registries.shape(registry=key_of(pack, name), actor=actor, version=version).sent)


@router.get("/so/{pack}/{name}/openapi.json", response=Json, summary="Mô tả OpenAPI của sổ")
def description(request: HttpRequest, pack: Pack, name: Name, version: Version = 0) -> Json:
    """OpenAPI 3.1 của một phiên bản của sổ."""
    actor = identity.actor_of(request)
    found = registries.shape(registry=key_of(pack, name), actor=actor, version=version)
    return describing.described([found])


@router.get(
    "/so/{pack}/{name}/versions", response=list[VersionLine], summary="Các phiên bản của sổ"
)
def versions(request: HttpRequest, pack: Pack, name: Name) -> Any:  # noqa: ANN401 ninja's shape
    """Bản đang có hiệu lực (`published`) và các bản cũ còn dùng được (`retired`)."""
    actor = identity.actor_of(request)
    return [*registries.shape(registry=key_of(pack, name), actor=actor).versions]


@router.get("/so/{pack}/{name}/feed", response=FeedPage, summary="Dòng thay đổi")
def feed(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    *,
    since: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    purpose: Purpose = "",
) -> FeedPage:
    """Những lần ghi sau `since`, không sót và không lặp; lần sau gửi lại `next`."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    return registries.feed(registry=key, actor=actor, since=since, size=limit)


@router.get(
    "/so/{pack}/{name}/{uuid:id}",
    response={200: bodies.Record, 304: None},
    summary="Một bản ghi",
)
def one(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    id: UUID,
    *,
    fields: Listed = "",
    as_of: AsOf = None,
    version: Version = 0,
    purpose: Purpose = "",
    if_none_match: IfNoneMatch = "",
) -> HttpResponse:
    """ETag là lần ghi của bản ghi; lần xem dữ liệu cá nhân được ghi cho người có dữ liệu."""
    view = registries.record(
        registry=key_of(pack, name),
        id=id,
        actor=identity.actor_of(request),
        purpose=purpose,
        as_of=as_of,
        version=version,
        spoken=False,
    )
    only = () if fields.strip() == "*" else names(fields)
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    same = as_of is None and answers.tag(view) in known
    response = answers.unchanged() if same else answers.sent(answers.record(view, only=only))
    answers.tagged(response, view)
    return response


@router.get(
    "/so/{pack}/{name}/{uuid:id}/history", response=list[ChangeLine], summary="Lịch sử của bản ghi"
)
def history(request: HttpRequest, pack: Pack, name: Name, id: UUID, purpose: Purpose = "") -> Any:  # noqa: ANN401 ninja's shape
    """Mọi lần ghi, mới nhất trước: ai, khi nào, vì sao, từ đâu, ô nào đổi."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    return [*registries.history(registry=key, id=id, actor=actor, purpose=purpose)]


@router.get(
    "/so/{pack}/{name}/{uuid:id}/sources",
    response=list[bodies.ValueSource],
    summary="Nguồn của từng giá trị",
)
def sources(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    id: UUID,
    *,
    as_of: AsOf = None,
    purpose: Purpose = "",
) -> Any:  # noqa: ANN401 ninja's shape
    """Mỗi ô đang có giá trị do lần ghi nào mang đến: cán bộ nhập, bảng tính, hồ sơ, cơ sở dữ liệu
    quốc gia; `as_of` là như tại thời điểm ấy.
    """
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    history = registries.history(registry=key, id=id, actor=actor, purpose=purpose)
    found = registries.given_by(history, at=as_of)
    return [answers.source(path, one) for path, one in sorted(found.items())]
