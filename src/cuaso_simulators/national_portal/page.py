"""The page on which a demonstration submits a dossier and reads what became of it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

HEAD = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Cổng quốc gia mô phỏng</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
article{border-top:1px solid #999;padding:.75rem 0}small{color:#444}ol{margin:.25rem 0}
button{font:inherit;padding:.5rem 1rem}</style>
<h1>Cổng Dịch vụ công quốc gia mô phỏng</h1>
<p>Bản chạy thử, không nối với Cổng thật. Nút dưới đây nộp một hồ sơ đăng ký khai sinh không có
thật tới tỉnh; trạng thái tỉnh gửi về hiện bên dưới.</p>
<form method="post" action="/submit"><button>Nộp một hồ sơ mẫu</button></form>"""
NAMES = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}


def page(dossiers: Sequence[Mapping[str, Any]]) -> str:
    body = "".join(_dossier(one) for one in reversed(dossiers)) or "<p>Chưa có hồ sơ nào.</p>"
    return f"{HEAD}<main>{body}</main></html>"


def _dossier(one: Mapping[str, Any]) -> str:
    steps = "".join(
        f"<li>{_name(told)} <small>{escape(told['at'][:16])}</small></li>"
        for told in one["statuses"]
    )
    state = _name(one) if one["version"] else "Tỉnh chưa báo trạng thái"
    return (
        f"<article><h2>{escape(one['code'])}</h2><p>{escape(one['title'])}</p>"
        f"<p>{state} · {len(one['results'])} tệp kết quả</p><ol>{steps}</ol></article>"
    )


def _name(told: Mapping[str, Any]) -> str:
    return escape(NAMES.get(told["status"], "?"))
