"""A registry goes out as a survey form and comes back; what such a form cannot hold is told."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cuaso.declarations import xlsform
from cuaso.declarations.codes import PackLists
from cuaso.declarations.fields import Field, Option
from cuaso.declarations.fields.numbers import bound
from cuaso.declarations.pack import Pack
from cuaso.declarations.packs import load
from cuaso.declarations.registries import Registry
from cuaso.declarations.xlsform.from_cel import translated
from cuaso.declarations.xlsform.tables import LEFT
from cuaso.declarations.xlsform.xpath import Known, Untranslated

PACKS = Path(__file__).parents[4] / "packs"
EIGHT = (
    "home-affairs", "foreign-affairs", "justice", "construction", "transport", "agriculture",
    "education", "ethnic-affairs",
)  # fmt: skip
DAY = date(2026, 3, 1)
PLACES = {
    "commune": (Option(code="21583", label="Phường Quy Nhơn", label_en="Quy Nhon ward"),),
    "province": (Option(code="52", label="Gia Lai"),),
}
AROUND = {"owner": "so-xay-dung-gia-lai", "legal": [{"source": "Quyết định thử số 1"}]}
FERRY: Mapping[str, Any] = {
    **AROUND,
    "title": "Sổ bến đò",
    "item": "Bến",
    "key": ["number"],
    "name": "{number} – {owner.full_name}",
    "fields": {
        "number": {
            "title": "Số", "type": "code", "pattern": r"BĐ-\d{3}", "pattern_say": "Viết BĐ-001.",
        },
        "commune": {"title": "Xã, phường", "type": "place"},
        "kind": {"title": "Loại", "title_en": "Kind", "codes": "ferry_kind"},
        "open": {"title": "Đang chạy", "type": "yes_no"},
        "length": {"title": "Chiều dài", "type": "decimal", "min": "2.5", "unit": "m"},
        "seats": {"title": "Số ghế", "type": "integer", "when": 'kind in ["big", "huge"] && open'},
        "built_on": {"title": "Ngày đóng", "type": "date", "required": "no", "not_after": "today"},
        "checked_on": {"title": "Ngày kiểm tra", "type": "date", "required": "!blank(built_on)"},
        "price_vnd": {"title": "Giá vé", "type": "vnd", "max": "50.000 đồng"},
        "owner": {"title": "Chủ bến", "type": "person", "parts": ["full_name"], "personal": "yes"},
        "old": {"title": "Cũ", "is": 'built_on < day("2000-01-01")', "as": "yes_no"},
        "repair": {"title": "Lần sửa", "when": "old"},
        "dues_vnd": {"title": "Phải nộp", "is": "price_vnd * 2", "as": "vnd"},
    },
    "parts": {"boat": {"title": "Con đò", "fields": ["number", "length"]}},
    "groups": {
        "crew": {
            "title": "Người lái",
            "max": "3",
            "fields": {
                "name": {"title": "Họ tên"},
                "age": {"title": "Tuổi", "type": "integer"},
                "years": {"title": "Số năm lái", "type": "integer"},
            },
            "rules": [{"check": "item.years < item.age", "say": "Số năm lái phải dưới số tuổi."}],
        }
    },
    "rules": [
        {"check": "checked_on >= built_on", "say": "Kiểm tra không trước ngày đóng."},
        {"check": "crew.size() > 0 || !open", "say": "Bến đang chạy phải có người lái."},
    ],
    "lists": {"default": {"columns": ["number"]}},
}  # fmt: skip
KINDS = (Option(code="big", label="Lớn", label_en="Big"), Option(code="huge", label="Rất lớn"))
LISTS = {**PLACES, "ferry_kind": KINDS}


def tables(form: xlsform.Written) -> dict[str, xlsform.Table]:
    return {
        name: xlsform.Table.of(name, enumerate(rows, start=1)) for name, rows in form.sheets.items()
    }


def back(
    form: xlsform.Written, lists: Mapping[str, Sequence[Option]], registries: frozenset[str]
) -> xlsform.Draft:
    codes = {id: frozenset(one.code for one in options) for id, options in lists.items()}
    return xlsform.drafted(tables(form), around=AROUND, codes=codes, registries=registries)


@pytest.fixture
def ferry() -> xlsform.Written:
    return xlsform.written(Registry.model_validate(FERRY), name="ferry", lists=LISTS)


def test_an_officer_takes_a_registry_out_as_a_form_and_each_field_is_a_question(
    ferry: xlsform.Written,
) -> None:
    survey = tables(ferry)["survey"]
    assert [(row.get("type"), row.get("name")) for row in survey.rows] == [
        ("begin_group", "boat"), ("text", "number"), ("decimal", "length"), ("end_group", ""),
        ("select_one commune", "commune"), ("select_one ferry_kind", "kind"),
        ("select_one co_khong", "open"), ("integer", "seats"), ("date", "built_on"),
        ("date", "checked_on"), ("integer", "price_vnd"), ("begin_group", "owner"),
        ("text", "owner_full_name"), ("end_group", ""), ("calculate", "old"), ("text", "repair"),
        ("calculate", "dues_vnd"),
        ("begin_repeat", "crew"), ("text", "name"), ("integer", "age"), ("integer", "years"),
        ("end_repeat", ""),
    ]  # fmt: skip
    by_name = {row.get("name"): row.cells for row in survey.rows}
    assert by_name["number"]["constraint"] == r"regex(., '^BĐ-\d{3}$')"
    assert by_name["length"]["hint::tiếng việt (vi)"] == "Đơn vị tính: m."
    assert by_name["seats"]["relevant"] == (
        "((${kind} = 'big' or ${kind} = 'huge') and ${open} = 'yes')"
    )
    assert by_name["checked_on"]["required"] == "${built_on} != ''"
    assert by_name["checked_on"]["constraint"] == "(${built_on} = '' or . >= ${built_on})"
    assert by_name["checked_on"]["constraint_message::tiếng việt (vi)"] == (
        "Kiểm tra không trước ngày đóng."
    )
    assert by_name["price_vnd"]["constraint"] == ". <= 50000"
    assert by_name["old"]["calculation"] == "if(${built_on} < date('2000-01-01'), 'yes', 'no')"
    assert by_name["repair"]["relevant"] == "${old} = 'yes'"
    assert by_name["years"]["constraint"] == ". < ${age}"
    assert by_name["dues_vnd"]["calculation"] == "(${price_vnd} * 2)"
    assert ferry.sheets["choices"][1:] == [
        ["commune", "21583", "Phường Quy Nhơn", "Quy Nhon ward"],
        ["ferry_kind", "big", "Lớn", "Big"],
        ["ferry_kind", "huge", "Rất lớn", "Rất lớn"],
        ["co_khong", "yes", "Có", "Yes"],
        ["co_khong", "no", "Không", "No"],
    ]
    assert ferry.sheets["settings"][1] == [
        "Sổ bến đò", "ferry", "Tiếng Việt (vi)", "concat(${number}, ' – ', ${owner_full_name})",
    ]  # fmt: skip


def test_an_officer_reads_by_row_what_of_a_registry_its_form_has_no_place_for(
    ferry: xlsform.Written,
) -> None:
    assert [(one.row, one.what) for one in ferry.unsaid] == [
        (3, "“Số”: kiểu mã thành chữ."),
        (13, "“Chủ bến” thành một nhóm câu hỏi; dấu dữ liệu cá nhân."),
        (14, "“Họ, chữ đệm, tên”: cách viết chuẩn."),
        (0, "Luật “Bến đang chạy phải có người lái.”: “crew” không phải một câu hỏi."),
        (19, "“Người lái”: từ 0 đến 3 dòng."),
        (0, "Khóa của sổ (“Số”): phiếu không biết bản ghi nào đã có."),
        (0, "Ngoài câu hỏi, sổ còn có: chủ quản, căn cứ, chia sẻ, lưu giữ, danh sách."),
    ]
    assert len(ferry.sheets[LEFT]) == 1 + len(ferry.unsaid)
    assert all(one.mend.endswith(".") for one in ferry.unsaid)
    draft = back(ferry, LISTS, frozenset())
    assert draft.untaken == ()
    assert draft.declared["fields"]["old"]["as"] == "yes_no"
    assert draft.declared["fields"]["repair"]["when"] == "old == true"


@pytest.mark.parametrize(
    ("cel", "why"),
    [
        ("years_between(a, today) > 3", "hàm years_between()"),
        ("other > 3", "“other” không phải một câu hỏi"),
        ("n / 2 > 1", "phép chia lấy phần nguyên"),
        ("many == 'x'", "biểu mẫu không có phép này"),
        ("n > 1 n", "không hiểu “n”"),
    ],
)
def test_what_a_form_cannot_ask_is_said_and_not_guessed(cel: str, why: str) -> None:
    names = {"n": Known("n", "integer"), "many": Known("many", "multi_choice")}
    with pytest.raises(Untranslated) as said:
        translated(cel, {**names, "a": Known("a", "date")})
    assert str(said.value) == why


# What a piece of a field that does not come back is called where it is told.
TOLD = {
    "type": "thành chữ", "to": "bản ghi của sổ khác", "brings": "bản ghi của sổ khác",
    "element": "phần tử của từ điển", "personal": "dữ liệu cá nhân", "unique": "không được trùng",
    "numbered": "được cấp số", "normalise": "cách viết chuẩn", "digits": "chữ số thập phân",
    "zone": "hệ tọa độ", "anywhere": "hệ tọa độ", "number": "loại số được kiểm tra",
    "accept": "loại tệp và số tệp", "source": "căn cứ của ô", "unverified": "căn cứ của ô",
    "legal": "căn cứ của ô", "from": "nguồn điền sẵn",
    "not_before": "giới hạn ngày tính từ hôm nay", "not_after": "giới hạn ngày tính từ hôm nay",
}  # fmt: skip
SAYS_SO = {"when": "iều kiện hiện", "required": "iều kiện bắt buộc", "is": "ông thức"}


def lost(before: Field, after: Field) -> Iterator[str]:
    one, other = (
        field.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for field in (before, after)
    )
    yield from (key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def same_in_xpath(one: Any, other: Any, names: Mapping[str, Known]) -> bool:
    try:
        both = [translated(str(cel), names) for cel in (one, other)]
    except Untranslated:
        return False
    return both[0].replace("(", "").replace(")", "") == both[1].replace("(", "").replace(")", "")


def is_told(key: str, before: Field, after: Field, names: Mapping[str, Known], told: str) -> bool:
    if key in SAYS_SO and (before.type, after.type) != ("computed", "text"):
        held = {"is": "is_"}.get(key, key)
        one, other = getattr(before, held), getattr(after, held)
        return SAYS_SO[key] in told or same_in_xpath(one, other, names)
    if key in ("min", "max") and before.type in ("vnd", "integer", "decimal"):
        return bound(before, getattr(before, key)) == bound(after, getattr(after, key))
    if key == "pattern":
        return after.pattern == f"({before.pattern})"
    if key == "pattern_say":
        return after.pattern_say.startswith(before.pattern_say)
    return word_of(key, before) in told


def word_of(key: str, before: Field) -> str:
    if key == "unit" and before.as_ == "vnd":
        return ""  # An amount says đồng by itself.
    if before.type in ("computed", "chainage"):
        return "ông thức" if before.type == "computed" else "lý trình thành chữ"
    if key == "max":
        return "số lựa chọn nhiều nhất" if before.type == "multi_choice" else "số tệp"
    return TOLD[key]


@cache
def province() -> Mapping[str, Pack]:
    return {one.name: load(one) for one in PACKS.iterdir() if (one / "pack.yaml").is_file()}


@pytest.mark.parametrize("pack", EIGHT)
def test_every_registry_of_a_pack_goes_out_and_back_and_what_is_lost_is_told(pack: str) -> None:
    every = province()
    codes = PackLists({id: one for found in every.values() for id, one in found.codes.items()})
    ids = {id for found in every.values() for id in found.codes}
    lists = {**{id: codes.options(id, DAY) for id in ids}, **PLACES}
    registries = frozenset(f"{id}/{name}" for id, one in every.items() for name in one.registries)
    silent = []
    for name, registry in every[pack].registries.items():
        form = xlsform.written(registry, name=name, lists=lists)
        draft = back(form, lists, registries)
        returned = Registry.model_validate(draft.declared)
        names = {key: Known(key, one.as_ if one.type == "computed" else one.type)
                 for key, one in registry.fields.items()}  # fmt: skip
        for key, before in registry.fields.items():
            told = " ".join(
                one.what
                for one in (*form.unsaid, *draft.untaken)
                if f"“{before.title}”" in one.what or f"“{key}”" in one.what
            )
            after = returned.fields.get(key)
            if after is None:
                if "thành một nhóm câu hỏi" not in told and "công thức" not in told:
                    silent.append((name, key, "gone"))
                continue
            silent += [
                (name, key, what)
                for what in lost(before, after)
                if what != "examples" and not is_told(what, before, after, names, told)
            ]
    assert silent == []
