"""What the portal reads: a receipt, or why its message was not taken."""

import logging
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Refusal
from cuaso.services.national_portal.contracts import Receipt

RETRY_SECONDS = 120
UNAVAILABLE = 503
UNICODE = {"ensure_ascii": False}
View = Callable[..., HttpResponse]
log = logging.getLogger("django.request")


def receipt(given: Receipt) -> JsonResponse:
    told = {
        "code": given.code,
        "tracking_code": given.tracking_code,
        "status": given.status,
        "at": given.at.astimezone(clock.VIETNAM).isoformat(),
    }
    return JsonResponse(told, json_dumps_params=UNICODE)


def door(view: View) -> View:
    """Let a machine post without a session, and answer every refusal as JSON."""

    @wraps(view)
    def answering(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            return view(request, **parts)
        except Refusal as refusal:
            return refused(refusal)
        except RequestDataTooBig:
            return refused(too_large())
        except UnreadablePostError:
            return refused(_cut_off())
        except Exception:
            log.exception("national portal: %s", request.path)
            return refused(_broken())

    return csrf_exempt(never_cache(require_POST(answering)))


def refused(refusal: Refusal) -> JsonResponse:
    told = {
        "code": refusal.code,
        "error": refusal.what,
        "detail": " ".join(part for part in (refusal.why, refusal.mend) if part),
        "problems": [{"field": one.field, "say": one.say} for one in refusal.problems],
    }
    response = JsonResponse(told, status=refusal.status, json_dumps_params=UNICODE)
    if refusal.status == UNAVAILABLE:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def too_large() -> Refusal:
    return Invalid(
        code="national.too_large",
        what="Thông điệp quá lớn.",
        mend="Hãy gửi tệp bằng địa chỉ để tải về, không gửi kèm nội dung.",
        status=413,
    )


def _cut_off() -> Refusal:
    return Invalid(
        code="national.cut_off", what="Thông điệp không tới đủ.", mend="Hãy gửi lại.", status=400
    )


def _broken() -> Refusal:
    return Refusal(
        code="national.broken",
        what="Hệ thống gặp lỗi; lỗi đã được ghi lại.",
        mend="Hãy gửi lại sau ít phút.",
        status=500,
    )
