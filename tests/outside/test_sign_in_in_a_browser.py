"""A person with a real browser: from a system to the house and back, over two origins."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from cuaso.foundation.identity.provider.keys import stock
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import browser as browsers
from cuaso.foundation.identity.tests import world as people
from cuaso.foundation.identity.tests.conftest import stage

pytestmark = pytest.mark.browser

__all__ = ["stage"]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class _Received(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<!doctype html><title>Hệ thống kia</title><p>Đã nhận.</p>".encode())

    def log_message(self, *words):
        pass


@pytest.fixture
def elsewhere():
    """A system of others at an origin of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Received)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/nhan"
    server.shutdown()
    server.server_close()
    thread.join()


def barriers(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {one['help']}" for one in found]


@pytest.mark.parametrize("scripts", [True, False])
def test_KT_f2_TT_III_3_a_person_signs_in_agrees_and_arrives_at_the_system(
    stage, elsewhere, settings, scripts
):
    settings.PUBLIC_URL = stage
    settings.ROOT_URLCONF = "cuaso.foundation.identity.tests.urls"
    stock.forget()
    one = world.system(
        client_id="ngoai", name="Công ty Ngoài", first_party=False, redirect_uris=(elsewhere,)
    )
    started = world.start(one, redirect_uri=elsewhere, scope="openid profile capacities")
    with browsers.chromium(scripts=scripts, width=360) as page:
        page.goto(stage + started.address)
        page.get_by_role("link", name="cán bộ").first.click()
        page.get_by_label("Tên đăng nhập").fill("tiepnhan.quynhon")
        page.get_by_label("Mật khẩu").fill(people.PASSWORD)
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        page.get_by_role("heading", name="Cho phép “Công ty Ngoài” xem thông tin?").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        # Without scripts nobody can look at the page from inside.
        assert not scripts or barriers(page) == []
        page.get_by_role("button", name="Đồng ý", exact=True).click()
        page.wait_for_url(lambda url: url.startswith(elsewhere))
        told = parse_qs(urlsplit(page.url).query)
        assert told["state"] == [started.words["state"]]
        assert page.get_by_text("Đã nhận.").is_visible()
        page.goto(f"{stage}/bao-mat/phien-dang-nhap/")
        assert page.get_by_text("Hệ thống đã mở: Công ty Ngoài.").is_visible()
        assert not scripts or barriers(page) == []
        page.get_by_role("button", name="Thu hồi Công ty Ngoài").click()
        assert page.get_by_text("Đã thu hồi sự đồng ý.").is_visible()
    tokens = one.send(
        "/oidc/token",
        {
            "grant_type": "authorization_code",
            "code": told["code"][0],
            "redirect_uri": elsewhere,
            "code_verifier": started.verifier,
        },
    )
    assert tokens.json()["error"] == "invalid_grant"
    stock.forget()
