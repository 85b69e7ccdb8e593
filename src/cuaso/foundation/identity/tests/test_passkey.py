"""An official adds a passkey and signs in with it alone: Chromium with a virtual authenticator."""

import pytest
from allauth.mfa.models import Authenticator

from cuaso.foundation.identity.tests import world
from cuaso.foundation.identity.tests.browser import chromium, sign_in

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.browser
def test_kt_f2_a_passkey_alone_opens_the_door(stage):
    said = []
    with chromium() as page:
        page.on("console", lambda message: said.append(message.text))
        keys = page.context.new_cdp_session(page)
        keys.send("WebAuthn.enable")
        keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        sign_in(page, stage)
        page.goto(f"{stage}/bao-mat/khoa/")
        page.get_by_label("Mật khẩu").fill(world.PASSWORD)
        page.get_by_role("button", name="Xác nhận").click()
        page.get_by_label("Tên để nhận ra khóa này").fill("Máy ở bàn tiếp nhận")
        page.get_by_role("button", name="Thêm khóa").click()
        page.wait_for_url("**/bao-mat/ma/")
        page.goto(f"{stage}/bao-mat/")
        assert page.get_by_text("Máy ở bàn tiếp nhận").first.is_visible()
        page.context.clear_cookies()
        page.goto(f"{stage}/dang-nhap/can-bo/")
        page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
        page.wait_for_url("**/tu-cach/")
        page.goto(f"{stage}/ai/")
        assert page.inner_text("body").startswith("official|Lê Thị Tiếp Nhận|")
    assert not [text for text in said if "Content Security Policy" in text]
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    assert world.acts()[-2:] == ["identity.passkey_added", "identity.signed_in"]


@pytest.mark.browser
def test_without_scripts_the_password_still_opens_the_door(stage):
    with chromium(scripts=False) as page:
        sign_in(page, stage)
        page.goto(f"{stage}/ai/")
        assert page.inner_text("body").startswith("official|")
        page.goto(f"{stage}/dang-nhap/can-bo/?next=/ai/")
    assert world.acts()[-1] == "identity.signed_in"
