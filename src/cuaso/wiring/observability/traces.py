"""One id follows an act: from the request's header through logs, ledger and jobs."""

import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from cuaso.kernel.identifiers import new_id
from cuaso.kernel.remembering import one_moment
from cuaso.wiring.observability import measures

HEADER = "X-Request-ID"
# What we take over from a proxy: nothing that could break a log line or a header.
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
SILENT = frozenset({"healthz", "readyz", "metrics"})

log = structlog.get_logger("cuaso.web")


class TraceMiddleware:
    """Give each request a trace id (`request.trace_id`), log its outcome and measure it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trace = _trace_of(request)
        request.trace_id = trace  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(trace=trace)
        began = time.perf_counter()
        with one_moment():
            response = self._get_response(request)
        seconds = time.perf_counter() - began
        response.headers[HEADER] = trace
        view = _view_name(request)
        measures.observe_request(
            method=request.method or "", view=view, status=response.status_code, seconds=seconds
        )
        if view not in SILENT:
            log.info(
                "request",
                method=request.method,
                view=view,
                status=response.status_code,
                milliseconds=round(seconds * 1000, 1),
            )
        return response


def _trace_of(request: HttpRequest) -> str:
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if ACCEPTABLE.fullmatch(given) else new_id().hex


def _view_name(request: HttpRequest) -> str:
    """Return the route's name: a path would carry codes and make a series for each dossier."""
    match = request.resolver_match
    if match is None:
        return "none"
    return match.view_name or match.route or "unnamed"
