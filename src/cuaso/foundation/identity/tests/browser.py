"""Chromium before a running house."""

import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from cuaso.foundation.identity.tests import world


@contextmanager
def chromium(*, scripts=True, width=1280):
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        context = browser.new_context(
            java_script_enabled=scripts, viewport={"width": width, "height": 800}
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        yield page
        browser.close()


def sign_in(page, stage, *, username="tiepnhan.quynhon"):
    page.goto(f"{stage}/dang-nhap/can-bo/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(world.PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda url: "/dang-nhap/" not in url)
