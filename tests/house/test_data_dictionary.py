"""KT-d6h, TT-IV.18: the dictionary of a furnished house, from a pack's field to four standards."""

import json
from datetime import date

import pytest

from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.dictionary.contracts import Change, UseEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


def test_KT_d6h_every_element_has_owner_meaning_source_and_a_version_today():
    found = dictionary.elements()
    assert len(found) >= 63
    assert [one.key for one in found if not (one.steward and one.definition and one.versions)] == []
    assert [one.key for one in found if not all(v.source for v in one.versions)] == []


def test_KT_d6h_who_would_remove_a_code_reads_what_breaks_before_it_is_made():
    use = UseEntry(
        kind="registry",
        system="transport.driver",
        system_title="Sổ giấy phép lái xe",
        path="sex",
        title="Giới tính",
        element_key="person.sex",
        codes="sex",
    )
    dictionary.record_uses("registry:transport.driver", [use])
    found = dictionary.what_would_break("sex", Change(kind="code_removed", value="female"))
    assert {one.kind for one in found} == {"element", "mapping", "registry"}
    (driver,) = [one for one in found if one.system == "transport.driver"]
    assert driver.say == (
        "Ô “Giới tính” của “Sổ giấy phép lái xe” lấy giá trị từ danh mục “sex”: bản ghi mang mã "
        "female (Nữ) không còn mã hợp lệ từ ngày 07/10/2026."
    )


def test_TT_IV_18_a_code_of_before_the_merger_is_translated_to_today():
    mapped = dictionary.map_code("province_before_2025", "52", "national_province")
    assert [(one.code, one.label, one.relation) for one in mapped.codes] == [
        ("52", "Tỉnh Gia Lai", "broader")
    ]
    eve = date(2025, 6, 30)
    before = dictionary.map_code("national_province", "52", "province_before_2025", eve)
    assert [(one.label, one.relation) for one in before.codes] == [
        ("Tỉnh Bình Định", "narrower"),
        ("Tỉnh Gia Lai", "narrower"),
    ]


def test_TT_IV_18_the_dictionary_leaves_in_four_standards():
    schema = dictionary.export_json_schema(on=date(2026, 10, 7))
    assert len(json.dumps(schema)) > 10_000
    assert dictionary.export_xsd(["person.sex"]).startswith(b"<?xml")
    assert "skos:ConceptScheme" in dictionary.export_skos(["sex"])
    assert "sh:NodeShape" in dictionary.export_shacl(["person.sex"])
