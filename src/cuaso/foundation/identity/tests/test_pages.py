"""Every account page, by keyboard and screen reader, on a phone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from cuaso.foundation.identity.tests import world
from cuaso.foundation.identity.tests.browser import chromium, sign_in
from cuaso_simulators.vneid.tests.process import running

OUTSIDE = ["/dang-nhap/", "/dang-nhap/can-bo/"]
INSIDE = ["/tu-cach/", "/bao-mat/", "/lanh-dao/"]
BEHIND_PASSWORD = ["/bao-mat/ung-dung/", "/bao-mat/khoa/"]


def faults(page):
    answer = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in answer.response["violations"]
    ]
    return found + (["wider than the window"] if wide else [])


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_account_pages_are_accessible(stage, width):
    found = {}
    with chromium(width=width) as page:

        def look(address):
            page.goto(stage + address)
            if wrong := faults(page):
                found[address] = wrong

        for address in OUTSIDE:
            look(address)
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        if wrong := faults(page):
            found["errors"] = wrong
        sign_in(page, stage)
        for address in INSIDE:
            look(address)
        look("/bao-mat/ung-dung/")
        page.get_by_label("Mật khẩu").fill(world.PASSWORD)
        page.get_by_role("button", name="Xác nhận").click()
        for address in BEHIND_PASSWORD:
            look(address)
    assert found == {}


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_the_vneid_simulator_are_accessible(tmp_path, width):
    words = (
        "client_id=cuaso&response_type=code&scope=openid&code_challenge=x"
        "&code_challenge_method=S256&redirect_uri=http://testserver/tai-khoan/vneid/tra-loi/"
    )
    with running(tmp_path) as vneid, chromium(width=width) as page:
        page.goto(f"{vneid.url}/authorize?{words}")
        choosing = faults(page)
        page.get_by_role("button", name="Nguyễn Thị Hoa Mai").click()
        agreeing = faults(page)
    assert (choosing, agreeing) == ([], [])
