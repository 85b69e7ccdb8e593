"""KT-d6h: codes of one list in another, by the day, both ways, or why not."""

from datetime import date
from pathlib import Path

import pytest

from cuaso.declarations.dictionary_mappings import CodeMapping, read_mappings
from cuaso.foundation.dictionary import api
from cuaso.foundation.dictionary.contracts import CodeEntry
from cuaso.foundation.dictionary.element_models import Mapping
from cuaso.kernel.errors import NotFound
from cuaso.kernel.periods import Period

PACKS = Path(__file__).parents[5] / "packs"
OLD, NEW = "province_before_2025", "national_province"
EVE, CHANGE = date(2025, 6, 30), date(2025, 7, 1)
HEADER = "code,target,relation,from,to,source,unverified\n"
pytestmark = pytest.mark.django_db


def mapping(tmp_path: Path, lines: str, name: str = "old__new") -> CodeMapping:
    (tmp_path / f"{name}.map.csv").write_text(HEADER + lines, encoding="utf-8")
    return read_mappings(tmp_path)[0]


@pytest.fixture
def two_lists():
    ended = Period(None, CHANGE)
    old = [CodeEntry(code=code, label=f"Xã {code}", valid=ended) for code in ("a", "b", "c", "d")]
    new = [CodeEntry(code=code, label=f"Xã mới {code}", valid=Period(CHANGE)) for code in "xyz"]
    api.install("old", "Xã cũ", "nguồn thử", old)
    api.install("new", "Xã mới", "nguồn thử", new)


@pytest.fixture
def mapped(two_lists, tmp_path):
    lines = (
        "a,x,exact,2025-07-01,,NQ 1,no\n"
        "b,y,narrower,2025-07-01,,NQ 1,no\n"
        "b,z,narrower,2025-07-01,,NQ 1,yes\n"
        "c,z,broader,2025-07-01,,NQ 1,no\n"
        "d,,none,2025-07-01,,NQ 1,no\n"
    )
    return api.install_mapping(mapping(tmp_path, lines))


def codes(list_id: str, code: str, to_list: str, on: date) -> list[tuple[str, str]]:
    return [(one.code, one.relation) for one in api.map_code(list_id, code, to_list, on).codes]


def test_a_code_is_translated_split_and_merged_as_of_a_day(mapped):
    assert codes("old", "a", "new", CHANGE) == [("x", "exact")]
    assert codes("old", "b", "new", CHANGE) == [("y", "narrower"), ("z", "narrower")]
    assert codes("old", "c", "new", CHANGE) == [("z", "broader")]
    assert api.map_code("old", "a", "new", CHANGE).certain
    assert api.map_code("old", "c", "new", CHANGE).certain
    assert not api.map_code("old", "b", "new", CHANGE).certain


def test_a_mapping_is_read_backward_with_the_relation_turned(mapped):
    assert codes("new", "x", "old", EVE) == [("a", "exact")]
    assert codes("new", "z", "old", EVE) == [("b", "broader"), ("c", "narrower")]
    lines = api.mappings("new", CHANGE)[0].lines
    assert [
        (code, other.code, other.relation) for code, _, other in lines if code == "z" and other
    ] == [
        ("z", "b", "broader"),
        ("z", "c", "narrower"),
    ]


@pytest.mark.parametrize(
    ("asked", "day", "why"),
    [
        (("old", "d", "new"), CHANGE, "Mã “d” không có mã tương ứng trong danh mục “new”."),
        (("old", "q", "new"), CHANGE, "Danh mục “old” không có mã “q”."),
        (("older", "a", "new"), CHANGE, "Không có danh mục “older”."),
        (("old", "a", "lone"), CHANGE, "Chưa có ánh xạ giữa danh mục “old” và danh mục “lone”."),
        (("old", "a", "new"), EVE, "Ánh xạ sang danh mục “new” chưa nói tới mã “a” vào ngày"),
        (("new", "x", "old"), CHANGE, "Mã tương ứng trong danh mục “old” không có hiệu lực ngày"),
    ],
)
def test_a_code_without_counterpart_says_why(
    mapped, asked: tuple[str, str, str], day: date, why: str
):
    api.install("lone", "Một mình", "nguồn thử", [CodeEntry(code="1", label="Một")])
    found = api.map_code(*asked, day)
    assert found.codes == ()
    assert found.say.startswith(why)


def test_installing_a_mapping_again_makes_it_what_the_file_says(mapped, tmp_path):
    lines = "a,x,exact,2025-07-01,,NQ 1,no\nb,y,exact,2025-07-01,,NQ 2,no\n"
    done = api.install_mapping(mapping(tmp_path, lines))
    assert (mapped.added, done.added, done.changed, done.same) == (5, 1, 4, 1)
    assert codes("old", "b", "new", CHANGE) == [("y", "exact")]
    assert api.install_mapping(mapping(tmp_path, lines)).same == 2


def test_a_mapping_to_a_list_that_is_not_there_is_refused(two_lists, tmp_path):
    with pytest.raises(NotFound) as refusal:
        api.install_mapping(mapping(tmp_path, "a,x,exact,,,NQ,no\n", "old__newer"))
    assert refusal.value.code == "dictionary.no_list"
    assert Mapping.objects.count() == 0


def test_sixty_three_provinces_become_thirty_four(settings):
    settings.PACKS = PACKS
    for name in ("province", "core-data"):
        api.install_folder(PACKS / name / "codes")
    assert api.install_mapping_packs() == 65
    assert api.install_mapping_packs() == 0
    assert codes(OLD, "52", NEW, CHANGE) == [("52", "broader")]
    assert api.map_code(OLD, "64", NEW, CHANGE).codes[0].label == "Tỉnh Gia Lai"
    assert codes(OLD, "77", NEW, CHANGE) == [("79", "broader")]
    assert codes(OLD, "01", NEW, CHANGE) == [("01", "exact")]
    merged = {api.map_code(OLD, one.code, NEW, CHANGE).codes[0].code for one in api.codes(OLD, EVE)}
    assert len(merged) == 34
    assert codes("iso_sex", "2", "sex", CHANGE) == [("female", "exact")]
