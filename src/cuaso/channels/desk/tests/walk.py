"""Officials before a running house, in a real browser."""

from playwright.sync_api import Page

from tests.support.answers import BIRTH, PDF

PASSWORD = "Dung-thu-Cua-So-2026"
DESK = "/ban-lam-viec"
RECEPTION, HANDLER, LEADER, CLERK, ADMIN = (
    "tiepnhan.quynhon",
    "thuly.quynhon",
    "lanhdao.quynhon",
    "vanthu.quynhon",
    "quantri.ubndtinhgialai",
)
WALK_IN = {
    "applicant_personal_number": "052196000122",
    "applicant_name": "Võ Thị Hạ Lam",
    "applicant_phone": "0900000122",
}


def sign_in(page: Page, house: str, name: str) -> None:
    """Sign an official in through the officials' own door."""
    page.goto(f"{house}/dang-nhap/can-bo/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(f"**{DESK}/**")


def fill(page: Page, answers: dict[str, str]) -> None:
    """Fill every input that the page has, folded or not."""
    folded = page.locator("main details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()
    for name, value in answers.items():
        places = page.locator(f'[name="{name}"]')
        if places.count() == 0:
            continue
        kind = places.first.evaluate("input => input.type")
        if kind in ("radio", "checkbox"):
            page.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind == "select-one":
            places.first.select_option(value)
        else:
            places.first.fill(value)


def receive_birth(page: Page, house: str, **changed: str) -> str:
    """Receive a mother's paper dossier at the counter; return the id of the dossier."""
    page.goto(f"{house}{DESK}/tiep-nhan/1.001193/")
    fill(page, {**WALK_IN, **BIRTH, **changed})
    page.locator('[name="scan.birth_notice"]').set_input_files(
        {"name": "chung-sinh.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").last.click()
    page.wait_for_url("**/tiep-nhan/xong/*/")
    return page.url.rstrip("/").split("/")[-1]


def act(page: Page, house: str, dossier_id: str, slug: str, button: str) -> None:
    """Open one act's page and press its button."""
    page.goto(f"{house}{DESK}/ho-so/{dossier_id}/viec/{slug}/")
    page.get_by_role("button", name=button).click()
    page.wait_for_url(f"**/ho-so/{dossier_id}/")
