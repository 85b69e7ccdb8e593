import pytest
from cuaso.channels.portal.tests import walk
pytestmark = pytest.mark.browser

def test_shots(live_house, browser):
    ctx = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900})
    page = ctx.new_page()
    u = live_house.url
    walk.sign_in(page, u)
    walk.begin(page, u)
    draft = page.url.removeprefix(u)
    page.get_by_role("button", name="Lưu và sang bước 2").last.click()
    page.locator(".errors").wait_for()
    page.screenshot(path="/tmp/uu/r_drafterr-1280.png", full_page=True)
    code = walk.submit_birth(page, u)
    walk.begin(page, u, "2.000815")
    d2 = page.url.removeprefix(u)
    pages = {"home": "/", "find": "/thu-tuc/?q=khai%20sinh", "procedure": "/thu-tuc/1.001193/", "draft": draft, "papers": draft + "giay-to/", "review": draft + "xem-lai/", "draft2": d2, "papers2": d2+"giay-to/", "mine": "/ho-so/", "dossier": f"/ho-so/{code}/", "none": "/ho-so/KHONG-CO/", "signin": "/dang-nhap/"}
    for w in (1280, 360):
        c = browser.new_context(locale="vi-VN", viewport={"width": w, "height": 900})
        c.add_cookies(ctx.cookies())
        p = c.new_page()
        for n, a in pages.items():
            p.goto(u + a)
            p.screenshot(path=f"/tmp/uu/r_{n}-{w}.png", full_page=True)
        c.close()
