"""One view for all of SCIM: know the system by its token, hand the request to scim2-server."""

import json
from functools import lru_cache
from http import HTTPStatus
from typing import Final

import structlog
from django.conf import settings
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from scim2_models import (
    InvalidValueException,
    PayloadTooLargeException,
    SCIMException,
    UnauthorizedException,
)
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation

from cuaso.capabilities.provisioning import api as provisioning
from cuaso.capabilities.provisioning import contracts
from cuaso.channels.rest import tries
from cuaso.channels.rest.scim.patching import PatchingService
from cuaso.channels.rest.scim.schemas import MOST_BYTES, PROVIDER
from cuaso.channels.rest.scim.spelling import usual
from cuaso.channels.rest.scim.storage import EntryStorage, as_scim
from cuaso.foundation.identity import api as identity
from cuaso.kernel.errors import NotAllowed, Refusal, TooMany

SCOPE: Final = "scim"
log = structlog.get_logger("cuaso.scim")
_READING: Final = frozenset(
    {
        Operation.query,
        Operation.search,
        Operation.search_with_body,
        Operation.resource_types,
        Operation.resource_type,
        Operation.schemas,
        Operation.schema,
    }
)


@lru_cache(maxsize=1)
def _service() -> PatchingService:
    return PatchingService(PROVIDER, secret=settings.SECRET_KEY)


def scim(request: HttpRequest, path: str) -> HttpResponse:
    """Answer a SCIM request (RFC 7644). Every request but for the configuration shows a token."""
    service, asked = _service(), _read(request, path)
    try:
        response = _serve(service, request, asked)
    except Refusal as refusal:
        response = _refused(service, refusal)
    except SCIMException as error:
        response = service.error_response(error)
    except DataError:
        # A character or a number that PostgreSQL does not hold.
        response = service.error_response(
            InvalidValueException(detail="Có ký tự hoặc giá trị không lưu được.")
        )
    return _written(response, asked)


def _serve(service: PatchingService, request: HttpRequest, asked: ScimRequest) -> ScimResponse:
    operation = service.match(asked).operation
    if operation is Operation.service_provider_config:
        return service.service_provider_config(asked.url, asked.query)
    system = system_of(request)
    if operation not in _READING and not system.may_write:
        raise NotAllowed(
            code="provisioning.reads_only",
            what="Hệ thống này chỉ được đọc danh bạ.",
            mend="Hãy đề nghị quản trị viên cấp mã truy cập có quyền ghi.",
        )
    asked.body = usual(_body(request), method=asked.method, path=asked.path)
    storage = EntryStorage(system, trace=str(getattr(request, "trace_id", "")))
    return _in_one_transaction(ScimHandler(service, storage), asked)


def _in_one_transaction(handler: ScimHandler, asked: ScimRequest) -> ScimResponse:
    """One request is one transaction; the operations of a bulk request keep their own outcome."""
    with transaction.atomic():
        return handler.handle(asked)


def system_of(request: HttpRequest) -> contracts.System:
    """Return the system whose token came. Raises UnauthorizedException, or the refusal of a client
    that the directory is not open to.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip().startswith(provisioning.OURS_BEGIN_WITH):
        known = provisioning.system_of_token(token.strip())
    else:
        known = _system_of_provider(request) if token else None
    if known is None:
        if token:
            tries.spend(request, action="scim")
        raise UnauthorizedException(
            detail="Thiếu mã truy cập, hoặc mã truy cập đã hết hạn. Hãy gửi tiêu đề Authorization: "
            "Bearer kèm mã mà quản trị viên đã cấp."
        )
    return known


def _system_of_provider(request: HttpRequest) -> contracts.System | None:
    """Return the system whose own token of our OpenID provider this is, with the scope of SCIM."""
    try:
        calling = identity.calling_system(request, scope=SCOPE)
    except NotAllowed as refusal:
        if refusal.status != HTTPStatus.UNAUTHORIZED:
            raise
        return None
    known = provisioning.system_of_client(calling.client_id)
    if known is None:
        raise NotAllowed(
            code="provisioning.client_not_open",
            what="Hệ thống này chưa được mở danh bạ.",
            mend="Hãy đề nghị quản trị viên mở danh bạ cho mã hệ thống này.",
        )
    return known


def answer_refusal(error: Refusal | SCIMException) -> HttpResponse:
    """Return a refusal in SCIM's words."""
    response = (
        _refused(_service(), error)
        if isinstance(error, Refusal)
        else _service().error_response(error)
    )
    return HttpResponse(
        json.dumps(response.body).encode(), status=response.status, headers=response.headers
    )


def _refused(service: PatchingService, refusal: Refusal) -> ScimResponse:
    if isinstance(refusal, TooMany):
        error = SCIMException(detail=str(refusal))
        error.status = HTTPStatus.TOO_MANY_REQUESTS
        return service.error_response(error)
    return service.error_response(as_scim(refusal))


def _read(request: HttpRequest, path: str) -> ScimRequest:
    root = request.build_absolute_uri(reverse("scim:root")).rstrip("/")
    return ScimRequest(
        method=request.method or "GET",
        base_url=root,
        path=f"/{path}".removesuffix(".scim"),
        query=request.GET.dict(),
        headers=dict(request.headers),
    )


def _body(request: HttpRequest) -> bytes:
    size = int(request.headers.get("Content-Length") or 0)
    if size > MOST_BYTES:
        raise PayloadTooLargeException(detail=f"Thân yêu cầu dài quá {MOST_BYTES} byte.")
    return request.body


def _written(response: ScimResponse, asked: ScimRequest) -> HttpResponse:
    body = b"" if response.body is None else json.dumps(response.body).encode()
    headers = {"Location": asked.url, "Cache-Control": "no-store", **response.headers}
    return HttpResponse(body, status=response.status, headers=headers)
