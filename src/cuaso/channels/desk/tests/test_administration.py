import uuid

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from cuaso.capabilities.messages import api as messages
from cuaso.channels.desk.tests.conftest import BACKEND
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.subjects import Subject

pytestmark = pytest.mark.django_db
PAGE = "/ban-lam-viec/quan-tri/"


@pytest.fixture
def administrator(db) -> Client:
    """Return a client signed in as the province's administrator."""
    committee = directory.province().committee_id
    holder = next(
        one
        for one in directory.holders_below(committee, "admin")
        if one.post.title == "Quản trị hệ thống của tỉnh"
    )
    client = Client()
    account = get_user_model().objects.get(person_id=holder.person.id, kind="official")
    client.force_login(account, backend=BACKEND)
    return client


def test_an_administrator_sees_scanner_ledger_messages_and_unverified_law(administrator):
    said = administrator.get(PAGE).content.decode()
    for sentence in (
        "Sổ cái nghiệp vụ",
        "Thông báo",
        "Giá trị pháp luật chưa xác minh",
        "1.001193",
    ):
        assert sentence in said


def test_only_administrators_open_the_page(sign_in):
    assert sign_in("leader").get(PAGE).status_code == 403


def test_verifying_the_ledger_tells_what_was_found(administrator, submitted):
    audit.sequence()
    page = administrator.post(PAGE, {"act": "verify"})
    assert page.status_code == 200
    assert page.context["verification"].ok is True
    assert page.context["verification"].say in page.content.decode()


@pytest.mark.parametrize("told", ["rác", str(uuid.uuid4())])
def test_a_message_that_is_not_there_cannot_be_sent_again(administrator, told):
    page = administrator.post(PAGE, {"act": f"retry:{told}"})
    assert page.status_code == 404
    assert "Không có thông báo này." in page.content.decode()
    assert messages.failed() == ()


def test_an_unknown_act_changes_nothing(administrator):
    assert administrator.post(PAGE, {"act": "xoá"})["Location"] == PAGE


def fail_job(**columns: str) -> int:
    """Put a job in the queue that gave up; return its number."""
    told = {"task_name": "files.scan", "status": "failed", "args": "{}", **columns}
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status, queueing_lock)"
            " values ('default', %(task_name)s, %(args)s, %(status)s, 'one') returning id",
            told,
        )
        return int(cursor.fetchone()[0])


def state_of(job_id: int) -> tuple[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select status::text, attempts from procrastinate_jobs where id = %s", [job_id]
        )
        return tuple(cursor.fetchone())


def test_kt_d5_an_administrator_sees_a_job_that_gave_up_and_runs_it_again(administrator):
    assert "Không có công việc nền nào hỏng hẳn." in administrator.get(PAGE).content.decode()
    job_id = fail_job(args='{"file_id": "abc"}')
    said = administrator.get(PAGE).content.decode()
    assert f'value="run-again:{job_id}"' in said
    assert "files.scan" in said
    assert "{&quot;file_id&quot;: &quot;abc&quot;}" in said
    assert administrator.post(PAGE, {"act": f"run-again:{job_id}"})["Location"] == PAGE
    assert state_of(job_id) == ("todo", 1)
    assert f'value="run-again:{job_id}"' not in administrator.get(PAGE).content.decode()
    subject = Subject(kind="operations.job", id=uuid.uuid5(uuid.NAMESPACE_OID, f"job:{job_id}"))
    (entry,) = audit.history(subject)
    assert entry.content == {"job": job_id, "task": "files.scan"}


@pytest.mark.parametrize("told", ["rác", "-1", "٣", "9" * 40, "987654321"])
def test_kt_d5_a_job_that_did_not_give_up_is_not_run_again(administrator, told):
    page = administrator.post(PAGE, {"act": f"run-again:{told}"})
    assert page.status_code == 404
    assert "Không có công việc nền" in page.content.decode()


def test_kt_d5_a_job_whose_like_waits_already_stays_as_it_is(administrator):
    job_id = fail_job()
    fail_job(status="todo")
    page = administrator.post(PAGE, {"act": f"run-again:{job_id}"})
    assert page.status_code == 409
    assert "Một công việc như thế đang chờ chạy." in page.content.decode()
    assert state_of(job_id) == ("failed", 0)
