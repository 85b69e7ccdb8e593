"""The page on which a demonstration reads what the province has told."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

HEAD = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>CSDL cán bộ mô phỏng</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
article{border-top:1px solid #999;padding:.75rem 0}small{color:#444}</style>
<h1>Cơ sở dữ liệu quốc gia về cán bộ, công chức, viên chức, bản mô phỏng</h1>
<p>Bản chạy thử, không nối với cơ sở dữ liệu thật. Hồ sơ tỉnh gửi tới hiện bên dưới.</p>"""


def page(officials: Sequence[Mapping[str, Any]]) -> str:
    body = "".join(_official(one) for one in officials) or "<p>Chưa có hồ sơ nào.</p>"
    return f"{HEAD}<main>{body}</main></html>"


def _official(one: Mapping[str, Any]) -> str:
    fields = one["fields"]
    return (
        f"<article><h2>{escape(one['code'])}</h2><p>{escape(fields.get('person.full_name', ''))}"
        f" <small>lần {one['version']}, {len(fields)} thông tin</small></p></article>"
    )
