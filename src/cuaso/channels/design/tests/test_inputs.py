"""Inputs of declared fields: what is typed, what is chosen, what the house works out."""

from datetime import date

import pytest

from cuaso.declarations.fields import Context, InventedRecords
from cuaso.declarations.forms import FieldView, Form
from cuaso.kernel.errors import Problem

CONTEXT = Context(today=date(2026, 11, 26), records=InventedRecords())
FORM = Form.model_validate(
    {
        "sections": {
            "farm": {
                "title": "Cơ sở",
                "fields": {
                    "owner": {"title": "Chủ cơ sở", "type": "organisation"},
                    "lease": {"title": "Thời hạn thuê", "type": "period"},
                    "vessel": {"title": "Tàu", "to": "agriculture/fishing_vessel"},
                    "plot": {"title": "Thửa đất", "type": "polygon", "zone": "108-15"},
                    "at": {"title": "Vị trí", "type": "point"},
                    "area": {"title": "Diện tích", "is": "farm.plot.area", "as": "decimal"},
                },
            }
        }
    }
)
PLOT = "13,776; 109,223\n13,776; 109,224\n13,775; 109,224"


@pytest.fixture
def drawn(draw):
    """Return a function that draws one field of the form as it stands for an input."""

    def of(name: str, posted: dict[str, str], *problems: Problem) -> str:
        (section,) = FORM.describe(posted, CONTEXT, problems=problems).sections
        found: dict[str, FieldView] = {one.id: one for one in section.rows[0].fields}
        return str(draw('<c-input :one="one" />', one=found[name]))

    return of


def test_a_period_and_an_organisation_are_groups_of_inputs(drawn):
    lease = drawn("lease", {"farm.lease.from": "01/01/2026"})
    assert 'name="farm.lease.from" type="text" value="01/01/2026"' in lease
    assert "Để trống khi chưa biết ngày kết thúc." in lease
    assert 'name="farm.owner.number"' in drawn("owner", {})


def test_a_reference_is_chosen_from_a_short_registry_by_name(drawn):
    vessel = drawn("vessel", {"farm.vessel": "MAU-2"})
    assert 'name="farm.vessel" value="MAU-2" checked' in vessel
    assert "Bản ghi mẫu 3" in vessel
    assert "Hãy gõ mã" not in vessel


def test_coordinates_are_typed_in_a_line_or_in_lines_with_advice(drawn):
    plot = drawn("plot", {"farm.plot": "13,776; 109,223"})
    assert '<textarea id="f-farm-plot" name="farm.plot"' in plot
    assert "ví dụ 13,776; 109,223 / 1523703,603; 605049,761. Mỗi điểm một dòng." in plot
    at = drawn("at", {}, Problem(field="farm.at", say="Vị trí đang ghi kinh độ trước vĩ độ."))
    assert '<input id="f-farm-at" name="farm.at" type="text"' in at
    assert "Vị trí đang ghi kinh độ trước vĩ độ." in at


def test_a_computed_field_is_read_and_never_typed(drawn):
    assert "<output>5.982,04</output>" in drawn("area", {"farm.plot": PLOT})
    waiting = drawn("area", {})
    assert "Hệ thống tính khi đủ các ô liên quan." in waiting
    assert "<input" not in waiting
    wrong = drawn("area", {}, Problem(field="farm.area", say="Diện tích chưa tính được."))
    assert "Diện tích chưa tính được." in wrong
