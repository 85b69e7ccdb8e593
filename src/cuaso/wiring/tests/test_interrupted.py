"""Whoever starts the house after a sudden stop reads what was found and what is done to its end."""

import os
from datetime import UTC, datetime

import psycopg
import pytest

from cuaso.wiring import database, interrupted, places, presence
from cuaso.wiring.database import Database
from cuaso.wiring.postgres import cluster
from cuaso.wiring.tests.test_cluster import made, server, var

__all__ = ["made", "var"]
SINCE = datetime(2026, 11, 27, 2, 5, tzinfo=UTC)
KEPT = "việc đã báo xong còn nguyên, việc đang ghi dở khi ấy không được ghi"


@pytest.fixture
def url(made):
    """Return the address of a database with two of the tables in which work waits."""
    with psycopg.connect(server(made), autocommit=True) as connection:
        connection.execute("create table audit_event (settled_at timestamptz)")
        connection.execute("create table registries_version (state text)")
    return server(made)


def told(capsys, url, *, since=None, recovered=False):
    given = Database(app_url=url, owner_url=url, dump_url=url, recovered=recovered)
    interrupted.tell(given, since=since)
    return capsys.readouterr().out.splitlines()


def test_a_start_after_an_orderly_stop_says_nothing_of_the_last_run(url, capsys):
    assert told(capsys, url) == []


def test_a_start_after_a_power_cut_says_what_waits_and_that_the_database_recovered(url, capsys):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("insert into audit_event values (null), (null), (now())")
        connection.execute("insert into registries_version values ('approved'), ('draft')")
    assert told(capsys, url, since=SINCE, recovered=True) == [
        "! Lần chạy từ 09:05 ngày 27/11/2026 không được dừng đúng cách.",
        f"  Cơ sở dữ liệu bị cắt ngang và đã tự phục hồi: {KEPT}.",
        "  Làm nốt việc còn chờ: 2 sự kiện chưa giao, 1 phiên bản sổ đã duyệt chưa ban hành xong.",
    ]


def test_a_start_after_up_alone_was_killed_says_that_the_database_was_not_cut_off(url, capsys):
    assert told(capsys, url, since=SINCE) == [
        "! Lần chạy từ 09:05 ngày 27/11/2026 không được dừng đúng cách.",
        f"  Cơ sở dữ liệu không bị cắt ngang: {KEPT}.",
        "  Không có việc nào dở dang.",
    ]


def test_a_run_that_ends_in_order_leaves_no_note_and_a_killed_one_does(tmp_path, monkeypatch):
    monkeypatch.setenv("CUASO_VAR", str(tmp_path))
    with presence.announced({}):
        os.utime(places.var() / "running.json", (SINCE.timestamp(), SINCE.timestamp()))
        assert presence.unfinished() == SINCE
    assert presence.unfinished() is None


def test_the_database_of_a_house_says_that_it_recovered_only_where_it_had_been_cut_off(
    var, monkeypatch
):
    monkeypatch.setenv("CUASO_VAR", str(var))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    first = database.open_database()
    assert first.cluster is not None
    assert first.recovered is False
    cluster.stop(first.cluster)
    (first.cluster.folder / "postmaster.pid").write_text("999999\n")
    second = database.open_database()
    try:
        assert second.recovered is True
    finally:
        second.close()
