"""Send files: at once, or in parts that survive a broken line."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Header, Router, Schema
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from cuaso.channels.rest import bodies, uploads
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import PAPERS, ScannerStatus, StoredFile, Upload
from cuaso.foundation.identity import api as identity

router = Router(tags=["Tệp"])
PART = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Limits(Schema):
    """Hệ thống nhận tệp nào, lớn đến đâu, và có quét mã độc không."""

    limit_bytes: int
    media_types: list[str]
    signature_check_limit_bytes: int
    scanner: ScannerStatus


@router.get("/files/limits", response=Limits, auth=None, summary="Giới hạn của tệp")
def limits(request: HttpRequest) -> dict[str, object]:
    del request
    return {
        "limit_bytes": uploads.LIMIT_BYTES,
        "media_types": sorted(PAPERS),
        "signature_check_limit_bytes": uploads.PDF_LIMIT_BYTES,
        "scanner": files.scanner_status(),
    }


@router.post("/files", response={201: StoredFile}, summary="Tải một tệp lên")
@decorate_view(uploads.no_more_than(uploads.LIMIT_BYTES))
def store(request: HttpRequest, file: File[UploadedFile]) -> StoredFile:
    """Nội dung tệp quyết định loại của nó; tệp được quét mã độc trước khi cán bộ mở."""
    return uploads.store(file, actor=identity.actor_of(request))


@router.post("/files/photos-to-pdf", response={201: StoredFile}, summary="Ghép ảnh thành PDF")
def photos_to_pdf(request: HttpRequest, body: bodies.Photos) -> StoredFile:
    """Các ảnh chụp của một giấy tờ, theo thứ tự trang."""
    actor = identity.actor_of(request)
    uploads.own(body.file_ids, actor=actor)
    return files.photos_to_pdf(body.file_ids, actor, name=body.name, owner_id=actor.person_id)


@router.get("/files/{id}", response=StoredFile, summary="Tình trạng một tệp của tôi")
def info(request: HttpRequest, id: UUID) -> StoredFile:
    return uploads.own((id,), actor=identity.actor_of(request))[0]


@router.post("/uploads", response={201: Upload}, summary="Bắt đầu gửi từng phần")
def begin(request: HttpRequest, body: bodies.Begun) -> Upload:
    """Giữ được một ngày."""
    actor = identity.actor_of(request)
    return files.begin(
        actor=actor,
        name=body.name,
        declared_type=body.media_type,
        size=body.size,
        limit_bytes=uploads.LIMIT_BYTES,
        allowed=PAPERS,
        owner_id=actor.person_id,
    )


@router.get("/uploads/{id}", response=Upload, summary="Đã nhận đến đâu")
def received(request: HttpRequest, id: UUID) -> Upload:
    return files.upload(actor=identity.actor_of(request), upload_id=id)


@router.patch("/uploads/{id}", response=Upload, summary="Gửi một phần", openapi_extra=PART)
@decorate_view(uploads.no_more_than(uploads.LIMIT_BYTES))
def append(
    request: HttpRequest,
    id: UUID,
    upload_offset: Annotated[
        int,
        Header(
            alias="Upload-Offset", ge=0, le=2**40, description="Vị trí bắt đầu, tính bằng byte."
        ),
    ],
) -> Upload:
    """Phần sau nối đúng phần trước; sai vị trí thì 409 và `data.expected` nói vị trí đúng."""
    return files.append(
        actor=identity.actor_of(request),
        upload_id=id,
        offset=upload_offset,
        chunks=uploads.pieces(request),
    )


@router.post("/uploads/{id}/finish", response=StoredFile, summary="Gửi xong")
def finish(request: HttpRequest, id: UUID) -> StoredFile:
    """Gọi lại thì nhận lại cùng một tệp."""
    return files.finish(actor=identity.actor_of(request), upload_id=id)
