import pytest

from cuaso.kernel.errors import Invalid
from cuaso.kernel.tests.damaged import WAYS, damaged
from cuaso.services.catalogue.logic import opening


@pytest.mark.parametrize("way", WAYS)
def test_an_administrator_imports_a_workbook_that_was_damaged_on_the_way(tmp_path, way):
    path = tmp_path / "danh-muc.xlsx"
    path.write_bytes(damaged(way))
    with pytest.raises(Invalid) as refusal:
        opening.opened(path)
    assert refusal.value.what.startswith("Tệp danh-muc.xlsx: bảng tính Excel bị cụt hoặc hỏng")
