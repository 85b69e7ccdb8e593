"""The desk of officials: their queue, what an act chooses from, several dossiers at once."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema

from cuaso.channels.rest import bodies, uploads
from cuaso.channels.rest.asking import Cursor, IdempotencyKey, short_key, tagged
from cuaso.foundation.identity import api as identity
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierPage, DossierView, WalkIn

router = Router(tags=["Bàn làm việc"])
View = Literal["mine", "late", "soon", "waiting", "done", "all"]
Act = Annotated[Literal["pause", "stop", "revoke"], Path(description="Việc cần căn cứ.")]


class Choice(Schema):
    """Một lựa chọn: mã và tên."""

    id: UUID
    label: str


class Signed(Schema):
    """Kết quả ký của một hồ sơ trong nhiều hồ sơ."""

    id: UUID
    ok: bool
    say: str


class Ground(Schema):
    """Một căn cứ đã khai báo; `unverified` khi chưa đọc văn bản gốc."""

    code: str
    label: str
    label_en: str
    source: str
    unverified: bool


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


@router.get("/dossiers/{id}/colleagues", response=list[Choice], summary="Có thể giao cho ai")
def colleagues(request: HttpRequest, id: UUID) -> list[Choice]:
    found = procedures.colleagues(id=id, actor=identity.actor_of(request))
    return [Choice(id=post_id, label=label) for post_id, label in found]


@router.get("/dossiers/{id}/agencies", response=list[Choice], summary="Có thể hỏi cơ quan nào")
def agencies(request: HttpRequest, id: UUID) -> list[Choice]:
    found = procedures.consultable_agencies(id=id, actor=identity.actor_of(request))
    return [Choice(id=agency_id, label=name) for agency_id, name in found]


@router.get(
    "/dossiers/{id}/destinations", response=list[Choice], summary="Có thể chuyển đến cơ quan nào"
)
def destinations(request: HttpRequest, id: UUID) -> list[Choice]:
    found = procedures.transferable(id=id, actor=identity.actor_of(request))
    return [Choice(id=agency_id, label=name) for agency_id, name in found]


@router.get("/grounds/{act}", response=list[Ground], summary="Căn cứ của một việc")
def grounds(request: HttpRequest, act: Act) -> Sequence[object]:
    identity.actor_of(request)
    return procedures.grounds(act=act)


@router.post("/approvals", response=list[Signed], summary="Ký nhiều hồ sơ")
def approve_many(request: HttpRequest, body: bodies.ApprovedMany) -> list[Signed]:
    """Mỗi hồ sơ một kết quả; một hồ sơ bị từ chối không ảnh hưởng hồ sơ khác."""
    answered = procedures.approve_many(ids=body.ids, actor=identity.actor_of(request))
    return [Signed(id=id, ok=ok, say=say) for id, ok, say in answered]


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
