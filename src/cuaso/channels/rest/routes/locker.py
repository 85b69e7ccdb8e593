"""The locker: papers, links that share them, who looked; and what a link or a QR code opens."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja import Query, Router

from cuaso.channels.rest import answers, bodies, tries
from cuaso.foundation.identity import api as identity
from cuaso.services.locker import api as locker
from cuaso.services.locker.contracts import LookView, Paper, Share, SharedPaper, Verification

router = Router(tags=["Kho giấy tờ"])
Kind = Annotated[str, Query(description="Loại giấy tờ.", max_length=60)]


@router.get("/locker/papers", response=list[Paper], summary="Giấy tờ của tôi")
def papers(request: HttpRequest, kind: Kind = "") -> list[Paper]:
    return list(locker.papers(actor=identity.actor_of(request), kind=kind))


@router.get("/locker/reusable", response=list[Paper], summary="Giấy tờ dùng lại được")
def reusable(request: HttpRequest, kind: Kind) -> list[Paper]:
    """Còn hiệu lực hôm nay và thay được việc tải lên."""
    return list(locker.reusable(actor=identity.actor_of(request), kind=kind))


@router.get("/locker/papers/{id}", response=Paper, summary="Một giấy tờ")
def paper(request: HttpRequest, id: UUID) -> Paper:
    return locker.paper(id=id, actor=identity.actor_of(request))


@router.get("/locker/papers/{id}/content", summary="Bản điện tử", openapi_extra=answers.DOCUMENT)
def content(request: HttpRequest, id: UUID) -> HttpResponseBase:
    return answers.document(locker.content(id=id, actor=identity.actor_of(request)))


@router.get("/locker/papers/{id}/shares", response=list[Share], summary="Liên kết chia sẻ")
def shares(request: HttpRequest, id: UUID) -> list[Share]:
    return list(locker.shares(id=id, actor=identity.actor_of(request)))


@router.post("/locker/papers/{id}/shares", response={201: Share}, summary="Chia sẻ một giấy tờ")
def share(request: HttpRequest, id: UUID, body: bodies.Shared) -> Share:
    """`token` chỉ có trong câu trả lời này; hệ thống không giữ nó."""
    return locker.share(
        id=id, purpose=body.purpose, until=body.until, actor=identity.actor_of(request)
    )


@router.delete("/locker/shares/{id}", response=Share, summary="Đóng liên kết")
def revoke_share(request: HttpRequest, id: UUID) -> Share:
    return locker.revoke_share(id=id, actor=identity.actor_of(request))


@router.get("/locker/looks", response=list[LookView], summary="Ai đã xem dữ liệu của tôi")
def looks(request: HttpRequest) -> list[LookView]:
    return list(locker.looks(actor=identity.actor_of(request)))


@router.post("/shared-papers", response=SharedPaper, auth=None, summary="Mở liên kết chia sẻ")
def open_share(request: HttpRequest, body: bodies.Opened) -> SharedPaper:
    """Lần mở được ghi lại và chủ giấy tờ thấy được."""
    tries.spend(request, action="share", target=body.token)
    return locker.open_share(
        token=body.token,
        second_fact=body.second_fact,
        viewer_name=body.viewer_name,
        purpose=body.purpose,
    )


@router.post(
    "/shared-papers/content",
    auth=None,
    summary="Bản điện tử qua liên kết",
    openapi_extra=answers.DOCUMENT,
)
def shared_content(request: HttpRequest, body: bodies.Opened) -> HttpResponseBase:
    tries.spend(request, action="share", target=body.token)
    opened = locker.shared_content(
        token=body.token, second_fact=body.second_fact, viewer_name=body.viewer_name
    )
    return answers.document(opened)


@router.post("/paper-checks", response=Verification, auth=None, summary="Kiểm tra giấy tờ (QR)")
def check(request: HttpRequest, body: bodies.Checked) -> Verification:
    """Giấy thật hay không, còn hiệu lực hay không; không bao giờ trả bản điện tử."""
    tries.spend(request, action="check", target=body.code)
    return locker.check(code=body.code, second_fact=body.second_fact)
