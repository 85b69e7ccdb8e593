"""Papers of a record, printed registers, and what a record waits for, as programs ask for them."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Path, Query, Router, Schema, Status
from pydantic import ConfigDict, StringConstraints

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import (
    Noticed,
    PaperLine,
    RecordPapers,
    TurnView,
    WaitingRecord,
)
from cuaso.channels.rest import answers
from cuaso.channels.rest.asking import Words
from cuaso.channels.rest.registries.asking import (
    AsOf,
    IfMatch,
    Name,
    Pack,
    Purpose,
    Where,
    key_of,
    query_of,
    revision,
)
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.services.locker.contracts import Content

router = Router(tags=["Sổ dữ liệu"])
PDF = "application/pdf"
Json = dict[str, Any]
View = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,59}$", description="Tên mẫu in của sổ.")]


class Revoking(Schema):
    """Vì sao thu hồi; ai xác minh giấy sẽ đọc được lý do."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Cấp nhầm đối tượng."}]}
    )
    reason: Words


class Drawing(Schema):
    """Mẫu giấy nào của sổ, theo `name` trong `offers`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "certificate"}]}
    )
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class Drawn(Schema):
    """Giấy vừa lập; bản PDF ở `papers/{id}`."""

    id: UUID
    name: str


@router.get(
    "/so/waiting", response=list[WaitingRecord], summary="Bản ghi của mọi sổ đang chờ tôi xử lý"
)
def waiting(request: HttpRequest) -> Any:  # noqa: ANN401 ninja's shape
    """Việc đến hạn trước đứng trước; bước nào, từ khi nào, đến bao giờ."""
    return [*registries.waiting_for(actor=identity.actor_of(request))]


@router.get(
    "/so/{pack}/{name}/waiting", response=list[WaitingRecord], summary="Bản ghi đang chờ tôi xử lý"
)
def waiting_here(request: HttpRequest, pack: Pack, name: Name) -> Any:  # noqa: ANN401 ninja's shape
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.registry(key=key, actor=actor)
    return [*registries.waiting_for(actor=actor, registry=key)]


@router.get(
    "/so/{pack}/{name}/prints/{view}",
    summary="In một sổ theo mẫu (PDF)",
    openapi_extra=answers.DOCUMENT,
)
def printed(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    view: View,
    *,
    where: Where = [],  # noqa: B006 ninja copies it
    words: Annotated[str, Query(max_length=200)] = "",
    as_of: AsOf = None,
    purpose: Purpose = "",
) -> HttpResponseBase:
    """Theo điều kiện lọc, trong quyền của người gọi; `as_of` in sổ như tại thời điểm ấy."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.registry(key=key, actor=actor)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    query = query_of(where=where, words=words, as_of=as_of)
    drawn = registries.print_register(
        registry=key, name=view, query=query, actor=actor, purpose=purpose
    )
    return _document(drawn.name, drawn.pdf)


@router.get(
    "/so/{pack}/{name}/{uuid:id}/notices",
    response=list[Noticed],
    summary="Điều cần biết về bản ghi hôm nay",
)
def notices(request: HttpRequest, pack: Pack, name: Name, id: UUID, purpose: Purpose = "") -> Any:  # noqa: ANN401 ninja's shape
    """Việc quá hạn hoặc chưa khớp có `late`; `beside` là các bản ghi liên quan được xem."""
    actor, key = _seen(request, pack, name, id, purpose)
    found = registries.notices_of(registry=key, ids=[id], actor=actor, beside=True)
    return [*found.get(id, ())]


@router.get(
    "/so/{pack}/{name}/{uuid:id}/turns",
    response=list[TurnView],
    summary="Bản ghi đang chờ ở bước nào",
)
def turns(request: HttpRequest, pack: Pack, name: Name, id: UUID, purpose: Purpose = "") -> Any:  # noqa: ANN401 ninja's shape
    """Các bước của quy trình đã vẽ; `mine` khi bước ấy của vị trí công tác đang gọi."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    view = registries.record(registry=key, id=id, actor=actor, purpose=purpose)
    return [*view.turns]


@router.get(
    "/so/{pack}/{name}/{uuid:id}/papers", response=RecordPapers, summary="Giấy tờ của bản ghi"
)
def papers(
    request: HttpRequest, pack: Pack, name: Name, id: UUID, purpose: Purpose = ""
) -> RecordPapers:
    """`offers` là giấy lập được lúc này, `lines` là giấy đã lập, mới nhất trước."""
    actor, key = _seen(request, pack, name, id, purpose)
    return registries.papers_of(registry=key, id=id, actor=actor)


@router.get(
    "/so/{pack}/{name}/{uuid:id}/papers/{uuid:paper_id}",
    summary="Bản PDF của một giấy",
    openapi_extra=answers.DOCUMENT,
)
def paper(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    id: UUID,
    paper_id: UUID,
    *,
    purpose: Purpose = "",
) -> HttpResponseBase:
    """Bản đã ký khi đã ký, nếu chưa thì đúng bản đã lập."""
    actor, key = _seen(request, pack, name, id, purpose)
    found = registries.print_again(registry=key, id=id, paper_id=paper_id, actor=actor)
    return _document(found.name, found.pdf)


@router.post("/so/{pack}/{name}/{uuid:id}/papers", response={201: Drawn}, summary="Lập một giấy")
def draw(
    request: HttpRequest,
    response: HttpResponse,
    pack: Pack,
    name: Name,
    id: UUID,
    *,
    body: Drawing,
    if_match: IfMatch = "",
) -> Status[Json]:
    """Cùng một lần ghi của bản ghi thì lập lại vẫn là giấy ấy, mã ấy."""
    key = key_of(pack, name)
    drawn = registries.draw_paper(
        registry=key,
        id=id,
        name=body.kind,
        actor=identity.actor_of(request),
        revision=revision(if_match),
    )
    response["Location"] = f"/api/v1/so/{key}/{id}/papers/{drawn.id}"
    return Status(201, {"id": drawn.id, "name": drawn.name})


@router.post(
    "/so/{pack}/{name}/{uuid:id}/papers/{uuid:paper_id}/sign",
    response=PaperLine,
    summary="Ký một giấy",
)
def sign(request: HttpRequest, pack: Pack, name: Name, id: UUID, paper_id: UUID) -> PaperLine:
    """Bằng khóa của vị trí công tác đang gọi; không đóng dấu thì giấy được lưu ngay."""
    return registries.sign_paper(
        registry=key_of(pack, name), id=id, paper_id=paper_id, actor=identity.actor_of(request)
    )


@router.post(
    "/so/{pack}/{name}/{uuid:id}/papers/{uuid:paper_id}/seal",
    response=PaperLine,
    summary="Đóng dấu cơ quan lên một giấy đã ký",
)
def seal(request: HttpRequest, pack: Pack, name: Name, id: UUID, paper_id: UUID) -> PaperLine:
    return registries.seal_paper(
        registry=key_of(pack, name), id=id, paper_id=paper_id, actor=identity.actor_of(request)
    )


@router.post(
    "/so/{pack}/{name}/{uuid:id}/papers/{uuid:paper_id}/revoke",
    response=PaperLine,
    summary="Thu hồi một giấy đã lưu",
)
def revoke(
    request: HttpRequest, pack: Pack, name: Name, id: UUID, paper_id: UUID, *, body: Revoking
) -> PaperLine:
    return registries.revoke_paper(
        registry=key_of(pack, name),
        id=id,
        paper_id=paper_id,
        reason=body.reason,
        actor=identity.actor_of(request),
    )


def _seen(request: HttpRequest, pack: str, name: str, id: UUID, purpose: str) -> tuple[Actor, str]:
    """Return who asks, of which registry; raise NotFound for a record that they do not see."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    registries.record(registry=key, id=id, actor=actor, purpose=purpose)
    return actor, key


def _document(name: str, pdf: bytes) -> HttpResponseBase:
    return answers.document(Content(name=name, media_type=PDF, chunks=iter([pdf])))
