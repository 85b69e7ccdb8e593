"""Other ways to look at a registry for programs: figures, a board, a month, a whole list as a file.

They are the pages' own numbers: both ask the same function of the registries.
"""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from ninja import Path, Query, Router
from pydantic import AfterValidator

from cuaso.capabilities.registries import api as registries
from cuaso.channels.rest.registries import answers, looks
from cuaso.channels.rest.registries.asking import (
    EARLIEST,
    LATEST,
    AsOf,
    Listed,
    Name,
    Pack,
    Purpose,
    Where,
    key_of,
    names,
    query_of,
)
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

router = Router(tags=["Sổ dữ liệu"])
FILE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Bảng tính XLSX, hoặc CSV (UTF-8, dấu chấm phẩy).",
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                    "schema": {"type": "string", "format": "binary"}
                },
            },
        }
    }
}
View = Annotated[
    str, Path(pattern=r"^[a-z][a-z0-9_-]{0,59}$", description="Tên trong `views` của sổ.")
]
Line = Annotated[str, Query(max_length=200)]


def _month(text: str) -> str:
    """Refuse what is no month that a calendar has."""
    if text:
        year, _, number = text.partition("-")
        date(int(year), int(number), 1)
        if not EARLIEST <= int(year) <= LATEST:
            raise ValueError(text)
    return text


Month = Annotated[
    str,
    Query(description="Tháng, ví dụ 2026-11; bỏ trống là tháng này.", pattern=r"^(\d{4}-\d{2})?$"),
    AfterValidator(_month),
]


@router.get("/so/{pack}/{name}/views", response=looks.Views, summary="Các cách xem của sổ")
def views(request: HttpRequest, pack: Pack, name: Name) -> HttpResponse:
    """Danh sách, số liệu, lịch, bản đồ, mẫu in; `board` là có khi sổ có bảng trạng thái."""
    actor = identity.actor_of(request)
    return answers.sent(looks.views(registries.outline(registry=key_of(pack, name), actor=actor)))


@router.get("/so/{pack}/{name}/figures/{view}", response=looks.Figure, summary="Một số liệu")
def figure(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    view: View,
    *,
    as_of: AsOf = None,
    purpose: Purpose = "",
) -> HttpResponse:
    """Đếm, cộng, trung bình trong quyền của người gọi; `where` của mỗi ô là điều kiện ra đúng các
    bản ghi tạo nên số ấy.
    """
    actor, key = _opened(request, pack, name, purpose)
    found = registries.figure(registry=key, name=view, actor=actor, as_of=as_of)
    return answers.sent(looks.figure(key, found))


@router.get("/so/{pack}/{name}/board", response=looks.Board, summary="Bảng theo trạng thái")
def board(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    *,
    where: Where = [],  # noqa: B006 ninja copies it
    words: Line = "",
    as_of: AsOf = None,
    purpose: Purpose = "",
) -> HttpResponse:
    """Mỗi trạng thái một cột với những bản ghi đầu; `count` null là nhiều hơn 1.000."""
    actor, key = _opened(request, pack, name, purpose)
    query = query_of(where=where, words=words, as_of=as_of)
    found = registries.board(registry=key, query=query, actor=actor, purpose=purpose)
    return answers.sent(looks.board(key, found))


@router.get("/so/{pack}/{name}/calendars/{view}", response=looks.Calendar, summary="Một tháng lịch")
def calendar(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    view: View,
    *,
    month: Month = "",
    where: Where = [],  # noqa: B006 ninja copies it
    words: Line = "",
    as_of: AsOf = None,
    purpose: Purpose = "",
) -> HttpResponse:
    """Bản ghi có ngày trong tháng, nhiều nhất 600; `partial` là có khi còn nữa."""
    actor, key = _opened(request, pack, name, purpose)
    found = registries.calendar(
        registry=key,
        name=view,
        month=date.fromisoformat(f"{month}-01") if month else clock.today().replace(day=1),
        query=query_of(where=where, words=words, as_of=as_of),
        actor=actor,
        purpose=purpose,
    )
    return answers.sent(looks.calendar(key, found))


@router.get(
    "/so/{pack}/{name}/export", summary="Xuất danh sách ra tệp bảng tính", openapi_extra=FILE
)
def export(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    *,
    kind: Annotated[Literal["xlsx", "csv"], Query(description="Loại tệp.")] = "xlsx",
    where: Where = [],  # noqa: B006 ninja copies it
    words: Line = "",
    sort: Line = "",
    fields: Listed = "",
    list: Annotated[str, Query(max_length=60)] = "default",
    as_of: AsOf = None,
    purpose: Purpose = "",
) -> HttpResponseBase:
    """Cả danh sách theo điều kiện, trong quyền của người gọi; có `fields` thì chỉ các ô ấy. `as_of`
    xuất như tại thời điểm ấy, và dòng đầu của tệp nói rõ.
    """
    actor, key = _opened(request, pack, name, purpose)
    columns = names(fields)
    only = bool(columns) and columns != ("*",)
    query = query_of(list_=list, where=where, words=words, sort=sort, columns=columns, as_of=as_of)
    file_name, media_type, content = registries.export(
        registry=key, query=query, kind=kind, actor=actor, only_list=only, purpose=purpose
    )
    response = StreamingHttpResponse(content, content_type=media_type)
    disposition = content_disposition_header(as_attachment=True, filename=file_name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _opened(request: HttpRequest, pack: str, name: str, purpose: str) -> tuple[Actor, str]:
    """Return who asks and the registry; raise NotFound, or NotAllowed where a purpose is owed."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.registry(key=key, actor=actor)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    return actor, key
