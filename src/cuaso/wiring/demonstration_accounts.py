"""Demonstration accounts: made by identity, noted for the last words of `./cuaso up`."""

from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import system
from cuaso.wiring.greeting import accounts_path

INSTALLER = system("Cài đặt")
SHOWN = 8
CITIZEN = "Người dân: chọn “Đăng nhập bằng VNeID” rồi chọn một người trong danh sách mô phỏng."


def install_accounts() -> None:
    """Make the officials' demonstration accounts and note some of each kind."""
    identity.install_demonstration(actor=INSTALLER)
    accounts = identity.demonstration_accounts()
    lines = [CITIZEN]
    posts: set[str] = set()
    for account in accounts:
        if account.post not in posts and len(posts) < SHOWN:
            posts.add(account.post)
            where = f"{account.post}, {account.agency}"
            lines.append(f"{account.username} / {account.password} — {account.name}, {where}")
    lines.append(f"(tất cả {len(accounts)} tài khoản cán bộ dùng chung mật khẩu này)")
    accounts_path().write_text("\n".join(lines) + "\n", encoding="utf-8")
