"""Fill, save and return, add papers, submit once."""

from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from cuaso.channels.rest import answers, bodies, uploads
from cuaso.channels.rest.answers import Draft
from cuaso.channels.rest.asking import Code, IdempotencyKey, Prefer, minimal, nothing_back
from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity import api as identity
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import Submitted

router = Router(tags=["Bản nháp"])


@router.get("/drafts", response=list[Draft], summary="Bản nháp của tôi")
def mine(request: HttpRequest) -> list[Draft]:
    found = procedures.drafts(actor=identity.actor_of(request))
    return [answers.draft(view) for view in found]


@router.post("/drafts", response={201: Draft}, summary="Bắt đầu một hồ sơ")
def start(request: HttpRequest, body: bodies.Started) -> Draft:
    """Tờ khai theo thủ tục hôm nay, điền sẵn những gì tài khoản đã biết."""
    actor = identity.actor_of(request)
    return answers.draft(procedures.start_draft(code=body.procedure_code, actor=actor))


@router.get("/drafts/{id}", response=Draft, summary="Một bản nháp")
def read(request: HttpRequest, id: UUID) -> Draft:
    return answers.draft(procedures.draft(id=id, actor=identity.actor_of(request)))


@router.delete("/drafts/{id}", response={204: None}, summary="Xóa bản nháp")
def drop(request: HttpRequest, id: UUID) -> None:
    procedures.drop_draft(id=id, actor=identity.actor_of(request))


@router.put("/drafts/{id}/values", response={200: Draft, 204: None}, summary="Lưu tờ khai")
def save(
    request: HttpRequest,
    response: HttpResponse,
    id: UUID,
    body: bodies.Filled,
    prefer: Prefer = "",
) -> Draft | Status[None]:
    """Giữ mọi điều đã viết, đúng hay sai; với `complete` thì chỉ ra chỗ sai (422), vẫn giữ."""
    actor, values, complete = identity.actor_of(request), body.values, body.complete
    if minimal(prefer):
        procedures.keep_values(id=id, values=values, complete=complete, actor=actor)
        return nothing_back(response)
    saved = procedures.save_draft(id=id, values=values, complete=complete, actor=actor)
    return answers.draft(saved)


@router.post("/drafts/{id}/groups/{group}", response=Draft, summary="Thêm một dòng của nhóm")
def add_row(request: HttpRequest, id: UUID, group: Code) -> Draft:
    changed = procedures.change_group(
        id=id, group=group, change="add", actor=identity.actor_of(request)
    )
    return answers.draft(changed)


@router.delete("/drafts/{id}/groups/{group}", response=Draft, summary="Bỏ một dòng của nhóm")
def remove_row(
    request: HttpRequest, id: UUID, group: Code, index: Annotated[int, Query(ge=0, le=999)]
) -> Draft:
    changed = procedures.change_group(
        id=id, group=group, change="remove", index=index, actor=identity.actor_of(request)
    )
    return answers.draft(changed)


@router.post("/drafts/{id}/papers", response={200: Draft, 204: None}, summary="Tải một giấy tờ lên")
@decorate_view(uploads.no_more_than(uploads.LIMIT_BYTES))
def attach(
    request: HttpRequest,
    response: HttpResponse,
    *,
    id: UUID,
    component: Form[Code],
    file: File[UploadedFile],
    prefer: Prefer = "",
) -> Draft | Status[None]:
    """Một tệp PDF hoặc ảnh cho một thành phần hồ sơ (multipart/form-data)."""
    actor = identity.actor_of(request)
    if minimal(prefer):
        with transaction.atomic(), audit.gathered():
            stored = uploads.store(file, actor=actor)
            procedures.keep_paper(id=id, component=component, stored=stored, actor=actor)
        return nothing_back(response)
    with transaction.atomic():
        stored = uploads.store(file, actor=actor)
        view = procedures.attach(id=id, component=component, file_id=stored.id, actor=actor)
    return answers.draft(view)


@router.post("/drafts/{id}/papers/from-upload", response=Draft, summary="Dùng tệp đã tải lên")
def attach_upload(request: HttpRequest, id: UUID, body: bodies.FromUpload) -> Draft:
    """Tệp đã gửi từng phần qua /uploads hoặc qua /files."""
    actor = identity.actor_of(request)
    uploads.own((body.file_id,), actor=actor)
    view = procedures.attach(id=id, component=body.component, file_id=body.file_id, actor=actor)
    return answers.draft(view)


@router.post("/drafts/{id}/papers/from-locker", response=Draft, summary="Dùng giấy tờ trong kho")
def attach_from_locker(request: HttpRequest, id: UUID, body: bodies.FromLocker) -> Draft:
    view = procedures.attach_from_locker(
        id=id,
        component=body.component,
        paper_id=body.paper_id,
        actor=identity.actor_of(request),
    )
    return answers.draft(view)


@router.delete("/drafts/{id}/papers/{paper_id}", response=Draft, summary="Bỏ một giấy tờ")
def detach(request: HttpRequest, id: UUID, paper_id: UUID) -> Draft:
    view = procedures.detach(id=id, paper_id=paper_id, actor=identity.actor_of(request))
    return answers.draft(view)


@router.post("/drafts/{id}/prefill", response=Draft, summary="Lấy dữ liệu dân cư")
def prefill(request: HttpRequest, id: UUID, body: bodies.Consented) -> Draft:
    """Chỉ khi bạn đồng ý; 503 khi cơ sở dữ liệu dân cư không trả lời, bản nháp vẫn còn."""
    view = procedures.prefill(id=id, consent=body.consent, actor=identity.actor_of(request))
    return answers.draft(view)


@router.post("/drafts/{id}/submit", response={201: Submitted}, summary="Nộp hồ sơ")
def submit(
    request: HttpRequest, response: HttpResponse, id: UUID, idempotency_key: IdempotencyKey
) -> Submitted:
    """Gửi lại bao nhiêu lần cũng chỉ có một hồ sơ và một mã tra cứu."""
    receipt = procedures.submit(id=id, key=idempotency_key, actor=identity.actor_of(request))
    response["Location"] = f"/api/v1/dossiers/{receipt.dossier_id}"
    return receipt
