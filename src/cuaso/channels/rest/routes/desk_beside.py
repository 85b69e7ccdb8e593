"""The acts beside the step at hand: the clock, the way, the result that was issued, the people."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema

from cuaso.channels.rest import bodies
from cuaso.channels.rest.asking import IfMatch, tagged, version
from cuaso.channels.rest.routes.desk import Choice, Signed
from cuaso.foundation.identity import api as identity
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView

router = Router(tags=["Bàn làm việc"])
Act = Annotated[Literal["pause", "stop", "revoke"], Path(description="Việc cần căn cứ.")]


class Ground(Schema):
    """Một căn cứ đã khai báo; `unverified` khi chưa đọc văn bản gốc."""

    code: str
    label: str
    label_en: str
    source: str
    unverified: bool


class Standing(Schema):
    """Một lần vắng mặt và người thay, đến hết `until_date`."""

    id: UUID
    post_id: UUID
    absent_name: str
    deputy_post_id: UUID
    deputy_name: str
    from_date: date
    until_date: date
    reason: str
    in_force: bool


@router.get("/grounds/{act}", response=list[Ground], summary="Căn cứ của một việc")
def grounds(request: HttpRequest, act: Act) -> Sequence[object]:
    identity.actor_of(request)
    return procedures.grounds(act=act)


@router.post("/dossiers/{id}/extend", response=DossierView, summary="Gia hạn và xin lỗi")
def extend(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Extended,
    if_match: IfMatch = "",
) -> DossierView:
    """Người nộp nhận lời xin lỗi và ngày hẹn mới; số lần theo quy định của ngày tiếp nhận."""
    view = procedures.extend(
        id=id,
        reason=body.reason,
        until=body.until,
        added=body.added,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/pause", response=DossierView, summary="Tạm dừng tính thời hạn")
def pause(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Paused,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.pause(
        id=id,
        ground=body.ground,
        document=body.document,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/resume", response=DossierView, summary="Tính tiếp thời hạn")
def resume(
    request: HttpRequest, response: HttpResponse, id: UUID, if_match: IfMatch = ""
) -> DossierView:
    view = procedures.resume(id=id, actor=identity.actor_of(request), version=version(if_match))
    return tagged(response, view)


@router.post("/dossiers/{id}/stop", response=DossierView, summary="Dừng giải quyết")
def stop(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Grounded,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.stop(
        id=id,
        reason=body.reason,
        ground=body.ground,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.get(
    "/dossiers/{id}/destinations", response=list[Choice], summary="Có thể chuyển đến cơ quan nào"
)
def destinations(request: HttpRequest, id: UUID) -> list[Choice]:
    found = procedures.transferable(id=id, actor=identity.actor_of(request))
    return [Choice(id=agency_id, label=name) for agency_id, name in found]


@router.post("/dossiers/{id}/transfer", response=DossierView, summary="Chuyển cơ quan")
def transfer(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Transferred,
    if_match: IfMatch = "",
) -> DossierView:
    """Ngày hẹn trả không đổi; nơi đã tiếp nhận giữ nguyên."""
    view = procedures.transfer(
        id=id,
        agency_id=body.agency_id,
        reason=body.reason,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/hand-back", response=DossierView, summary="Chuyển trả hồ sơ")
def hand_back(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Reason,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.hand_back(
        id=id,
        reason=body.reason,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/edit-draft", response=DossierView, summary="Sửa dự thảo kết quả")
def edit_draft(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Proposed,
    if_match: IfMatch = "",
) -> DossierView:
    """Trước khi ký, và trước khi người nộp đã xác nhận."""
    view = procedures.edit_draft(
        id=id,
        values=body.values,
        note=body.note,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/correct-result", response=DossierView, summary="Đính chính kết quả")
def correct_result(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Corrected,
    if_match: IfMatch = "",
) -> DossierView:
    """Bản cũ có giá trị đến khi bản mới được ký, cấp số, đóng dấu."""
    view = procedures.correct_result(
        id=id,
        values=body.values,
        reason=body.reason,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/revoke-result", response=DossierView, summary="Thu hồi kết quả")
def revoke_result(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Grounded,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.revoke_result(
        id=id,
        reason=body.reason,
        ground=body.ground,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/dossiers/{id}/delegate", response=DossierView, summary="Uỷ quyền xử lý việc")
def delegate(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Delegated,
    if_match: IfMatch = "",
) -> DossierView:
    view = procedures.delegate(
        id=id,
        post_id=body.post_id,
        note=body.note,
        actor=identity.actor_of(request),
        version=version(if_match),
    )
    return tagged(response, view)


@router.post("/reassignments", response=list[Signed], summary="Phân công lại nhiều hồ sơ")
def reassign(request: HttpRequest, body: bodies.Reassigned) -> list[Signed]:
    """Mỗi hồ sơ một kết quả; một hồ sơ bị từ chối không ảnh hưởng hồ sơ khác."""
    told = procedures.reassign(
        ids=body.ids,
        post_id=body.post_id,
        reason=body.reason,
        actor=identity.actor_of(request),
    )
    return [Signed(id=id, ok=ok, say=say) for id, ok, say in told]


@router.get("/deputies", response=list[Standing], summary="Ai đang thay ai")
def deputies(request: HttpRequest) -> Sequence[object]:
    return procedures.deputies(actor=identity.actor_of(request))


@router.post("/deputies", response={201: Standing}, summary="Cử người thay khi vắng mặt")
def set_deputy(request: HttpRequest, body: bodies.Deputised) -> object:
    return procedures.set_deputy(
        post_id=body.post_id,
        deputy_post_id=body.deputy_post_id,
        since=body.since,
        until=body.until,
        reason=body.reason,
        actor=identity.actor_of(request),
    )


@router.delete("/deputies/{id}", response=Standing, summary="Kết thúc lần cử người thay")
def end_deputy(request: HttpRequest, id: UUID) -> object:
    return procedures.end_deputy(id=id, actor=identity.actor_of(request))
