"""An official activates an account with the code from the counter."""

from datetime import timedelta

import pytest
from django.test import Client

from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.tests import world
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict

PAGE = "/tai-khoan/kich-hoat/"
OWN = "Con-thuyen-nho-tren-dam-Thi-Nai"
WRONG = "Tên đăng nhập hoặc mã kích hoạt không đúng."


@pytest.fixture
def waiting(db):
    """Return an account that waits to be activated."""
    person = directory.ensure_person(name="Lê Thị Tiếp Nhận", personal_number="052188000009")
    world.add_post(person.id, title="Chuyên viên", roles={"handler"})
    username = identity.free_username(person.name)
    account_id = identity.open_official_account(
        actor=world.TESTER, person_id=person.id, name=person.name, username=username, password=None
    )
    return identity.account_cards([account_id])[account_id]


def state_of(account):
    return identity.account_cards([account.id])[account.id].state


def code_for(account):
    return identity.give_activation_code(actor=world.TESTER, account_id=account.id)


def activate(code, *, username="nhanltt", password=OWN, again=None):
    typed = {"username": username, "code": code, "password": password, "again": again or password}
    return Client().post(PAGE, typed, REMOTE_ADDR="10.0.0.7")


def test_an_official_types_the_code_once_and_signs_in_with_the_own_password(waiting, client):
    assert (waiting.username, waiting.state) == ("nhanltt", "pending")
    given = code_for(waiting)
    assert given.until == clock.today() + timedelta(days=7)
    assert world.sign_in(client, username="nhanltt", password=given.code).status_code == 422
    assert activate(given.code.lower().replace("-", " ")).status_code == 302
    assert state_of(waiting) == "active"
    assert world.sign_in(client, username="nhanltt", password=OWN).status_code == 302
    assert activate(given.code, password=OWN + "-khac").status_code == 422
    assert world.sign_in(Client(), username="nhanltt", password=OWN).status_code == 302
    assert world.acts() == [
        "identity.account_opened",
        "identity.activation_code_given",
        "identity.account_activated",
        "identity.signed_in",
        "identity.signed_in",
    ]


def test_a_new_code_makes_the_old_one_void_and_a_code_is_void_after_a_week(waiting):
    old = code_for(waiting)
    new = code_for(waiting)
    assert WRONG in activate(old.code).content.decode()
    with clock.at(clock.now() + timedelta(days=8)):
        assert WRONG in activate(new.code).content.decode()
    with clock.at(clock.now() + timedelta(days=7)):
        assert activate(new.code).status_code == 302


def test_a_wrong_code_says_the_same_as_an_unknown_user_name_and_changes_nothing(waiting):
    given = code_for(waiting)
    wrong = activate("AAAA-BBBB-CCCC")
    unknown = activate(given.code, username="nhanltx")
    assert wrong.status_code == unknown.status_code == 422
    assert WRONG in wrong.content.decode()
    assert WRONG in unknown.content.decode()
    assert state_of(waiting) == "pending"


@pytest.mark.parametrize(
    ("password", "again", "say"),
    [
        ("ngan", None, "Mật khẩu cần ít nhất 12 ký tự."),
        ("nhanltt-2026-nhanltt", None, "Mật khẩu này dễ đoán."),
        ("1q2w3e4r5t6y", None, "Mật khẩu này dễ đoán."),
        (OWN, OWN + "x", "Hai lần nhập mật khẩu không giống nhau."),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_and_the_code_still_opens(
    waiting, password, again, say
):
    given = code_for(waiting)
    assert say in activate(given.code, password=password, again=again).content.decode()
    assert activate(given.code).status_code == 302


def test_somebody_who_guesses_codes_is_stopped_after_ten(waiting):
    given = code_for(waiting)
    answers = [activate("AAAA-BBBB-CCCC").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert activate(given.code).status_code == 429
    assert state_of(waiting) == "pending"


def test_no_code_is_given_for_an_account_that_is_closed_or_active(waiting):
    given = code_for(waiting)
    identity.close_account(actor=world.TESTER, account_id=waiting.id, reason="Thôi việc")
    assert WRONG in activate(given.code).content.decode()
    with pytest.raises(Conflict):
        code_for(waiting)
    identity.reopen_account(actor=world.TESTER, account_id=waiting.id, reason="Ghi nhầm")
    assert activate(given.code).status_code == 302
    with pytest.raises(Conflict):
        code_for(waiting)


def test_people_of_one_name_get_user_names_with_a_number(waiting):
    assert identity.free_username("Lê Thị Tiếp Nhận") == "nhanltt2"
    assert identity.free_username("Lê Trần Thu Nhận") == "nhanltt2"
    assert identity.free_username("Đỗ Ý") == "yd"
    assert Account.objects.count() == 1
