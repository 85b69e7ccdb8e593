"""Packs that declare elements, mappings and a plan: what is wrong is said by file and line."""

from datetime import date
from pathlib import Path

import pytest

from cuaso.declarations.dictionary_elements import Domain, domain_on
from cuaso.declarations.packs import check, load
from cuaso.declarations.trouble import BadDeclaration

SHARED = Path(__file__).parents[4] / "packs" / "core-data"
HEADER = "code,label_vi,label_en,from,to,source,unverified\n"
MAPPED = "code,target,relation,from,to,source,unverified\n"
ELEMENT = """title: Tàu cá
steward: Sở Nông nghiệp và Môi trường
elements:
  gear:
    title: Nghề
    definition: Nghề khai thác của tàu.
    domain: [{from: 2019-01-01, value: {codes: gear}, source: Luật Thủy sản}]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return the folder of a small pack with two lists, a whole mapping and one element."""
    folder = tmp_path / "fish"
    for name in ("codes", "elements", "planning"):
        (folder / name).mkdir(parents=True)
    (folder / "pack.yaml").write_text("title: Tàu cá\nversion: 1.0.0\n")
    (folder / "README.md").write_text("Tàu cá.\n")
    titles = "list,title_vi,title_en,source\ngear,Nghề,Gear,x\nold_gear,Nghề cũ,Old gear,x\n"
    (folder / "codes" / "lists.csv").write_text(titles)
    (folder / "codes" / "gear.csv").write_text(HEADER + "rake,Kéo,,,,,no\nline,Câu,,,,,no\n")
    old = "1,Kéo đôi,,,,,no\n2,Câu,,,2024-12-31,,no\n"
    (folder / "codes" / "old_gear.csv").write_text(HEADER + old)
    write_mapping(folder, "1,rake,broader,,,x,no\n2,line,exact,,,x,no\n")
    (folder / "elements" / "vessel.yaml").write_text(ELEMENT)
    return folder


def write_mapping(folder: Path, lines: str, name: str = "old_gear__gear") -> None:
    (folder / "codes" / f"{name}.map.csv").write_text(MAPPED + lines)


def said(folder: Path) -> list[str]:
    return [f"{one.file.name}:{one.line}: {one.what}" for one in check([folder]).errors]


def test_a_whole_pack_is_well(pack):
    (pack / "planning" / "holdings.csv").write_text(
        "system,title,sector,elements,role,steward,shared,published,from,to,unverified\n"
        "vessels,Sổ tàu cá,fisheries,vessel.gear,source,so,yes,no,,,yes\n"
    )
    assert said(pack) == []
    assert load(pack).unverified == 1


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        ("1,rake,exact,,,x,no\n", ":0: Mã “2” của “old_gear” chưa có dòng nào."),
        (
            "1,rake,exact,,2025-06-30,x,no\n2,line,exact,,,x,no\n",
            ":2: Mã “1” còn hiệu lực mà ánh xạ dừng ngày 2025-06-30.",
        ),
        (
            "1,rake,exact,,2025-06-30,x,no\n1,line,exact,2025-08-01,,x,no\n2,line,exact,,,x,no\n",
            ":3: Mã “1” không có ánh xạ giữa 2025-06-30 và 2025-08-01.",
        ),
        (
            "1,rake,exact,,,x,no\n1,line,exact,,,x,no\n2,line,exact,,,x,no\n",
            ":3: Mã “1” không thể bằng đúng hai mã khác nhau.",
        ),
        (
            "1,rake,exact,,,x,no\n1,rake,exact,2025-01-01,,x,no\n2,line,exact,,,x,no\n",
            ":3: Mã “1” ứng với “rake” hai lần trong cùng thời gian.",
        ),
        (
            "1,rake,exact,,,x,no\n1,,none,,,x,no\n2,line,exact,,,x,no\n",
            ":3: Mã “1” vừa có vừa không có mã tương ứng.",
        ),
        (
            "1,raak,exact,,,x,no\n2,line,exact,,,x,no\n",
            ":2: Danh mục “gear” không có mã “raak”.",
        ),
        (
            "1,rake,exact,,,x,no\n2,line,exact,,,x,no\n3,line,exact,,,x,no\n",
            ":4: Danh mục “old_gear” không có mã “3”.",
        ),
        ("1,rake,exakt,,,x,no\n2,line,exact,,,x,no\n", ":2: Không có quan hệ “exakt”."),
        (
            "1,,exact,,,x,no\n2,line,exact,,,x,no\n",
            ":2: Mã “1”: chỉ quan hệ none mới không có mã đích.",
        ),
        (
            "1,rake,exact,2025-02-01,2025-01-01,x,no\n2,line,exact,,,x,no\n",
            ":2: Dòng này kết thúc trước khi bắt đầu.",
        ),
        ("1,rake,exact,x,,x,no\n2,line,exact,,,x,no\n", ":2: Ô “from” không đọc được: “x”."),
    ],
)
def test_a_gap_or_an_overlap_of_a_mapping_is_said_at_its_line(pack, lines, mistake):
    write_mapping(pack, lines)
    assert said(pack) == [f"old_gear__gear.map.csv{mistake}"]


def test_a_mapping_whose_name_or_lists_lead_nowhere_is_said(pack):
    write_mapping(pack, "1,rake,exact,,,x,no\n", "old_gear__geer")
    assert said(pack) == ["old_gear__geer.map.csv:0: Không có danh mục “geer”."]
    write_mapping(pack, "1,rake,exact,,,x,no\n", "geer")
    assert said(pack)[0].startswith("geer.map.csv:0: Tên tệp “geer.map.csv” không nói ánh xạ")


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("codes: gear", "codes: geer", "vessel.yaml:7: Không có danh mục nào tên “geer”."),
        (
            "{codes: gear}",
            "{type: choice}",
            "vessel.yaml:7: Danh mục mã và kiểu không khớp.",
        ),
        (
            "{codes: gear}",
            "{type: integer, pattern: x}",
            "vessel.yaml:7: “pattern” chỉ dùng cho chữ và mã.",
        ),
        (
            "{codes: gear}",
            "{type: code, pattern: '(a+)+'}",
            "vessel.yaml:7: Mẫu “(a+)+” dùng phép mà không phải nơi nào cũng hiểu, hoặc chạy mãi.",
        ),
        (
            "{codes: gear}",
            "{type: code, pattern: 'a(?=b)'}",
            "vessel.yaml:7: Mẫu “a(?=b)” dùng phép mà không phải nơi nào cũng hiểu, hoặc chạy mãi.",
        ),
        (
            "{codes: gear}",
            "{type: code, pattern: 'a[', examples: [a]}",
            "vessel.yaml:7: Không đọc được mẫu “a[”.",
        ),
        (
            "{codes: gear}",
            "{type: code, pattern: 'a', examples: [b]}",
            "vessel.yaml:7: Giá trị mẫu “b” không theo mẫu.",
        ),
        (
            "title: Nghề\n",
            "title: Nghề\n    status: superseded\n",
            "vessel.yaml:4: Trạng thái superseded và mục “replaced_by” phải đi cùng nhau.",
        ),
        (
            "title: Nghề\n",
            "title: Nghề\n    status: superseded\n    replaced_by: vessel.geer\n",
            "vessel.yaml:7: Không có phần tử “vessel.geer” để thay.",
        ),
        (
            "title: Nghề\n",
            "title: Nghề\n    status: final\n",
            "vessel.yaml:6: “status” không nhận giá trị “final”.",
        ),
    ],
)
def test_a_wrong_element_is_said_at_its_line(pack, old, new, mistake):
    file = pack / "elements" / "vessel.yaml"
    file.write_text(ELEMENT.replace(old, new))
    assert said(pack) == [mistake]


def test_an_element_that_two_packs_declare_is_said_in_the_second(pack, tmp_path):
    other = tmp_path / "ships"
    (other / "elements").mkdir(parents=True)
    (other / "pack.yaml").write_text("title: Tàu\nversion: 1.0.0\n")
    (other / "README.md").write_text("Tàu.\n")
    (other / "elements" / "vessel.yaml").write_text(ELEMENT)
    errors = check([pack, other]).errors
    assert [f"{one.file.parts[-3]}:{one.line} {one.what}" for one in errors] == [
        "ships:4 Phần tử “vessel.gear” đã khai báo trong gói “fish”."
    ]


@pytest.mark.parametrize(
    ("table", "lines", "mistake"),
    [
        (
            "obligations",
            (
                "key,sector,title,elements,steward,year,source,from,to,unverified\n"
                "a,fish,Tàu,vessel.gear,so,2026,Luật,,,no\na,fish,Tàu,vessel.size,so,2026,Luật,,,no\n"
            ),
            ["obligations.csv:3: Khóa “a” bị viết hai lần."],
        ),
        (
            "obligations",
            (
                "key,sector,title,elements,steward,year,source,from,to,unverified\n"
                "a,fish,Tàu,vessel.geer,so,2026,Luật,,,no\n"
            ),
            ["obligations.csv:2: Từ điển không có phần tử “vessel.geer”."],
        ),
        (
            "holdings",
            (
                "system,title,sector,elements,role,steward,shared,published,from,to,unverified\n"
                "v,Sổ,fish,vessel.gear,origin,so,no,no,,,no\n"
            ),
            ["holdings.csv:2: Không có vai “origin”."],
        ),
        (
            "applications",
            (
                "key,title,purpose,agency,state,elements,interfaces,level,cost_vnd,contract,from,to,"
                "unverified\na,Phần mềm,Việc,so,dead,vessel.gear,,6,0,,,,no\n"
            ),
            [
                "applications.csv:2: Không có trạng thái “dead”.",
                "applications.csv:2: Cấp độ an toàn 6 không có; cấp độ từ 1 đến 5.",
            ],
        ),
    ],
)
def test_a_wrong_line_of_a_plan_is_said(pack, table, lines, mistake):
    (pack / "planning" / f"{table}.csv").write_text(lines)
    assert said(pack) == mistake


def test_a_domain_is_that_of_the_day(pack):
    file = pack / "elements" / "vessel.yaml"
    later = "source: Luật Thủy sản}, {from: 2027-01-01, value: {type: text}, source: Luật mới}]"
    file.write_text(ELEMENT.replace("source: Luật Thủy sản}]", later))
    gear = load(pack).elements["vessel"].elements["gear"]
    days = [date(2018, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [domain_on(gear, day) for day in days] == [
        None,
        Domain(type="choice", codes="gear"),
        Domain(type="text"),
    ]


def test_the_shared_pack_declares_sixty_three_elements_and_no_mistake():
    shared = load(SHARED)
    keys = [key for name, one in shared.elements.items() for key, _ in one.keyed(name)]
    assert len(keys) == len(set(keys)) == 63
    assert [mapping.path.name for mapping in shared.mappings] == [
        "province_before_2025__national_province.map.csv",
        "sex__iso_sex.map.csv",
    ]


def test_a_file_that_is_no_yaml_is_refused_whole(pack):
    (pack / "elements" / "vessel.yaml").write_text("title: [")
    with pytest.raises(BadDeclaration):
        load(pack)
