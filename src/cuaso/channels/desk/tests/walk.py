"""Officials before a running house, in a real browser."""

from playwright.sync_api import Page

PASSWORD = "Dung-thu-Cua-So-2026"
DESK = "/ban-lam-viec"
RECEPTION, HANDLER, LEADER, CLERK, ADMIN = (
    "tiepnhan.quynhon",
    "thuly.quynhon",
    "lanhdao.quynhon",
    "vanthu.quynhon",
    "quantri.gialai",
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
    for fold in page.locator("main details:not([open]) > summary").all():
        fold.click()
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
