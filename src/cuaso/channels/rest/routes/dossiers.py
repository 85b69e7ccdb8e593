"""Follow one's dossiers, answer what the agency asks, withdraw; read papers and the result."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query, Router, Status

from cuaso.channels.rest import answers, bodies, tries, uploads
from cuaso.channels.rest.asking import (
    Code,
    Cursor,
    Prefer,
    Purpose,
    minimal,
    tagged,
    tagged_only,
)
from cuaso.foundation.identity import api as identity
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierPage, DossierView, TrackView

router = Router(tags=["Hồ sơ"])


@router.get("/dossiers", response=DossierPage, summary="Hồ sơ của tôi")
def mine(
    request: HttpRequest, cursor: Cursor = "", limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> DossierPage:
    return procedures.my_dossiers(actor=identity.actor_of(request), cursor=cursor, limit=limit)


@router.get("/dossiers/{id}", response=DossierView, summary="Một hồ sơ")
def one(
    request: HttpRequest, response: HttpResponse, id: UUID, purpose: Purpose = ""
) -> DossierView:
    """`acts` là những việc bạn làm được ngay; ETag là phiên bản để gửi trong If-Match."""
    view = procedures.dossier(id=id, actor=identity.actor_of(request), purpose=purpose)
    return tagged(response, view)


@router.get("/dossiers/by-code/{code}", response=DossierView, summary="Một hồ sơ theo mã")
def by_code(
    request: HttpRequest, response: HttpResponse, code: Code, purpose: Purpose = ""
) -> DossierView:
    """Theo mã tra cứu hoặc mã hồ sơ, khi đã đăng nhập."""
    view = procedures.dossier(id=code, actor=identity.actor_of(request), purpose=purpose)
    return tagged(response, view)


@router.post("/tracking", response=TrackView, auth=None, summary="Tra cứu công khai")
def track(request: HttpRequest, body: bodies.Tracked) -> TrackView:
    """Không cần đăng nhập; mã sai và số sai được trả lời như nhau; số lần thử có giới hạn."""
    tries.spend(request, action="track", target=body.code)
    return procedures.track(code=body.code, second_fact=body.second_fact)


@router.post("/dossiers/{id}/supplement", response=DossierView, summary="Bổ sung hồ sơ")
def supplement(
    request: HttpRequest, response: HttpResponse, id: UUID, body: bodies.Supplemented
) -> DossierView:
    """Trả lời yêu cầu bổ sung bằng tệp bạn đã tải lên, mục sửa lại, hoặc lời nhắn."""
    actor = identity.actor_of(request)
    uploads.own([one.file_id for one in body.files], actor=actor)
    view = procedures.supplement(
        id=id,
        note=body.note,
        files=[(one.component, one.file_id) for one in body.files],
        values=body.values,
        actor=actor,
    )
    return tagged(response, view)


@router.post(
    "/dossiers/{id}/confirm",
    response={200: DossierView, 204: None},
    summary="Xác nhận bản thảo",
)
def confirm(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Confirmed,
    prefer: Prefer = "",
) -> DossierView | Status[None]:
    """Bản thảo kết quả đã đúng, hoặc chưa đúng ở đâu."""
    act = procedures.confirm_draft.briefly if minimal(prefer) else procedures.confirm_draft
    done = act(id=id, accepted=body.accepted, note=body.note, actor=identity.actor_of(request))
    return tagged(response, done) if isinstance(done, DossierView) else tagged_only(response, done)


@router.post("/dossiers/{id}/withdraw", response=DossierView, summary="Rút hồ sơ")
def withdraw(
    request: HttpRequest, response: HttpResponse, id: UUID, body: bodies.Reason
) -> DossierView:
    view = procedures.withdraw(id=id, reason=body.reason, actor=identity.actor_of(request))
    return tagged(response, view)


@router.get(
    "/dossiers/{id}/papers/{paper_id}/content",
    summary="Nội dung một giấy tờ",
    openapi_extra=answers.DOCUMENT,
)
def paper(
    request: HttpRequest, id: UUID, paper_id: UUID, purpose: Purpose = ""
) -> HttpResponseBase:
    """Chỉ mở tệp đã quét sạch."""
    content = procedures.paper_content(
        dossier_id=id, paper_id=paper_id, actor=identity.actor_of(request), purpose=purpose
    )
    return answers.document(content)


@router.get("/dossiers/{id}/result", summary="Kết quả", openapi_extra=answers.DOCUMENT)
def result(request: HttpRequest, id: UUID, purpose: Purpose = "") -> HttpResponseBase:
    content = procedures.result_content(
        dossier_id=id, actor=identity.actor_of(request), purpose=purpose
    )
    return answers.document(content)


@router.get("/dossiers/{id}/draft-result", summary="Bản thảo", openapi_extra=answers.DOCUMENT)
def draft_result(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """Kết quả đến lúc này: cho cán bộ, và cho người xác nhận bản thảo."""
    content = procedures.draft_result_content(dossier_id=id, actor=identity.actor_of(request))
    return answers.document(content)


@router.get(
    "/dossiers/{id}/limit-cases",
    response=list[procedures.LimitCaseView],
    summary="Các trường hợp thời hạn",
)
def limit_cases(
    request: HttpRequest, id: UUID, purpose: Purpose = ""
) -> list[procedures.LimitCaseView]:
    """Mà thủ tục của hồ sơ quy định, trường hợp thông thường trước; rỗng khi chỉ có một."""
    actor = identity.actor_of(request)
    return list(procedures.limit_cases(id=id, actor=actor, purpose=purpose))


@router.get(
    "/dossiers/{id}/records-foreseen",
    response=list[procedures.RecordForeseen],
    summary="Sẽ ghi gì vào sổ",
)
def records_foreseen(request: HttpRequest, id: UUID) -> list[procedures.RecordForeseen]:
    """Bản ghi mà kết quả sẽ ghi khi đóng dấu, và điều sổ sẽ từ chối; cho người đang có việc."""
    return list(procedures.records_foreseen(id=id, actor=identity.actor_of(request)))


@router.get("/dossiers/{id}/forms/{form}", summary="Mẫu theo luật", openapi_extra=answers.DOCUMENT)
def form(
    request: HttpRequest,
    id: UUID,
    form: Literal[
        "receipt", "supplement", "refusal", "apology", "case_notice", "stop_notice", "control_sheet"
    ],
) -> HttpResponseBase:
    """Giấy tiếp nhận, phiếu bổ sung, từ chối, xin lỗi, dừng, hoặc phiếu kiểm soát, bằng PDF."""
    content = procedures.form_content(dossier_id=id, form=form, actor=identity.actor_of(request))
    return answers.document(content)
