"""The acts of officials. Every act on a dossier names the version that the officer saw."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from cuaso.channels.rest import bodies, uploads
from cuaso.channels.rest.asking import (
    Cursor,
    IdempotencyKey,
    IfMatch,
    short_key,
    tagged,
    version,
)
from cuaso.foundation.identity import api as identity
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierPage, DossierView, WalkIn

router = Router(tags=["Bàn làm việc"])
View = Literal["mine", "late", "soon", "waiting", "done", "all"]


class Choice(Schema):
    """Một lựa chọn: mã và tên."""

    id: UUID
    label: str


class Signed(Schema):
    """Kết quả ký của một hồ sơ trong nhiều hồ sơ."""

    id: UUID
    ok: bool
    say: str


@router.get("/queue", response=DossierPage, summary="Hàng đợi công việc")
def queue(
    request: HttpRequest,
    *,
    view: View = "mine",
    text: Annotated[str, Query(max_length=200)] = "",
    procedure: Annotated[str, Query(max_length=20)] = "",
    cursor: Cursor = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> DossierPage:
    """Việc cần làm xếp theo hạn, việc nguy cơ trễ trước; `views` là số hồ sơ của mỗi mục."""
    return procedures.queue(
        actor=identity.actor_of(request),
        view=view,
        text=text,
        procedure=procedure,
        cursor=cursor,
        limit=limit,
    )


@router.post("/dossiers/{id}/receive", response=DossierView, summary="Tiếp nhận")
def receive(
    request: HttpRequest, response: HttpResponse, id: UUID, if_match: IfMatch = ""
) -> DossierView:
    """Cấp mã hồ sơ và ngày hẹn trả."""
    view = procedures.receive(id=id, actor=identity.actor_of(request), version=version(if_match))
    return tagged(response, view)


@router.post("/dossiers/{id}/ask-supplement", response=DossierView, summary="Yêu cầu bổ sung")
def ask_supplement(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Asked,
    if_match: IfMatch = "",
) -> DossierView:
    """Danh sách đầy đủ, một lần, với lý do; đồng hồ dừng đến khi người nộp trả lời."""
    view = procedures.ask_supplement(
        id=id,
        items=body.items,
        reason=body.reason,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/refuse", response=DossierView, summary="Từ chối")
def refuse(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Reason,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.refuse(
        id=id,
        reason=body.reason,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/claim", response=DossierView, summary="Nhận việc")
def claim(
    request: HttpRequest, response: HttpResponse, id: UUID, if_match: IfMatch = ""
) -> DossierView:
    view = procedures.claim(id=id, actor=identity.actor_of(request), version=version(if_match))
    return tagged(response, view)


@router.get("/dossiers/{id}/colleagues", response=list[Choice], summary="Có thể giao cho ai")
def colleagues(request: HttpRequest, id: UUID) -> list[Choice]:
    found = procedures.colleagues(id=id, actor=identity.actor_of(request))
    return [Choice(id=post_id, label=label) for post_id, label in found]


@router.post("/dossiers/{id}/assign", response=DossierView, summary="Giao việc")
def assign(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Assigned,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.assign(
        id=id,
        post_id=body.post_id,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.get("/dossiers/{id}/agencies", response=list[Choice], summary="Có thể hỏi cơ quan nào")
def agencies(request: HttpRequest, id: UUID) -> list[Choice]:
    found = procedures.consultable_agencies(id=id, actor=identity.actor_of(request))
    return [Choice(id=agency_id, label=name) for agency_id, name in found]


@router.post("/dossiers/{id}/consult", response=DossierView, summary="Hỏi ý kiến cơ quan khác")
def consult(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Consulted,
    if_match: IfMatch = "",
) -> DossierView:
    """Hỏi song song; hồ sơ quay lại khi cơ quan cuối cùng trả lời."""
    view = procedures.consult(
        id=id,
        agency_ids=body.agency_ids,
        question=body.question,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/answer", response=DossierView, summary="Trả lời cơ quan hỏi")
def answer(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Answered,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.answer_consultation(
        id=id,
        consultation_id=body.consultation_id,
        answer=body.answer,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/propose", response=DossierView, summary="Trình dự thảo kết quả")
def propose(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Proposed,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.propose(
        id=id,
        values=body.values,
        note=body.note,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/opinion", response=DossierView, summary="Ghi ý kiến")
def give_opinion(
    request: HttpRequest, response: HttpResponse, id: UUID, body: bodies.Opinion
) -> DossierView:
    """Ý kiến nội bộ, giữ lâu dài, không cho người nộp thấy."""
    view = procedures.give_opinion(id=id, text=body.text, actor=identity.actor_of(request))
    return tagged(response, view)


@router.post("/dossiers/{id}/return", response=DossierView, summary="Trả lại người thụ lý")
def return_to_handler(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Reason,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.return_to_handler(
        id=id,
        reason=body.reason,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/approve", response=DossierView, summary="Duyệt và ký")
def approve(
    request: HttpRequest, response: HttpResponse, id: UUID, if_match: IfMatch = ""
) -> DossierView:
    """503 khi thiết bị ký hoặc dấu thời gian không trả lời; bản thảo vẫn chờ ký."""
    view = procedures.approve(id=id, actor=identity.actor_of(request), version=version(if_match))
    return tagged(response, view)


@router.post("/approvals", response=list[Signed], summary="Ký nhiều hồ sơ")
def approve_many(request: HttpRequest, body: bodies.ApprovedMany) -> list[Signed]:
    """Mỗi hồ sơ một kết quả; một hồ sơ bị từ chối không ảnh hưởng hồ sơ khác."""
    answered = procedures.approve_many(ids=body.ids, actor=identity.actor_of(request))
    return [Signed(id=id, ok=ok, say=say) for id, ok, say in answered]


@router.post("/dossiers/{id}/seal", response=DossierView, summary="Cấp số, đóng dấu, ban hành")
def seal(
    request: HttpRequest, response: HttpResponse, id: UUID, if_match: IfMatch = ""
) -> DossierView:
    view = procedures.seal(id=id, actor=identity.actor_of(request), version=version(if_match))
    return tagged(response, view)


@router.post("/dossiers/{id}/deliver", response=DossierView, summary="Trả kết quả tại quầy")
def deliver(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Delivered,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.deliver(
        id=id,
        to_name=body.to_name,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/walk-ins", response={201: DossierView}, summary="Tiếp nhận hồ sơ giấy tại quầy")
def receive_walk_in(
    request: HttpRequest,
    response: HttpResponse,
    body: bodies.AtCounter,
    idempotency_key: IdempotencyKey,
) -> DossierView:
    """Nộp và tiếp nhận trong một việc; cùng khóa, cùng chức vụ thì cùng một hồ sơ."""
    actor = identity.actor_of(request)
    uploads.own([one.file_id for one in body.files], actor=actor)
    view = procedures.receive_walk_in(
        walk_in=WalkIn(
            procedure_code=body.procedure_code,
            applicant_personal_number=body.applicant_personal_number,
            applicant_name=body.applicant_name,
            applicant_phone=body.applicant_phone,
            values=body.values,
            files=tuple((one.component, one.file_id) for one in body.files),
        ),
        actor=actor,
        key=short_key(idempotency_key),
    )
    response["Location"] = f"/api/v1/dossiers/{view.id}"
    return tagged(response, view)
