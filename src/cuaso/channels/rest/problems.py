"""A refusal as RFC 9457 says it: `application/problem+json`."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as UnfitForTheDatabase
from django.core.serializers.json import DjangoJSONEncoder
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    RawPostDataException,
    UnreadablePostError,
)
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from cuaso.channels.design.sentences import spoken_refusal
from cuaso.channels.rest import mistakes
from cuaso.foundation.identity import api as identity
from cuaso.kernel import disks
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Refusal

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:cuaso:problem:"
ACTED_MEANWHILE = frozenset({"procedures.acted_meanwhile", "registries.changed_meanwhile"})
RETRY_SECONDS = {429: 600, 503: 120}
log = logging.getLogger("django.request")

EXAMPLE: dict[str, Any] = {
    "type": "urn:cuaso:problem:procedures.draft_incomplete",
    "code": "procedures.draft_incomplete",
    "title": "Hồ sơ còn 1 chỗ cần sửa trước khi nộp.",
    "status": 422,
    "detail": "Những gì đã điền vẫn được giữ. Hãy sửa từng chỗ được nêu rồi nộp lại.",
    "instance": "/api/v1/drafts/0192f0c1-2d7e-7c4a-9b1e-0a5f3a9d7c11/submit",
    "problems": [{"field": "papers.birth_notice", "say": "Thiếu giấy tờ: Giấy chứng sinh."}],
}


class FieldProblem(Schema):
    """Một chỗ cần sửa; `field` là đường dẫn của mục, rỗng nếu là cả yêu cầu."""

    field: str
    say: str


class Problem(Schema):
    """Vì sao yêu cầu không được thực hiện. Không có gì thay đổi (RFC 9457)."""

    model_config = {"json_schema_extra": {"examples": [EXAMPLE]}}

    type: str = Field(description="URN của mã lỗi.")
    code: str = Field(description="Mã lỗi, không đổi theo ngôn ngữ.")
    title: str = Field(description="Việc gì không làm được.")
    status: int
    detail: str = Field(description="Vì sao, và cần làm gì.")
    instance: str = Field(description="Địa chỉ của yêu cầu.")
    trace: str = Field("", description="Mã vết để hỏi người vận hành.")
    problems: list[FieldProblem] = []
    data: dict[str, Any] = {}


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return a refusal as a problem, under its status, in the language that was asked for.

    A chosen language (the cookie) comes first, then the programs' Accept-Language; the code is
    the same in each.
    """
    language = get_language_from_request(request)
    with translation.override(language):
        response = _problem(request, spoken_refusal(refusal))
    response["Content-Language"] = language
    patch_vary_headers(response, ("Accept-Language",))
    return response


def _problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    status = 412 if refusal.code in ACTED_MEANWHILE else refusal.status
    said = {
        "type": TYPE + refusal.code,
        "code": refusal.code,
        "title": refusal.what,
        "status": status,
        "detail": " ".join(part for part in (refusal.why, refusal.mend) if part),
        "instance": request.path,
        "trace": identity.actor_of(request).trace,
        "problems": [{"field": one.field, "say": one.say} for one in refusal.problems],
        "data": dict(refusal.data),
    }
    content = json.dumps(said, ensure_ascii=False, cls=DjangoJSONEncoder)
    response = HttpResponse(content, status=status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Session realm="cuaso"'
    if seconds := RETRY_SECONDS.get(status):
        response["Retry-After"] = str(seconds)
    return response


@dataclass(kw_only=True)
class Unheard(Refusal):
    """The request itself could not be read or tied to an address; `status` says how."""

    status: int = 400


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return answer(request, refusal)


def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer input of the wrong shape. An address that does not parse names nothing: 404."""
    if any(one["loc"][0] == "path" for one in error.errors):
        return missing(request)
    return answer(request, mistakes.refusal(error.errors))


def unfit_inside(request: HttpRequest, error: UnfitForTheDatabase) -> HttpResponse:
    """Answer a value that the database's field types refuse, such as an invented cursor."""
    del error
    refusal = Invalid(
        code="rest.value_unfit",
        what="Yêu cầu có giá trị không dùng được.",
        mend="Hãy dùng đúng những giá trị mà hệ thống đã trả về.",
    )
    return answer(request, refusal)


def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    del error
    refusal = Unheard(
        code="rest.not_signed_in",
        what="Chưa đăng nhập.",
        why="Việc này cần biết ai đang làm, với tư cách nào.",
        mend="Hãy đăng nhập tại cổng rồi gửi kèm cookie phiên.",
        status=401,
    )
    return answer(request, refusal)


def unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a body that is not what its type says."""
    status = error.status_code if isinstance(error, HttpError) else 400
    refusal = Unheard(
        code="rest.body_unreadable",
        what="Không đọc được nội dung gửi lên.",
        why="Nội dung không phải JSON hoặc biểu mẫu đúng cú pháp, hoặc có ký tự không in được.",
        mend="Hãy gửi JSON mã hóa UTF-8, hoặc multipart/form-data khi tải tệp lên.",
        status=status,
    )
    return answer(request, refusal)


def too_big(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    del error
    refusal = Unheard(
        code="rest.body_too_large",
        what="Nội dung gửi lên quá lớn.",
        mend="Hãy gửi tệp nhỏ hơn, hoặc gửi từng phần qua /uploads.",
        status=413,
    )
    return answer(request, refusal)


def wrong_kind(request: HttpRequest, error: RawPostDataException) -> HttpResponse:
    del error
    refusal = Unheard(
        code="rest.body_of_wrong_kind",
        what="Địa chỉ này không nhận loại nội dung đã gửi.",
        mend="Hãy gửi application/json.",
        status=415,
    )
    return answer(request, refusal)


def missing(request: HttpRequest, error: Http404 | None = None) -> HttpResponse:
    del error
    refusal = NotFound(
        code="rest.no_such_address",
        what="Không có địa chỉ này.",
        why=f"Không có gì tại “{request.path}”.",
        mend="Hãy xem danh sách địa chỉ tại /api/v1/docs.",
    )
    return answer(request, refusal)


def not_allowed_here(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Answer a method that an address does not know; the methods that it knows stay named."""
    refusal = Unheard(
        code="rest.method_unknown",
        what=f"Địa chỉ này không nhận phương thức {request.method}.",
        mend=f"Hãy dùng {response['Allow']}.",
        status=405,
    )
    said = answer(request, refusal)
    said["Allow"] = response["Allow"]
    return said


def forged() -> NotAllowed:
    """Return the refusal of a writing request that no page of this session made."""
    return NotAllowed(
        code="rest.csrf",
        what="Yêu cầu chưa được nhận.",
        why="Thiếu mã chống giả mạo của phiên, hoặc mã đã cũ.",
        mend="Hãy lấy csrf_token tại GET /api/v1/me và gửi lại trong đầu mục X-CSRFToken.",
    )


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a fault of ours; the log keeps all of it, the answer nothing."""
    log.error("Internal Server Error: %s", request.path, exc_info=error)
    if disks.is_full(error):
        return answer(request, disks.full())
    refusal = Unheard(
        code="rest.broken",
        what="Hệ thống gặp lỗi.",
        why="Lỗi đã được ghi lại. Những gì đã lưu trước đó vẫn còn.",
        mend="Hãy thử lại sau ít phút; nếu vẫn lỗi, hãy báo mã vết cho người vận hành.",
        status=500,
    )
    return answer(request, refusal)


HANDLERS: tuple[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]], ...] = (
    (Refusal, refused),
    (ValidationError, unfit),
    (UnfitForTheDatabase, unfit_inside),
    (AuthenticationError, not_signed_in),
    (HttpError, unreadable),
    (MultiPartParserError, unreadable),
    (SuspiciousOperation, unreadable),
    (BadRequest, unreadable),
    (UnreadablePostError, unreadable),
    (RequestDataTooBig, too_big),
    (RawPostDataException, wrong_kind),
    (Http404, missing),
    (Exception, broken),
)
