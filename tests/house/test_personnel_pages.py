"""The pages on which joiners, movers and leavers, and the national database, are attended to."""

import re

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.services.personnel import api as personnel
from tests.support.answers import MOTHER
from tests.support.apparatus import HOUSE, apparatus_of, official, organisation
from tests.support.personnel import account_of, decided, work
from tests.support.registers import holder
from tests.support.vessels import browser_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
PAGE, ABROAD = "/ban-lam-viec/nhan-su/", "/ban-lam-viec/nhan-su/doi-soat/"
NAME = "Võ Thị Hạ Lam"


@pytest.fixture
def handler():
    return holder(HOUSE, "handler")


@pytest.fixture
def administrator(db):
    return browser_of(holder("ubnd-tinh-gia-lai", "admin"))


def test_an_administrator_hands_out_a_code_once_and_reads_who_came(handler, administrator):
    apparatus_of(handler)
    official(1, handler, organisation="H21.90.01", placed_on="01/10/2026", email="")
    decided(1, "transfer", "01/11/2026", of="CB-000001", from_org="H21.90.01", to_org="H21.90.02")
    work()
    page = said(administrator.get(PAGE))
    for sentence in ("Không có việc nào vướng.", "lamvth", NAME, "Người mới", "QĐNS-00001/2026"):
        assert sentence in page
    (waiting,) = administrator.get(PAGE).context["found"].waiting
    answer = administrator.post(PAGE, {"act": f"code:{waiting.official_id}"})
    assert answer.headers["Cache-Control"] == "no-store"
    shown = re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", said(answer))
    assert shown is not None
    assert shown.group() not in said(administrator.get(PAGE))


def test_an_administrator_gives_another_user_name_where_one_is_taken(handler, administrator):
    apparatus_of(handler)
    taken = account_of(directory.person(holder(HOUSE, "leader").person_id).personal_number)
    email = f"{taken.username}@gialai.gov.vn"
    official(1, handler, organisation="H21.90.01", placed_on="01/10/2026", email=email)
    work()
    (line,) = administrator.get(PAGE).context["found"].stuck
    unfit = administrator.post(PAGE, {"act": f"again:{line.id}", "username": "Hạ Lam"})
    assert unfit.status_code == 422
    assert 'value="Hạ Lam"' in said(unfit)
    assert administrator.post(PAGE, {"act": f"again:{line.id}"}).status_code == 409
    done = administrator.post(PAGE, {"act": f"again:{line.id}", "username": "vo.halam"})
    assert done.status_code == 302
    assert account_of(MOTHER).username == "vo.halam"
    assert administrator.post(PAGE, {"act": f"again:{line.id}"}).status_code == 404
    assert administrator.post(PAGE, {"act": "again:rac"}).status_code == 422


def test_only_administrators_open_the_page(handler):
    assert browser_of(handler).get(PAGE).status_code == 403
    assert browser_of(handler).post(PAGE, {"act": "code:x"}).status_code == 403


def test_a_keeper_of_the_files_decides_a_difference_on_the_page(handler, ministry):
    code = directory.agency_by_key(HOUSE).code
    organisation(code, handler, name="Sở Nội vụ tỉnh Gia Lai", kind="department", parent="")
    official(1, handler, organisation=code, placed_on="01/07/2025", email="", rank="01.003")
    work()
    personnel.send_due()
    ministry.edit("CB-000001", rank="01.002")
    desk = browser_of(handler)
    assert ABROAD in said(desk.get("/ban-lam-viec/so/home-affairs/official/"))
    assert desk.post(ABROAD, {"act": "compare"}).status_code == 302
    page = desk.get(ABROAD)
    (line,) = page.context["standing"].differences
    for sentence in ("Ngạch, chức danh nghề nghiệp", "Tỉnh ghi", "01.002", "Ghi theo trung ương"):
        assert sentence in said(page)
    bare = desk.post(ABROAD, {"act": f"decide:{line.id}", "choice": "keep_ours", "reason": ""})
    assert bare.status_code == 422
    assert "Hãy ghi căn cứ của quyết định." in said(bare)
    typed = {"act": f"decide:{line.id}", "choice": "keep_ours", "reason": "Quyết định nâng ngạch"}
    assert desk.post(ABROAD, typed).status_code == 302
    assert "Không có khác biệt nào." in said(desk.get(ABROAD))
    personnel.send_due()
    assert ministry.there("CB-000001")["rank"] == "01.003"


def test_an_outage_is_told_on_the_page_and_others_are_kept_out(handler, ministry):
    ministry.fault("down")
    desk = browser_of(handler)
    desk.post(ABROAD, {"act": "compare"})
    assert "Chưa đối soát được lúc" in said(desk.get(ABROAD))
    ward = browser_of(holder("ubnd-21583", "handler"))
    assert ward.get(ABROAD).status_code == 403
    assert ward.post(ABROAD, {"act": "compare"}).status_code == 403
