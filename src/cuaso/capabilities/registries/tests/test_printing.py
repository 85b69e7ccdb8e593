"""A register on paper."""

import subprocess

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.capabilities.registries.tests.conftest import VESSEL
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound

KEY = "harbour/vessel"


def test_an_officer_prints_the_register_of_what_was_filtered(department: Actor) -> None:
    for number, gear in enumerate(("vay", "cau", "vay"), start=1):
        registries.add(
            registry=KEY,
            values={**VESSEL, "number": f"BĐ-0000{number}-TS", "gear": gear},
            actor=department,
        )
    only = ListQuery(filters=(Filter(path="gear", how="is", values=("vay",)),), words="hai au")
    printed = registries.print_register(registry=KEY, name="register", query=only, actor=department)
    assert (printed.name, printed.rows) == ("harbour-vessel-register-20261124.pdf", 2)
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=printed.pdf, capture_output=True, check=True
    ).stdout.decode()
    assert "SỔ ĐĂNG KÝ TÀU CÁ" in text
    assert "BĐ-00001-TS" in text
    assert "BĐ-00002-TS" not in text
    assert "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG" in text
    assert "Chỉ gồm bản ghi có Nghề là Lưới vây; có chữ “hai au”" in " ".join(text.split())
    assert "Sổ in ngày 24 tháng 11 năm 2026 từ cơ sở dữ liệu, gồm 2 bản ghi." in text
    with pytest.raises(NotFound):
        registries.print_register(registry=KEY, name="other", query=only, actor=department)
