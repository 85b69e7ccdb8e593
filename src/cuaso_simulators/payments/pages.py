"""The pages that people see at the simulated gateway."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from cuaso.kernel.clock import VIETNAM
from cuaso.kernel.money import format_vnd
from cuaso_simulators.payments.book import Page, Taken

HEAD = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Cổng thanh toán mô phỏng</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}dd{margin:0}
button{font:inherit;padding:.6rem 1.2rem}label{display:block;margin:.5rem 0}
input{font:inherit;padding:.4rem;width:100%;box-sizing:border-box}
article{border-top:1px solid #999;padding:.5rem 0}small{color:#444}</style>
<h1>Cổng thanh toán mô phỏng</h1><p>Không có đồng tiền thật nào được chuyển.</p>"""


def pay_page(page: Page) -> str:
    """Ask a person to pay."""
    return (
        f"{HEAD}<main><dl><dt>Nội dung</dt><dd>{escape(page.title)}</dd>"
        f"<dt>Mã thanh toán</dt><dd>{escape(page.reference)}</dd>"
        f"<dt>Số tiền</dt><dd><b>{format_vnd(page.amount_vnd)}</b></dd></dl>"
        f'<form method="post" action="/pay/{escape(page.session)}">'
        '<p><button name="answer" value="pay">Thanh toán</button> '
        '<button name="answer" value="leave">Không thanh toán nữa</button></p>'
        "</form></main></html>"
    )


def overview(taken: Sequence[Taken]) -> str:
    """Show what was taken, and take a bank transfer."""
    items = "".join(_item(one) for one in reversed(taken)) or "<p>Chưa có giao dịch nào.</p>"
    return (
        f"{HEAD}<main><h2>Chuyển khoản (như quét mã VietQR)</h2>"
        '<form method="post" action="/transfers"><label>Nội dung chuyển khoản'
        '<input name="reference" required></label><label>Số tiền (đồng)'
        '<input name="amount_vnd" inputmode="numeric" required></label>'
        f"<p><button>Chuyển khoản</button></p></form><h2>Giao dịch</h2>{items}</main></html>"
    )


def gone() -> str:
    return f"{HEAD}<main><p>Không có trang thanh toán này.</p></main></html>"


def _item(one: Taken) -> str:
    at = datetime.fromisoformat(one.paid_at).astimezone(VIETNAM)
    back = f", đã hoàn {format_vnd(one.returned_vnd)}" if one.returned_vnd else ""
    return (
        f"<article><small>{at:%H:%M:%S %d/%m/%Y} · {escape(one.transaction)}</small>"
        f"<p>{escape(one.reference)}: {format_vnd(one.amount_vnd)}{back}</p></article>"
    )
