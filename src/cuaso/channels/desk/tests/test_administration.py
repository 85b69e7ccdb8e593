import uuid

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cuaso.capabilities.messages import api as messages
from cuaso.channels.desk.tests.conftest import BACKEND
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory

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
