"""Components: what they draw, what they escape, what they weigh."""

import re
from pathlib import Path

import pytest

from cuaso.kernel.errors import Problem

DESIGN = Path(__file__).resolve().parents[1]
CSS = DESIGN / "static" / "cuaso"
CHANNELS = DESIGN.parent
EVIL = '"><script>alert(1)</script>'


def test_a_wrong_field_names_its_error_and_keeps_what_was_typed(draw):
    drawn = draw(
        '<c-field name="child.birth_date" type="date" label="Ngày sinh" hint="Như trên giấy"'
        ' value="{{ typed }}" error="Tháng 11 chỉ có 30 ngày" />',
        typed="31/11/2026",
    )
    assert 'id="f-child-birth-date" name="child.birth_date"' in drawn
    assert 'value="31/11/2026"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="f-child-birth-date-h f-child-birth-date-e "' in drawn


@pytest.mark.parametrize(
    "markup",
    [
        '<c-field name="a" label="{{ evil }}" hint="{{ evil }}" value="{{ evil }}" />',
        '<c-field name="a" label="x" error="{{ evil }}" source="{{ evil }}" unit="{{ evil }}" />',
        '<c-field name="a" label="x" type="long_text" value="{{ evil }}" />',
        '<c-field name="a" label="x" type="select" :options="evils" value="{{ evil }}" />',
        '<c-errors :problems="problems" what="{{ evil }}" />',
        '<c-notice title="{{ evil }}">{{ evil }}</c-notice>',
        '<c-crumbs :trail="evils" here="{{ evil }}" />',
        '<c-facts :facts="facts" />',
        '<c-btn href="{{ evil }}">{{ evil }}</c-btn>',
        '<c-choice name="a" value="{{ evil }}" title="{{ evil }}" />',
        '<c-status state="ok">{{ evil }}</c-status>',
        '<c-dialog id="x" title="{{ evil }}" open="{{ evil }}">{{ evil }}</c-dialog>',
        '<c-map src="{{ evil }}" title="{{ evil }}" :legend="evils">{{ evil }}</c-map>',
    ],
)
def test_words_of_people_never_become_markup(draw, markup):
    drawn = draw(
        markup,
        evil=EVIL,
        evils=[(EVIL, EVIL)],
        problems=[Problem(field=EVIL, say=EVIL)],
        facts=[{"label": EVIL, "value": EVIL, "source": EVIL}],
    )
    assert "<script>" not in drawn
    assert "alert(1)" in drawn or "f-script-alert-1-script" in drawn


def test_the_error_summary_links_each_problem_to_its_field(draw):
    drawn = draw(
        '<c-errors :problems="problems" />',
        problems=[Problem(field="mother.who.full_name", say="Hãy ghi họ tên.")],
    )
    assert '<a href="#f-mother-who-full-name">Hãy ghi họ tên.</a>' in drawn
    assert "Còn 1 chỗ cần sửa" in drawn


def test_no_error_draws_nothing(draw):
    assert draw('<c-errors :problems="problems" />', problems=[]) == ""


def test_few_choices_are_radios_and_many_are_a_list(draw):
    few = draw(
        '<c-field name="a" label="x" type="choice" :options="o" value="1" />', o={"1": "Một"}
    )
    many = draw(
        '<c-field name="a" label="x" type="choice" :options="o" value="3" />',
        o={str(n): f"Mục {n}" for n in range(9)},
    )
    assert '<input type="radio" name="a" value="1" checked' in few
    assert '<option value="3" selected>Mục 3</option>' in many


def test_the_stylesheets_stay_under_forty_kilobytes():
    assert sum((CSS / name).stat().st_size for name in ("tokens.css", "components.css")) < 40_000


def test_no_template_carries_inline_style_or_script():
    inline = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)")
    for name in ("design", "portal"):
        for template in (CHANNELS / name / "templates").rglob("*.html"):
            assert not inline.search(template.read_text()), template


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = (CSS / "icons.svg").read_text()
    named = re.compile(r"""\{% icon ["']([a-z-]+)["']|icon="([a-z-]+)"|after="([a-z-]+)\"""")
    for template in CHANNELS.rglob("*.html"):
        for found in named.finditer(template.read_text()):
            name = next(group for group in found.groups() if group)
            assert f'id="i-{name}"' in sprite, (template, name)


def test_line_height_leaves_room_for_stacked_marks():
    heights = re.findall(r"line-height:\s*([\d.]+);", (CSS / "components.css").read_text())
    assert min(float(height) for height in heights) >= 1.15
