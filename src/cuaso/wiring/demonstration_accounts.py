"""Demonstration accounts: made by identity, noted for the last words of `./cuaso up`."""

from collections.abc import Sequence

from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import DemonstrationAccount
from cuaso.kernel.actors import system
from cuaso.wiring.greeting import accounts_path

INSTALLER = system("Cài đặt")
# Who takes a dossier from the counter to the seal in one ward, then who watches over the province.
PLAYED = (
    "tiepnhan.quynhon",
    "thuly.quynhon",
    "lanhdao.quynhon",
    "vanthu.quynhon",
    "quantri.ubndtinhgialai",
    "kiemtra.thanhtratinh",
)
CITIZEN = "Người dân: bấm “Công dân đăng nhập bằng VNeID” rồi chọn một người trong danh sách."
OFFICIALS = "Cán bộ: bấm “Cán bộ đăng nhập”; mọi tài khoản dùng chung mật khẩu"


def install_accounts() -> None:
    """Make the officials' demonstration accounts and note all, those of one ward first."""
    identity.install_demonstration(actor=INSTALLER)
    told = lines(identity.demonstration_accounts())
    accounts_path().write_text("\n".join(told) + "\n", encoding="utf-8")


def lines(accounts: Sequence[DemonstrationAccount]) -> list[str]:
    """Return what is told: how to sign in, who takes a dossier through, then the other names."""
    by_name = {account.username: account for account in accounts}
    played = [by_name[name] for name in PLAYED if name in by_name]
    others = [name for name in by_name if name not in PLAYED]
    passwords = sorted({account.password for account in accounts})
    said = [CITIZEN, f"{OFFICIALS} {', '.join(passwords)}"]
    said += [f"  {one.username:<23} {one.name}, {one.post}, {one.agency}" for one in played]
    said += [f"  {len(others)} tài khoản khác: {', '.join(others)}"] if others else []
    return said
