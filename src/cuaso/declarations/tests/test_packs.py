"""An author checks packs: parse, shape, references, examples; every mistake at its line."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cuaso.declarations import packs
from cuaso.declarations.pack import Pack
from cuaso.declarations.story import Story
from cuaso.declarations.tests.house import NAMES, PACKS, copied, spoil
from cuaso.declarations.trouble import DeclarationError

BIRTH = "civil-status/procedures/birth_registration.yaml"
MARITAL = "civil-status/procedures/marital_status.yaml"


def checked(folder: Path) -> list[str]:
    report = packs.check([folder / name for name in NAMES])
    return [str(error).removeprefix(f"{folder}/") for error in report.errors]


@pytest.fixture(scope="module")
def report() -> packs.Report:
    return packs.check([PACKS / name for name in NAMES])


def test_the_packs_of_the_house_are_sound(report):
    assert [str(error) for error in report.errors] == []
    assert report.ok
    assert report.count("failed") == 0
    assert report.count("passed") >= 23
    waiting = [outcome.story.name for outcome in report.outcomes if outcome.verdict == "not_run"]
    assert "Hồ sơ khai sinh trực tuyến đi từ cổng đến kho giấy tờ" in waiting


def test_what_nobody_verified_is_counted(report):
    assert report.unverified == sum(pack.unverified for pack in report.packs)
    assert {pack.id: pack.unverified > 0 for pack in report.packs} == dict.fromkeys(NAMES, True)


def test_the_command_says_all_is_well_and_returns_zero():
    code, text = packs.check_command([PACKS])
    assert code == 0
    assert "✓ civil-status: Hộ tịch (7 thủ tục, 46 ví dụ" in text
    assert "Chưa kiểm chứng với văn bản gốc:" in text


COPY = "certification/procedures/certified_copy.yaml"
PACK = "civil-status/pack.yaml"
RECEIVED = "one-stop/messages/received.yaml"


@pytest.mark.parametrize(
    ("file", "before", "slip", "noun"),
    [
        (BIRTH, "flow: ", ("birth_registration", "birth_registratoin"), "quy trình nào tên"),
        (BIRTH, "template: ", ("birth_certificate", "birth_certificat"), "mẫu kết quả nào tên"),
        (BIRTH, "codes: ", ("birth_proof", "birth_prof"), "danh mục nào tên"),
        (BIRTH, "messages: [", ("submitted", "submited"), "mẫu tin nào tên"),
        (
            BIRTH,
            "from: ",
            ("population.residence_commune", "population.residence_comune"),
            "nguồn nào tên",
        ),
        (BIRTH, "place: ", ("request.office", "request.ofice"), None),
        (BIRTH, "same_as: ", ("requester.residence", "requester.residense"), None),
        (BIRTH, "by: [", ("birth_notice", "birth_notices"), "nguồn dữ liệu nào tên"),
        (BIRTH, "kind: ", ("birth_notification", "birth_notificaton"), "loại giấy tờ nào tên"),
        (BIRTH, "  ", ("approve", "aprove"), "bước trong quy trình nào tên"),
        (BIRTH, "events: [", ("having_a_child", "having_child"), "sự kiện cuộc sống nào tên"),
        (BIRTH, "", ("short_title", "shorttitle"), "mục nào tên"),
        (PACK, "needs: [province, ", ("one-stop", "onestop"), "gói nào tên"),
    ],
)
def test_a_name_that_leads_nowhere_is_found_with_its_neighbour(tmp_path, file, before, slip, noun):
    folder = copied(tmp_path)
    right, wrong = slip
    line = spoil(folder / file, before + right, before + wrong)
    said = f"Không có {noun}" if noun else "Tờ khai không có ô"
    expected = f"{file}:{line}: {said} “{wrong}”. Có phải định viết “{right}”?"
    found = checked(folder)
    assert any(one.startswith(expected) for one in found), found


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            BIRTH,
            'when: child.proof == "notice"',
            'when: child.prof == "notice"',
            "Không có tên nào là “child.prof”. Có phải định viết “proof”?",
        ),
        (
            COPY,
            "value: item.copies * least",
            "value: item.copis * least",
            "Không có tên nào là “item.copis”. Có phải định viết “copies”?",
        ),
        (
            RECEIVED,
            "subject: Hồ sơ {dossier_code}",
            "subject: Hồ sơ {dosier_code}",
            "Mẫu tin dùng chỗ trống “{dosier_code}” không ai điền.",
        ),
        (
            BIRTH,
            "level: xã",
            "level: phường",
            "“level” không nhận giá trị “phường”. Có thể dùng: tỉnh, xã.",
        ),
        (BIRTH, "code: 1.001193", "code: 1.1193", "“code: 1.1193” không đúng mẫu."),
        (
            "civil-status/codes/birth_proof.csv",
            "notice,Giấy chứng sinh,Medical notification of birth,,",
            "notice,Giấy chứng sinh,Medical notification of birth,2020-13-01,",
            "Ô “from” không đọc được: “2020-13-01”.",
        ),
    ],
)
def test_a_slip_is_found_at_its_line_with_the_remedy(tmp_path, file, old, new, said):
    folder = copied(tmp_path)
    line = spoil(folder / file, old, new)
    found = checked(folder)
    assert any(one.startswith(f"{file}:{line}: {said}") for one in found), found


def test_a_condition_on_a_later_question_is_refused(tmp_path):
    folder = copied(tmp_path)
    old = "birth_place: {title"
    line = spoil(folder / BIRTH, old, 'birth_place: {when: child.proof == "notice", title')
    (said,) = [one for one in checked(folder) if "đứng sau" in one]
    assert said == (
        f"{BIRTH}:{line}: Điều kiện đọc “child.proof” đứng sau nó trong tờ khai. "
        "Hãy hỏi ô đó trước."
    )


@pytest.mark.parametrize(
    "wrong",
    ["", "  place: request.office\n  agency: so-tu-phap-gia-lai\n"],
)
def test_a_procedure_names_a_place_or_an_agency_and_not_both(tmp_path, wrong):
    folder = copied(tmp_path)
    spoil(folder / COPY, "  place: request.office\n", wrong)
    (said,) = checked(folder)
    assert said.startswith(f"{COPY}:")
    assert said.endswith(
        "Thẩm quyền phải nêu đúng một trong hai: “place” hoặc “agency”. "
        "Hãy viết “place: request.office”, hoặc “agency: so-xay-dung-gia-lai”."
    )


def test_a_step_in_the_wrong_lane_is_refused(tmp_path):
    folder = copied(tmp_path)
    line = spoil(folder / BIRTH, "role: clerk", "role: leader")
    (said,) = checked(folder)
    assert said == (
        f"{BIRTH}:{line}: Bước “seal” nằm ở làn “van_thu”, khai báo là leader. "
        "Hãy sửa role hoặc chuyển bước sang làn đúng."
    )


def test_an_example_that_law_no_longer_bears_out_fails_at_its_line(tmp_path):
    folder = copied(tmp_path)
    spoil(folder / "certification/procedures/certified_copy.yaml", "2000 * least", "3000 * least")
    found = checked(folder)
    assert found[0] == (
        "certification/examples/certified_copy.yaml:1: Ví dụ “Hai trang đầu tính 2.000 đồng mỗi "
        "trang” không đúng. “total”: mong đợi “4.000 đồng”, nhận được “6.000 đồng”. "
        "Hãy sửa khai báo hoặc ví dụ."
    )


def test_an_act_that_nobody_carries_out_is_refused(tmp_path):
    folder = copied(tmp_path)
    examples = folder / "certification/examples/certified_copy.yaml"
    spoil(examples, "when: tính phí", "when: tính phis")
    (said,) = checked(folder)
    assert said == (
        "certification/examples/certified_copy.yaml:1: Ví dụ “Hai trang đầu tính 2.000 đồng mỗi "
        "trang” dùng việc “tính phis” không ai làm. Có phải định viết “tính phí”?"
    )


def test_an_example_of_a_procedure_that_is_not_there_fails(tmp_path):
    folder = copied(tmp_path)
    examples = folder / "certification/examples/certified_copy.yaml"
    spoil(examples, "procedure: 2.000815", "procedure: 2.000816")
    assert "Gói certification không có thủ tục “2.000816”." in checked(folder)[0]


def test_rules_that_nobody_can_meet_are_refused(tmp_path):
    folder = copied(tmp_path)
    spoil(folder / BIRTH, "check: pledge.agreed,", "check: pledge.agreed && !pledge.agreed,")
    assert any("Không bịa được câu trả lời nào hợp lệ" in one for one in checked(folder))


def test_a_broken_file_does_not_hide_the_mistakes_of_others(tmp_path):
    folder = copied(tmp_path)
    spoil(folder / BIRTH, "level: xã", "level: x")
    (folder / MARITAL).write_text("code: [")
    (folder / "civil-status/flows/marital_status.bpmn").write_text("<a>")
    (folder / "civil-status/notes.txt").write_text("")
    files = {one.split(":")[0] for one in checked(folder)}
    assert {BIRTH, MARITAL} <= files
    assert "civil-status/flows/marital_status.bpmn" in files
    assert "civil-status/notes.txt" in files


def test_a_flow_with_an_entity_is_refused_unread(tmp_path):
    folder = copied(tmp_path)
    flow = folder / "civil-status/flows/marital_status.bpmn"
    flow.write_text('<?xml version="1.0"?>\n\n<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    assert "marital_status.bpmn:3: Tệp quy trình khai báo DOCTYPE" in checked(folder)[0]


def test_a_flow_nested_without_end_is_refused_at_its_line(tmp_path):
    folder = copied(tmp_path)
    flow = folder / "civil-status/flows/marital_status.bpmn"
    flow.write_text("<a>\n" * 400 + "</a>" * 400)
    assert "marital_status.bpmn:257: Tệp không phải XML" in checked(folder)[0]


def test_two_files_of_one_procedure_are_refused(tmp_path):
    folder = copied(tmp_path)
    shutil.copy(folder / BIRTH, folder / "civil-status/procedures/copy.yaml")
    (said,) = checked(folder)
    assert "copy.yaml: Thủ tục 1.001193 đã khai báo ở tệp khác." in said


def test_one_pack_is_checked_with_the_packs_that_it_needs(tmp_path):
    own = tmp_path / "own" / "civil-status"
    shutil.copytree(PACKS / "civil-status", own)
    code, text = packs.check_command([own], library=PACKS)
    assert code == 0
    told = [line for line in text.splitlines() if line.startswith("✓")]
    assert [line.partition(":")[0] for line in told] == ["✓ civil-status"]
    assert packs.check_command([own])[0] == 1


def test_a_folder_without_packs_says_so(tmp_path):
    assert packs.check_command([tmp_path]) == (
        1,
        "Không thấy gói nào. Gói là thư mục có tệp pack.yaml.",
    )
    code, text = packs.check_command([tmp_path / "none"])
    assert code == 1
    assert "Không có thư mục này." in text


class Walk:
    """A runner that tells what it was asked."""

    acts = packs.HOUSE_ACTS

    def run(self, story: Story, pack: Pack) -> Mapping[str, object]:
        assert story.procedure in pack.procedures
        last = story.acts[-1]
        return {"status": "đã trả kết quả" if last == "trả kết quả" else "đang xử lý"}


def test_a_higher_floor_carries_out_the_stories_of_a_dossiers_life():
    report = packs.check([PACKS / name for name in NAMES], runners=[Walk()])
    assert report.ok
    assert report.count("not_run") == 0


def test_a_higher_floor_adds_its_own_proof():
    def linter(pack: Pack) -> Iterator[DeclarationError]:
        for flow in pack.flows.values():
            yield DeclarationError(file=flow.path, line=1, what="Luồng sai.")

    report = packs.check([PACKS / name for name in NAMES], proofs=[linter])
    assert [error.file.name for error in report.errors] == [
        *("birth_registration.bpmn", "civil_event.bpmn", "marital_status.bpmn"),
        *("certification.bpmn", "certified_copy.bpmn"),
    ]


def test_a_change_of_any_file_changes_the_packs_fingerprint(tmp_path):
    folder = copied(tmp_path) / "one-stop"
    before = packs.load(folder).fingerprint
    assert before == packs.load(folder).fingerprint
    spoil(folder / "templates/receipt.typ", "Mã hồ sơ", "Mã số")
    assert packs.load(folder).fingerprint != before


@pytest.mark.parametrize("kind", ["pack", "procedure", "message", "examples"])
def test_an_editor_gets_a_schema_of_each_kind_of_file(kind):
    schema = packs.editor_schema(kind)
    assert schema["title"] == f"Cửa Số: {kind}"
    assert schema["$schema"].endswith("2020-12/schema")
