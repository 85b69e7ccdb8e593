import json
import logging

import pytest
import structlog
from django.core.management import call_command
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from cuaso.wiring.banner import banner
from cuaso.wiring.observability import logs

FORWARDED = {"x-forwarded-for": "203.0.113.9"}


def test_a_living_process_says_so_without_the_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_house_with_everything_is_ready(client, db, settings, tmp_path):
    settings.CUASO_FILES = tmp_path / "files"
    settings.CUASO_KEYS = tmp_path
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checked": ["database", "migrations", "files", "keys"],
        "reasons": {},
    }


def test_a_house_without_keys_is_not_ready_and_says_why(client, db, settings, tmp_path):
    settings.CUASO_FILES = tmp_path / "files"
    settings.CUASO_KEYS = tmp_path / "none"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == {"keys": "Chưa có thư mục khóa."}


def test_a_request_keeps_the_id_that_it_came_with(client):
    answer = client.get("/healthz", headers={"x-request-id": "proxy-0001.abc"})
    assert answer.headers["X-Request-ID"] == "proxy-0001.abc"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f", "tấn-công-vào-log"])
def test_an_unfit_id_is_replaced_by_one_of_ours(client, given):
    answer = client.get("/healthz", headers={"x-request-id": given})
    assert answer.headers["X-Request-ID"] != given
    assert len(answer.headers["X-Request-ID"]) == 32


def test_two_requests_have_two_ids(client):
    ids = {client.get("/healthz").headers["X-Request-ID"] for _ in range(2)}
    assert len(ids) == 2


def test_prometheus_on_this_machine_reads_figures_of_requests_and_queues(client, db):
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    families = {f.name: f for f in text_string_to_metric_families(answer.content.decode())}
    counted = {
        (s.labels["view"], s.labels["status"]): s.value
        for s in families["cuaso_requests"].samples
        if s.name == "cuaso_requests_total"
    }
    assert counted[("healthz", "200")] >= 1
    assert families["cuaso_ledger_unsequenced"].samples[0].value == 0
    assert families["cuaso_outbox_lag_seconds"].samples[0].value == 0


def test_a_stranger_behind_the_proxy_gets_no_figures(client, db):
    assert client.get("/metrics", headers=FORWARDED).status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403


def test_a_monitor_elsewhere_reads_figures_with_the_token(client, db, monkeypatch):
    monkeypatch.setenv("CUASO_METRICS_TOKEN", "t0ken")
    right = {**FORWARDED, "authorization": "Bearer t0ken"}
    wrong = {**FORWARDED, "authorization": "Bearer other"}
    assert client.get("/metrics", headers=right).status_code == 200
    assert client.get("/metrics", headers=wrong).status_code == 403


def test_a_log_line_is_one_json_object_with_the_trace(capsys, monkeypatch):
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.INFO)
    before = structlog.get_config()
    logs.configure()
    structlog.contextvars.bind_contextvars(trace="t-1")
    try:
        structlog.get_logger("cuaso.test").info("hồ sơ đã nhận", status=200)
        logging.getLogger("plain").warning("câu thường")
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.configure(**before)
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["event"], first["trace"], first["status"]) == ("hồ sơ đã nhận", "t-1", 200)
    assert (second["event"], second["level"], second["trace"]) == ("câu thường", "warning", "t-1")


@pytest.mark.parametrize(("mode", "shown"), [("demo", True), ("test", True), ("production", False)])
def test_a_page_outside_production_has_a_banner(rf, settings, mode, shown):
    settings.MODE = mode
    given = banner(rf.get("/"))
    assert given["mode"] == mode
    assert (given["mode_banner"] is not None) is shown


def test_django_finds_nothing_to_complain_about():
    call_command("check", fail_level="WARNING")


def test_an_unknown_page_still_carries_its_id(db):
    answer = Client(raise_request_exception=False).get("/khong-co-trang-nay")
    assert answer.status_code == 404
    assert len(answer.headers["X-Request-ID"]) == 32
