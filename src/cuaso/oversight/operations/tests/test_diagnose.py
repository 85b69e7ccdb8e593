import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid
from cuaso.oversight.operations import api
from cuaso.oversight.operations.contracts import Check
from cuaso.oversight.operations.logic import diagnose

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def checks_named(name: str) -> list[Check]:
    return [check for check in api.diagnose() if check.name == name]


def test_a_house_that_answers_is_said_to_answer(db):
    (check,) = checks_named("database")
    assert check.state == "ok"
    assert check.mend == ""


def test_a_page_that_asks_how_the_house_is_plays_no_story_of_a_pack(db, monkeypatch):
    monkeypatch.setattr(diagnose, "OF_PACKS", (lambda: pytest.fail("packs were read"),))
    said = {check.name for check in api.diagnose(with_packs=False)}
    assert {"database", "disk", "events"} <= said
    assert not {"packs", "law"} & said


def test_the_room_on_the_disk_is_told_with_a_decimal_comma(db):
    (check,) = checks_named("disk")
    assert re.search(r"còn \d+,\d GB\.$", check.say)


def test_every_trouble_comes_with_a_remedy(db):
    assert [check for check in api.diagnose() if check.state != "ok" and not check.mend] == []


def test_a_worker_that_beats_is_alive_and_one_that_stopped_is_said(db):
    with clock.at(NOON):
        api.beat(process="worker")
    with clock.at(NOON + timedelta(seconds=50)):
        assert [check.state for check in checks_named("worker")] == ["ok"]
    with clock.at(NOON + timedelta(seconds=61)):
        (late,) = checks_named("worker")
    assert late.state == "warn"
    assert late.say == "Tiến trình worker báo còn sống cách đây 61 giây."
    assert [beat.process for beat in api.heartbeats()] == ["worker"]


def test_keys_that_others_may_read_are_a_failure(db, settings, tmp_path):
    settings.CUASO_KEYS = tmp_path / "keys"
    settings.CUASO_KEYS.mkdir(mode=0o755)
    (open_folder,) = checks_named("keys")
    assert open_folder.state == "fail"
    assert open_folder.mend == f"Chạy: chmod 0700 {settings.CUASO_KEYS}"
    settings.CUASO_KEYS.chmod(0o700)
    assert [check.state for check in checks_named("keys")] == ["ok"]


def test_jobs_that_failed_for_good_are_counted(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status)"
            " values ('default', 'x', '{}', 'failed')"
        )
    (check,) = checks_named("jobs")
    assert (check.state, check.say) == ("fail", "1 công việc nền đã hỏng hẳn.")


def test_a_nearly_full_disk_is_a_failure(db, monkeypatch):
    monkeypatch.setattr(diagnose, "DANGEROUS_DISK_BYTES", 1 << 60)
    assert [check.state for check in checks_named("disk")] == ["fail"]


def test_a_demonstration_is_not_for_real_dossiers(db):
    assert [check.state for check in checks_named("mode")] == ["warn"]


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        ({}, "backup.short_passphrase", "Chưa có cụm mật khẩu cho bản sao lưu."),
        ({"passphrase": "ngắn"}, "backup.short_passphrase", "quá ngắn"),
        ({"recipient": "age1x"}, "backup.bad_recipient", "age1x"),
    ],
)
def test_a_weak_seal_is_refused(words, code, what):
    with pytest.raises(Invalid) as refused:
        api.seal(**words)
    assert refused.value.code == code
    assert what in refused.value.what
