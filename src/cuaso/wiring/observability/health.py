"""Health pages for machines: alive, ready, figures."""

import hmac
import ipaddress
import os
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from cuaso.wiring.observability import measures


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; touches nothing else."""
    del request
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether requests can be served: 200, or 503 with the reasons."""
    del request
    reasons = {name: reason for name, check in CHECKS if (reason := check())}
    body = {"ready": not reasons, "checked": [name for name, _ in CHECKS], "reasons": reasons}
    return JsonResponse(
        body, status=503 if reasons else 200, json_dumps_params={"ensure_ascii": False}
    )


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Give the figures to Prometheus: to the machine itself, or to who has CUASO_METRICS_TOKEN."""
    if not _may_read_figures(request):
        return HttpResponse("Không có quyền xem số liệu vận hành.\n", status=403)
    return HttpResponse(measures.told(), content_type=CONTENT_TYPE_LATEST)


def _may_read_figures(request: HttpRequest) -> bool:
    token = os.environ.get("CUASO_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(token.encode(), given.encode()):
        return True
    # Behind a proxy everyone comes from loopback; only the proxy adds this header.
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return "Không nối được cơ sở dữ liệu."
    return ""


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "Không đọc được danh sách migrations."
    return f"Còn {len(waiting)} migration chưa chạy." if waiting else ""


def _files() -> str:
    folder = settings.CUASO_FILES
    folder.mkdir(parents=True, exist_ok=True)
    return "" if os.access(folder, os.W_OK) else "Không ghi được vào thư mục tệp."


def _keys() -> str:
    folder = settings.CUASO_KEYS
    if not folder.is_dir():
        return "Chưa có thư mục khóa."
    return "" if os.access(folder, os.R_OK) else "Không đọc được thư mục khóa."


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("database", _database),
    ("migrations", _migrations),
    ("files", _files),
    ("keys", _keys),
)
