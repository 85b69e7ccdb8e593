"""The page on which a demonstration reads its messages and mails."""

from html import escape

from cuaso.kernel.clock import VIETNAM
from cuaso_simulators.sms.box import Received

HEAD = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Hộp thư mô phỏng</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
article{border-top:1px solid #999;padding:.75rem 0}
pre{white-space:pre-wrap;font:inherit;margin:.25rem 0}
small{color:#444}</style>
<h1>Hộp thư mô phỏng</h1>
<p>Tin nhắn và thư điện tử của bản chạy thử. Không có gì được gửi ra ngoài.</p>"""


def page(items: tuple[Received, ...]) -> str:
    body = "".join(_item(item) for item in items) or "<p>Chưa có tin nào.</p>"
    return f"{HEAD}<main>{body}</main></html>"


def _item(item: Received) -> str:
    kind = {"sms": "Tin nhắn", "email": "Thư điện tử"}[item.kind]
    moment = f"{item.at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"
    receipt = f" · báo nhận: {escape(item.receipt)}" if item.receipt else ""
    title = f"<h2>{escape(item.headline)}</h2>" if item.headline else ""
    return (
        f"<article><small>{kind} · {moment} · đến {escape(item.to)}{receipt}</small>"
        f"{title}<pre>{escape(item.text)}</pre></article>"
    )
