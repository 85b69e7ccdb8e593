import pytest

from cuaso.foundation.files.contracts import XLSX
from cuaso.foundation.files.logic.examine import examine
from cuaso.kernel.errors import Invalid
from cuaso.kernel.tests.damaged import WAYS, damaged


@pytest.mark.parametrize("way", WAYS)
def test_somebody_sends_a_workbook_that_was_damaged_on_the_way(tmp_path, way):
    path = tmp_path / "a.xlsx"
    path.write_bytes(damaged(way))
    with pytest.raises(Invalid) as refusal:
        examine(path, name="a.xlsx", declared_type="", allowed=frozenset({XLSX}))
    assert refusal.value.code == "files.broken"
