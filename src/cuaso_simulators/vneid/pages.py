"""The simulator's pages: plain HTML, no script, one style sheet."""

from collections.abc import Sequence
from datetime import date
from html import escape

from cuaso_simulators.vneid.people import Person

SEXES = {"female": "Nữ", "male": "Nam"}
STYLE = """
:root { color-scheme: light dark; --ink: #10262b; --paper: #fff; --line: #70868b; --act: #0b5d6b;
  --warn: #fdf0d5; --warn-ink: #4a3000; --on-act: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eff0; --paper: #0f1c1f; --line: #7f979c;
  --act: #7fd0dc; --warn: #3b2c0a; --warn-ink: #ffe7b0; --on-act: #06282e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 "Be Vietnam Pro", system-ui, sans-serif; }
main { max-width: 38rem; margin: 0 auto; padding: 1rem; }
.banner { background: var(--warn); color: var(--warn-ink); padding: .75rem 1rem; font-weight: 600;
  text-align: center; }
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { font-size: 1.125rem; line-height: 1.4; margin-top: 2rem; }
label, legend { font-weight: 600; }
input[type=text] { display: block; width: 100%; min-height: 44px; padding: .5rem .75rem;
  border: 1px solid var(--line); border-radius: 4px; font: inherit; background: var(--paper);
  color: var(--ink); }
button { min-height: 44px; padding: .5rem 1rem; border-radius: 4px; border: 1px solid var(--line);
  font: inherit; background: var(--paper); color: var(--ink); cursor: pointer; }
button.main { background: var(--act); color: var(--on-act); border-color: var(--act); }
:focus-visible { outline: 3px solid #d97706; outline-offset: 2px; }
ul.people { list-style: none; padding: 0; }
ul.people button { width: 100%; text-align: left; margin-bottom: .5rem; }
ul.people small { display: block; }
.choice { display: flex; gap: .75rem; align-items: center; min-height: 44px; }
.choice input { width: 1.25rem; height: 1.25rem; }
.row { display: flex; gap: .75rem; flex-wrap: wrap; margin-top: 1.5rem; }
.error { border-left: 4px solid #b3261e; padding-left: .75rem; font-weight: 600; }
fieldset { border: 0; padding: 0; margin: 1.5rem 0 0; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
"""

_SHELL = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>{title} – Mô phỏng VNeID</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/style.css"></head><body>
<header class="banner">Mô phỏng VNeID – người không có thật</header>
<main><h1>{title}</h1>{body}</main></body></html>"""


def page(*, title: str, body: str) -> str:
    return _SHELL.format(title=escape(title), body=body)


def choose(*, ticket: str, query: str, found: Sequence[Person], error: str = "") -> str:
    """Ask who signs in: a search, a list, or a typed personal number."""
    mistake = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    rows = "".join(_person_row(person) for person in found)
    listing = (
        f'<form method="post" action="/login/{ticket}"><ul class="people">{rows}</ul></form>'
        if rows
        else "<p>Không có ai khớp với từ cần tìm. Hãy thử ít chữ hơn.</p>"
    )
    body = f"""{mistake}<p>Chọn một người được dựng ra để đăng nhập vào cổng dịch vụ công.</p>
<form method="get" action="/login/{ticket}"><label for="q">Tìm theo tên hoặc số định danh</label>
<input type="text" id="q" name="q" value="{escape(query)}" autocomplete="off">
<div class="row"><button>Tìm</button></div></form>
<h2>Người để chọn</h2>{listing}
<h2>Hoặc gõ số định danh</h2>
<form method="post" action="/login/{ticket}"><label for="n">Số định danh cá nhân (12 chữ số)</label>
<input type="text" id="n" name="personal_number" inputmode="numeric" autocomplete="off">
<div class="row"><button class="main">Tiếp tục</button></div></form>"""
    return page(title="Đăng nhập VNeID", body=body)


def _person_row(person: Person) -> str:
    number = escape(person.personal_number)
    return (
        f'<li><button name="personal_number" value="{number}">{escape(person.name)}'
        f"<small>{number} · sinh {escape(_day(person.birth_date))}</small></button></li>"
    )


_LEVELS = """<fieldset><legend>Mức của tài khoản định danh</legend>
<label class="choice"><input type="radio" name="level" value="2" checked>
Mức 2 (đã xác thực sinh trắc)</label>
<label class="choice"><input type="radio" name="level" value="1">Mức 1</label></fieldset>"""
_FACE = """<input type="hidden" name="level" value="face">
<p>Hệ thống xin so khớp khuôn mặt của bạn với ảnh trong căn cước. Ở đây máy ảnh được giả định:
bấm nút dưới là khuôn mặt khớp.</p>"""


def consent(*, ticket: str, person: Person, face: bool = False) -> str:
    """Ask for consent to what will be shared, and for the level of the account or the face."""
    shared = (
        ("Họ và tên", person.name),
        ("Số định danh cá nhân", person.personal_number),
        ("Ngày sinh", _day(person.birth_date)),
        ("Giới tính", SEXES.get(person.sex, person.sex)),
        ("Số điện thoại", person.phone),
    )
    facts = "".join(f"<dt>{name}</dt><dd>{escape(value) or '—'}</dd>" for name, value in shared)
    body = f"""<p>Cổng dịch vụ công xin các thông tin sau để đăng nhập cho bạn:</p><dl>{facts}</dl>
<form method="post" action="/consent/{ticket}">
<input type="hidden" name="personal_number" value="{escape(person.personal_number)}">
{_FACE if face else _LEVELS}
<div class="row"><button class="main" name="answer" value="yes">Đồng ý chia sẻ</button>
<button name="answer" value="no">Từ chối</button></div></form>"""
    return page(title="Đồng ý chia sẻ thông tin", body=body)


def refused(*, what: str) -> str:
    body = f"""<p class="error" role="alert">{escape(what)}</p>
<p>Hãy quay lại trang đã đưa bạn tới đây và bắt đầu lại.</p>"""
    return page(title="Không tiếp tục được", body=body)


def signed_out() -> str:
    return page(title="Đã đăng xuất", body="<p>Bạn đã đăng xuất khỏi VNeID mô phỏng.</p>")


def _day(written: str) -> str:
    """Return an ISO day as people here write it; anything else stays."""
    try:
        return date.fromisoformat(written).strftime("%d/%m/%Y")
    except ValueError:
        return written
