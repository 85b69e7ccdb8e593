from datetime import date
from pathlib import Path

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary import api
from cuaso.foundation.dictionary.contracts import CodeEntry, Installed
from cuaso.foundation.dictionary.models import Code, CodeList
from cuaso.kernel.errors import Conflict, Invalid, NotFound
from cuaso.kernel.periods import Period
from cuaso.kernel.subjects import Subject

PROVINCE = Path(__file__).parents[5] / "packs" / "province"
CHANGE = date(2025, 7, 1)
ROWS = (
    CodeEntry(code="52", label="Tỉnh Bình Định", valid=Period(None, CHANGE)),
    CodeEntry(code="52", label="Tỉnh Gia Lai", valid=Period(CHANGE), unverified=True),
    CodeEntry(code="48", label="Thành phố Đà Nẵng", label_en="Da Nang"),
)
pytestmark = pytest.mark.django_db


def install(rows: tuple[CodeEntry, ...] = ROWS) -> Installed:
    return api.install("region", "Vùng", "nguồn thử", rows)


def test_installing_twice_changes_nothing_and_is_recorded_once():
    first, second = install(), install()
    assert (first.added, first.changed, first.same) == (3, 0, 0)
    assert (second.added, second.changed, second.same) == (0, 0, 3)
    about = Subject(kind="dictionary.code_list", id=CodeList.objects.get().id)
    assert [entry.act for entry in audit.history(about)] == ["dictionary.installed"]


def test_a_code_means_what_it_meant_on_the_day():
    install()
    assert api.label("region", "52", date(2025, 6, 30)) == "Tỉnh Bình Định"
    assert api.label("region", "52", CHANGE) == "Tỉnh Gia Lai"
    assert [code.code for code in api.codes("region", CHANGE)] == ["52", "48"]
    assert api.code("region", "52", CHANGE).source == "nguồn thử"


def test_a_corrected_label_changes_that_code_only():
    install()
    mended = CodeEntry(code="48", label="Đà Nẵng", label_en="Da Nang")
    done = install((*ROWS[:2], mended))
    assert (done.added, done.changed, done.same) == (0, 1, 2)
    assert api.label("region", "48") == "Đà Nẵng"


def test_a_code_that_a_pack_no_longer_names_stays():
    install()
    install(ROWS[:2])
    assert api.has("region", "48")


def test_ending_a_code_and_giving_it_a_new_meaning_is_one_installation():
    install((CodeEntry(code="52", label="Tỉnh Bình Định"),))
    install(ROWS[:2])
    assert api.label("region", "52", CHANGE) == "Tỉnh Gia Lai"


def test_two_meanings_on_one_day_are_refused_and_nothing_changes():
    with pytest.raises(Conflict) as refusal:
        install((*ROWS, CodeEntry(code="52", label="Tỉnh khác", valid=Period(date(2025, 1, 1)))))
    assert refusal.value.code == "dictionary.overlap"
    assert CodeList.objects.count() == 0
    assert Code.objects.count() == 0


def test_an_unknown_list_and_an_unknown_code_are_told_apart():
    install()
    with pytest.raises(NotFound) as no_list:
        api.codes("regions")
    with pytest.raises(NotFound) as no_code:
        api.label("region", "99")
    assert (no_list.value.code, no_code.value.code) == ("dictionary.no_list", "dictionary.no_code")
    assert not api.has("region", "99")
    assert api.find_code("region", "99") is None


def test_who_types_without_marks_finds_the_label_and_marks_rank_first():
    install()
    assert [code.code for code in api.find("region", "da nang", CHANGE)] == ["48"]
    assert [code.label for code in api.find("region", "gia", CHANGE)] == ["Tỉnh Gia Lai"]
    assert api.find("region", "binh dinh", CHANGE) == ()
    assert len(api.find("region", "", CHANGE)) == 2


def test_a_search_full_of_signs_finds_nothing_and_breaks_nothing():
    install()
    assert api.find("region", "'; & | !:* <-> \\", CHANGE)[:1] == api.codes("region", CHANGE)[:1]


def test_the_lists_of_the_province_are_installed_with_their_marks():
    api.install_folder(PROVINCE / "codes")
    sizes = {one.list_id: (one.size, one.unverified) for one in api.lists()}
    assert sizes["ethnic_group"] == (54, 54)
    assert sizes["dossier_status"] == (10, 10)
    assert sizes["national_province"] == (97, 0)
    assert len(api.codes("national_province", date(2025, 6, 30))) == 63
    assert len(api.codes("national_province", CHANGE)) == 34
    assert api.label("national_province", "52", date(2025, 6, 30)) == "Tỉnh Bình Định"
    assert api.label("national_province", "52", CHANGE) == "Tỉnh Gia Lai"
    assert api.label("dossier_status", "10") == "Đã trả kết quả"
    assert api.label("ethnic_group", "13") == "Ba-na"


def test_a_list_without_title_is_refused(tmp_path):
    header = "code,label_vi,label_en,from,to,source,unverified\n"
    (tmp_path / "lists.csv").write_text("list,title_vi,title_en,source\n", encoding="utf-8")
    (tmp_path / "sex.csv").write_text(header + "male,Nam,Male,,,,no\n", encoding="utf-8")
    with pytest.raises(Invalid) as refusal:
        api.install_folder(tmp_path)
    assert refusal.value.code == "dictionary.untitled"
    assert CodeList.objects.count() == 0


def test_every_pack_is_installed_from_the_settings(settings):
    settings.PACKS = PROVINCE.parent
    assert api.install_packs() > 200
    assert api.install_packs() == 0


def test_a_description_asks_for_all_short_lists_at_once_as_they_stand_on_a_day():
    install()
    many = tuple(CodeEntry(code=f"{n:02}", label=f"Vùng {n}") for n in range(4))
    api.install("long_region", "Vùng dài", "nguồn thử", many)
    assert api.short_lists(3, CHANGE) == {"region": ("52", "48")}
    assert api.short_lists(4, CHANGE)["long_region"] == ("00", "01", "02", "03")
