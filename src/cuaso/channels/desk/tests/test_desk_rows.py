"""The rows that are drawn without a template: what they say, and that they escape."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.utils import translation

from cuaso.channels.desk.answers import Place
from cuaso.channels.desk.templatetags import desk_rows
from cuaso.services.procedures.contracts import (
    DossierRow,
    DueView,
    Fact,
    FactGroup,
    ProcedureCard,
)

ID = UUID(int=7)
DUE = DueView(
    state="soon",
    due_at=datetime(2026, 10, 7, 10, 0, tzinfo=UTC),
    remaining_say="Còn 3 giờ",
    steps=("Một", "Hai", "Ba", "Bốn <i>"),
    source="Nghị định <61>",
)


def row(**changed):
    told = {
        "id": ID,
        "code": "H21 & 1",
        "tracking_code": "T1",
        "title": "Khai sinh <b>Nguyễn</b>",
        "procedure_title": "Khai sinh",
        "applicant_name": 'Ông "A"',
        "status": 2,
        "status_say": "Đang xử lý",
        "step": "Thẩm tra",
        "holder_name": "Bà B",
        "due": DUE,
        "submitted_at": datetime(2026, 10, 6, tzinfo=UTC),
        "channel_say": "Trực tuyến",
    }
    return DossierRow(**{**told, **changed})


def test_a_row_says_what_the_officer_needs_and_escapes_what_people_typed():
    said = desk_rows.queue_rows([row()], takes=True)
    assert f'<a class="cell-main" href="/ban-lam-viec/ho-so/{ID}/">' in said
    assert "Khai sinh &lt;b&gt;Nguyễn&lt;/b&gt;" in said
    assert "Ông &quot;A&quot;<small>Trực tuyến</small>" in said
    assert "Thẩm tra<small>Bà B</small>" in said
    assert '<time datetime="2026-10-07T17:00:00+07:00">07/10, 17 giờ</time>' in said
    assert "<p>Hai</p><p>Ba</p><p>Bốn &lt;i&gt;</p><p>Căn cứ: Nghị định &lt;61&gt;</p>" in said
    assert "<p>Một</p>" not in said
    assert f'<input type="checkbox" name="ids" value="{ID}" aria-label="Chọn H21 &amp; 1">' in said


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"mine": True}, 'Thẩm tra<small><span class="tag sea">Ông/bà đang giữ</span></small>'),
        ({"holder_name": ""}, "Thẩm tra<small>Chờ người nộp hoặc hệ thống</small>"),
        ({"step": ""}, ">Đang xử lý</td>"),
        ({"due": DueView(state="none", due_at=None, remaining_say="Chưa")}, ">Chưa tính</td>"),
    ],
)
def test_a_row_says_who_holds_the_step_and_whether_it_is_counted(changed, says):
    assert says in desk_rows.queue_rows([row(**changed)], takes=False)


def test_only_lists_of_steps_have_boxes_and_only_what_went_on_is_marked():
    said = desk_rows.queue_rows([row()], takes=False)
    assert "checkbox" not in said
    assert "Có thay đổi từ lần xem trước" not in said
    marked = desk_rows.queue_rows([row()], takes=False, changed={ID})
    assert marked.count("Có thay đổi từ lần xem trước") == 1
    assert desk_rows.queue_rows([], takes=True) == ""


def test_an_english_reader_has_english_rows():
    with translation.override("en"):
        said = desk_rows.queue_rows([row(step="")], takes=False)
    assert "07/10, 17:00" in said
    assert "Người nộp" not in said


def card(code, short):
    told = dict.fromkeys(("title_en", "field", "level", "online", "limit_say", "fee_say"), "")
    return ProcedureCard(code=code, title=short, short_title=short, **told)


def test_the_chosen_procedure_is_chosen_and_long_names_are_cut():
    cards = (card("1.1", "Khai sinh <a>"), card("1.2", "Đ" * 60))
    plain = desk_rows.procedure_options(cards, "")
    assert plain == (
        f'<option value="1.1">Khai sinh &lt;a&gt;</option><option value="1.2">{"Đ" * 47}…</option>'
    )
    chosen = desk_rows.procedure_options(cards, "1.2")
    assert chosen == plain.replace('<option value="1.2"', '<option selected value="1.2"')
    assert desk_rows.procedure_options(cards, "9.9") == plain


def test_declared_values_are_a_body_a_section_with_a_dash_for_nothing():
    groups = [FactGroup(title="Trẻ & mẹ", facts=(Fact(label="Họ tên", value="<A>"),))]
    assert desk_rows.fact_rows(groups) == (
        '<tbody><tr><th colspan="3" scope="rowgroup" class="group-name">Trẻ &amp; mẹ</th></tr>'
        '<tr><th scope="row">Họ tên</th><td>&lt;A&gt;</td><td class="muted">–</td></tr></tbody>'
    )


def test_the_rail_marks_the_open_place_and_says_how_much_waits():
    places = (
        Place(key="mine", title="Việc của tôi", icon="inbox", url="/a/?x=1&y=2"),
        Place(key="all", title="Hồ sơ", icon="list", url="/b/"),
    )
    said = desk_rows.rail(places, "mine", 3)
    assert '<a href="/a/?x=1&amp;y=2" aria-current="page">' in said
    assert "Việc của tôi<b>3</b></a>" in said
    assert said.count("aria-current") == 1
    assert "<b>" not in desk_rows.rail(places, "all")
