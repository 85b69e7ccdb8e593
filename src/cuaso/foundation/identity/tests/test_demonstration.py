"""Accounts that anybody may try, and what production says of them."""

import pytest
from django.test import Client

from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.logic.install_demonstration import PASSWORD
from cuaso.foundation.identity.logic.open_account import close_account, open_official_account
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.tests import world
from cuaso.kernel.errors import Conflict, NotAllowed


@pytest.fixture
def installed(db, settings):
    directory.install_folder(settings.PACKS / "province" / "data", demonstration=True)
    identity.install_demonstration()


def test_each_invented_official_gets_one_account_named_by_role_and_agency(installed):
    shown = {one.username: one for one in identity.demonstration_accounts()}
    quy_nhon = {name: one.post for name, one in shown.items() if name.endswith(".quynhon")}
    assert quy_nhon == {
        "lanhdao.quynhon": "Chủ tịch Ủy ban nhân dân",
        "lanhdao2.quynhon": "Phó Chủ tịch Ủy ban nhân dân",
        "thuly.quynhon": "Công chức Tư pháp - Hộ tịch",
        "tiepnhan.quynhon": "Cán bộ tiếp nhận và trả kết quả",
        "tiepnhan2.quynhon": "Cán bộ tiếp nhận và trả kết quả",
        "vanthu.quynhon": "Văn thư",
    }
    assert {name.partition(".")[0] for name in shown} >= {"quantri", "kiemtra"}
    assert set(Account.objects.values_list("is_demo", flat=True)) == {True}


def test_installing_again_changes_nothing(installed):
    before = list(Account.objects.order_by("pk").values())
    assert identity.install_demonstration() == 0
    assert list(Account.objects.order_by("pk").values()) == before


def test_the_printed_password_opens_the_door(installed):
    shown = next(
        one for one in identity.demonstration_accounts() if one.username == "vanthu.quynhon"
    )
    assert shown.password == PASSWORD
    client = Client()
    world.sign_in(client, username=shown.username, password=shown.password)
    assert world.who(client).startswith(f"official|{shown.name}|")


def test_production_names_what_stands_against_it(installed):
    (sentence,) = identity.production_refusals()
    assert sentence.startswith(f"Còn {Account.objects.count()} tài khoản dùng thử")
    for account in Account.objects.all():
        close_account(actor=world.TESTER, account_id=account.id, reason="Chạy chính thức")
    assert identity.production_refusals() == ()


def test_production_makes_no_demonstration_accounts(db, settings):
    settings.MODE = "production"
    with pytest.raises(NotAllowed):
        identity.install_demonstration()
    assert Account.objects.count() == 0


def test_a_second_account_of_a_person_is_refused(official):
    before = world.counts()
    for username in ("ten.khac", "TIEPNHAN.quynhon"):
        with pytest.raises(Conflict):
            open_official_account(
                actor=world.TESTER,
                person_id=official.person_id,
                name="Ai đó",
                username=username,
                password=world.PASSWORD,
            )
    assert world.counts() == before
