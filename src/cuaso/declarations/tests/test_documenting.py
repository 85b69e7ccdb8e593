"""A clerk reads what a pack holds, without opening its files."""

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from cuaso.declarations.documenting import page, pages
from cuaso.declarations.documenting.condition_words import condition
from cuaso.declarations.documenting.field_words import holds
from cuaso.declarations.documenting.library import Library
from cuaso.declarations.documenting.sentences import spans, together
from cuaso.declarations.fields import Field
from cuaso.declarations.fields.field import TypeName
from cuaso.declarations.packs import load
from cuaso.declarations.tests.house import PACKS

TODAY = date(2026, 11, 26)
MANIFEST = """\
title: Bến cảng
version: 1.0.0
about: Sổ của bến cảng
systems: [DX-00]
"""
LISTS = """\
list,title_vi,title_en,source
berth_kind,Loại bến,Kinds of berths,Danh mục của cảng
berth_state,Tình trạng bến,States of berths,
"""
KINDS = """\
code,label_vi,label_en,from,to,source,unverified
river,Bến sông,River,,,,
sea,Bến biển,Sea,,,,
"""
STATES = """\
code,label_vi,label_en,from,to,source,unverified
open,Đang mở,Open,,,,
shut,Đã đóng,Shut,,,,
"""
REGISTRY = """\
title: Sổ bến
item: Bến
about: Mỗi bến của cảng
owner: cang-vu
sharing: {default: mở, open: [code, kind], period: hằng quý}
legal:
  - {source: Nghị định về cảng, from: 2025-07-01, unverified: yes}
retention: {keep: 10 năm, bin: 30 ngày}
key: code
fields:
  code:   {title: Số bến, type: code, pattern: 'B\\d{2}', pattern_say: "Số bến viết như B07.",
           unverified: yes}
  kind:   {title: Loại bến, codes: berth_kind}
  depth:  {title: Độ sâu, type: decimal, min: 1, max: 12000, unit: m, when: 'kind == "sea"'}
  keeper: {title: Người trông, max_length: 60, personal: yes, required: no}
  state:  {title: Tình trạng, codes: berth_state, default: open}
groups:
  ships:
    title: Tàu đang đậu
    item: Tàu
    max: 4
    fields:
      name: {title: Tên tàu, max_length: 40}
rules:
  - {check: depth < 100, say: "Bến không sâu quá 100 m.", at: depth, source: Quy chuẩn bến,
     unverified: yes}
  - {check: depth > 2, say: Bến biển sâu hơn 2 m., at: depth, unverified: yes}
statuses:
  field: state
  start: open
  moves:
    shut: {title: Đóng bến, from: open, to: shut, roles: [leader], of: chủ quản, needs_reason: yes,
           source: Nghị định về cảng, unverified: yes}
    look: {title: Đổi người trông, from: open, roles: [handler], asks: [keeper]}
lists:
  default: {columns: [code, kind]}
figures:
  kinds: {title: Số bến theo loại, count: yes, by: [kind]}
rights:
  - {may: [view, add], roles: [handler], say: Công chức cảng vụ ghi sổ.}
masks:
  keeper: {show: first_letter, roles: [leader]}
"""
PAGE = """\
# Bến cảng

Sổ của bến cảng.

Gói `harbour`, bản 1.0.0, gồm 1 cơ sở dữ liệu và 2 danh mục mã.\
 Gói đáp ứng DX-00 của kiến trúc chính quyền số.

Mọi lần sửa một bản ghi đều còn lại trong lịch sử: ai, khi nào, vì sao.\
 Bản ghi trái một điều ở mục “Điều được kiểm tra khi ghi” thì chưa được nhận,\
 và người ghi đọc đúng câu nêu ở đó.

Trong gói còn 5 giá trị chưa ai đối chiếu với văn bản chính thức; trên trang này chúng mang dấu †.

## Sổ bến

Mỗi bến của cảng. Cảng vụ làm chủ sổ này. Mỗi bến có số bến riêng.

**Căn cứ.** Nghị định về cảng† (hiệu lực từ 01/07/2025).

**Chia sẻ.** Ai cũng xem được các cột dữ liệu mở.\
 Dữ liệu mở, công bố hằng quý: số bến và loại bến.

**Lưu giữ.** Bản ghi được giữ 10 năm; bản ghi bị bỏ nằm trong thùng rác 30 ngày.

### Giữ những gì

| Ô | Nội dung | Ghi chú |
| --- | --- | --- |
| Số bến | mã viết như B07† |  |
| Loại bến | chọn một trong danh mục “Loại bến” (2 mã) |  |
| Độ sâu | số có phần thập phân, từ 1 đến 12.000 m | chỉ khi “Loại bến” là “Bến biển” |
| Người trông | chữ, tối đa 60 ký tự | không bắt buộc; dữ liệu cá nhân |
| Tình trạng | chọn một trong danh mục “Tình trạng bến” (2 mã) |  |

**Tàu đang đậu** (mỗi bến có tối đa 4 dòng “Tàu”)

| Ô | Nội dung | Ghi chú |
| --- | --- | --- |
| Tên tàu | chữ, tối đa 40 ký tự |  |

### Điều được kiểm tra khi ghi

- Bến không sâu quá 100 m. (Quy chuẩn bến†)
- Bến biển sâu hơn 2 m.†

### Đi qua những bước nào

Bến bắt đầu ở “Đang mở”.

- Đóng bến: từ “Đang mở” sang “Đã đóng”, do lãnh đạo của cơ quan chủ quản;\
 phải nêu lý do. (Nghị định về cảng†)
- Đổi người trông: ở “Đang mở”, trạng thái giữ nguyên, do công chức thụ lý;\
 phải điền “Người trông”.

### Xem được gì

Danh sách: “Tất cả”. Con số: “Số bến theo loại”.

### Ai được làm gì

- Công chức cảng vụ ghi sổ. (Được xem và ghi mới.)
- Chỉ lãnh đạo đọc đầy đủ “Người trông”; người khác chỉ thấy chữ cái đầu.

## Danh mục mã

| Danh mục | Số mã | Nguồn |
| --- | --- | --- |
| Loại bến | 2 | Danh mục của cảng |
| Tình trạng bến | 2 | do gói đặt |
"""


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    folder = tmp_path / "harbour"
    (folder / "registries").mkdir(parents=True)
    (folder / "codes").mkdir()
    (folder / "README.md").write_text("Sổ của bến cảng.")
    (folder / "pack.yaml").write_text(MANIFEST)
    (folder / "codes/lists.csv").write_text(LISTS)
    (folder / "codes/berth_kind.csv").write_text(KINDS)
    (folder / "codes/berth_state.csv").write_text(STATES)
    (folder / "registries/berth.yaml").write_text(REGISTRY)
    return folder


def test_a_clerk_reads_a_pack_as_a_person_would_have_written_it(harbour: Path) -> None:
    pack = load(harbour)
    library = Library(
        packs={pack.id: pack},
        registries={"harbour/berth": pack.registries["berth"]},
        codes=pack.codes,
        agencies={"cang-vu": "Cảng vụ"},
    )
    assert page(pack, library, today=TODAY) == PAGE


def test_a_clerk_reads_first_who_keeps_writes_and_reads_what_a_pack_holds() -> None:
    (told,) = pages(PACKS, [PACKS / "ethnic-affairs"], today=TODAY).values()
    assert (
        "\nSở Dân tộc và Tôn giáo tỉnh Gia Lai làm chủ cả 6 sổ. Ủy ban nhân dân xã, phường ghi phần"
        " của địa bàn mình ở 5 sổ. Người có tên trong sổ đọc được dữ liệu về mình ở 2 sổ. 5 sổ có"
        " bản đồ, một sổ có lịch, mọi sổ in được thành sổ giấy và 4 sổ có cột mở cho mọi người."
        " Mọi lần sửa một bản ghi đều còn lại trong lịch sử: ai, khi nào, vì sao."
        " Bản ghi trái một điều ở mục “Điều được kiểm tra khi ghi” thì chưa được nhận, và người ghi"
        " đọc đúng câu nêu ở đó.\n"
    ) in told


def test_every_pack_of_the_house_has_a_page_that_says_each_of_its_rules() -> None:
    told = pages(PACKS, today=TODAY)
    assert sorted(told) == sorted(path.parent.name for path in PACKS.glob("*/pack.yaml"))
    for path in PACKS.glob("*/pack.yaml"):
        pack = load(path.parent)
        for registry in pack.registries.values():
            assert f"\n## {registry.title}\n" in told[pack.id]
            missing = [rule.say for rule in registry.rules if rule.say not in told[pack.id]]
            assert missing == []
        for code in pack.procedures:
            mark = "†" if code.startswith("9.0") else ""
            assert f"| {code}{mark} | " in told[pack.id]


@pytest.mark.parametrize("kind", get_args(TypeName))
def test_every_kind_of_field_has_its_words(kind: str) -> None:
    library = Library(packs={}, registries={}, codes={}, agencies={})
    needed = {"choice": {"codes": "a"}, "multi_choice": {"codes": "a"}, "reference": {"to": "b"}}
    needed |= {"computed": {"is": "1 + 1"}}
    said = holds(Field(title="Ô", type=kind, **needed.get(kind, {})), library, pack="harbour")
    assert len(said) > 1


@pytest.mark.parametrize(
    ("cel", "said"),
    [
        ('kind == "sea" || kind == "river"', "“Loại bến” là “Bến biển” hoặc “Bến sông”"),
        ('kind in ["sea", "river"]', "“Loại bến” là “Bến biển” hoặc “Bến sông”"),
        ('kind != "sea" && lit', "“Loại bến” không phải “Bến biển” và “Có đèn” là có"),
        ("!blank(depth)", "“Độ sâu” đã điền"),
        ("!lit || depth >= 4", "“Có đèn” là không hoặc “Độ sâu” từ 4"),
        ("max(depth, 3) > 4", "biểu thức `max(depth, 3) > 4` đúng"),
        ("lit && depth > 1 || blank(kind)", "biểu thức `lit && depth > 1 || blank(kind)` đúng"),
        ("stranger", "biểu thức `stranger` đúng"),
    ],
)
def test_a_clerk_reads_a_condition_in_words_when_words_can_say_it(
    harbour: Path, cel: str, said: str
) -> None:
    library = Library(packs={}, registries={}, codes=load(harbour).codes, agencies={})
    fields = {
        "kind": Field(title="Loại bến", codes="berth_kind"),
        "lit": Field(title="Có đèn", type="yes_no"),
        "depth": Field(title="Độ sâu", type="decimal"),
    }
    assert condition(cel, fields, library) == said


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"type": "decimal", "unit": "m", "min": "1.2", "max": "3000"}, "từ 1,2 đến 3.000 m"),
        ({"type": "integer", "unit": "người", "max": "5000"}, "đến 5.000 người"),
        ({"type": "integer", "min": "1900", "max": "2100"}, "từ 1900 đến 2100"),
        ({"type": "integer", "max": "12000"}, "đến 12.000"),
        ({"type": "decimal", "min": "-2000.50", "max": "900.00"}, "từ -2.000,5 đến 900"),
        (
            {"type": "vnd", "min": "2.000 đồng", "max": "100.000.000.000 đồng"},
            "từ 2.000 đến 100.000.000.000 đồng",
        ),
    ],
)
def test_a_clerk_reads_numbers_as_vietnamese_writes_them(
    declared: dict[str, str], said: str
) -> None:
    library = Library(packs={}, registries={}, codes={}, agencies={})
    told = holds(Field.model_validate({"title": "Ô", **declared}), library, pack="harbour")
    assert told.partition(", ")[2] == said


def test_a_clerk_reads_a_run_of_systems_by_its_first_and_last() -> None:
    rows = ["TT-IV.13", "DX-10", "DX-11", "DX-12", "DX-14", "DX-15", "DX-21"]
    assert spans(rows) == ["TT-IV.13", "DX-10 đến DX-12", "DX-14", "DX-15", "DX-21"]


def test_a_clerk_reads_which_procedure_writes_a_registry() -> None:
    (told,) = pages(PACKS, [PACKS / "transport"], today=TODAY).values()
    assert "Kết quả của thủ tục “Cấp phù hiệu" in told
    assert "(2.002288) được ghi thẳng vào sổ." in told


def test_a_clerk_reads_a_list_whose_names_have_commas_without_guessing() -> None:
    assert together(["mã", "thôn, làng", "số hộ"]) == "mã; thôn, làng và số hộ"
    assert together(["mã", "tên", "số hộ"]) == "mã, tên và số hộ"
    assert together(["“Thôn, làng”", "“Mã”", "“Tên”"]) == "“Thôn, làng”, “Mã” và “Tên”"
