"""KT-d6h, TT-IV.18: data elements by ISO/IEC 11179, their versions, and what a change breaks."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from cuaso.declarations.dictionary_elements import ElementFile
from cuaso.declarations.reading import read
from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary import api
from cuaso.foundation.dictionary.contracts import Change, CodeEntry, Domain, UseEntry
from cuaso.foundation.dictionary.contracts import ElementVersion as Version
from cuaso.foundation.dictionary.element_models import Element, ElementVersion, Use
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

pytestmark = pytest.mark.django_db
VESSEL = """
title: Tàu cá
steward: Sở Nông nghiệp và Môi trường
elements:
  length:
    title: Chiều dài lớn nhất
    definition: Chiều dài lớn nhất của vỏ tàu.
    domain:
      - {from: 2019-01-01, value: {type: decimal, unit: m, min: "6"}, source: Luật Thủy sản}
  number:
    title: Số đăng ký
    definition: Số đăng ký của tàu cá.
    also_called: [biển số tàu]
    domain:
      - from: 2019-01-01
        value: {type: code, pattern: 'BĐ-\\d{5}-TS', max_length: 11, examples: [BĐ-12345-TS]}
        source: Luật Thủy sản
  gear:
    title: Nghề
    definition: Nghề khai thác.
    domain: [{from: 2019-01-01, value: {codes: gear}, source: Luật Thủy sản}]
"""
NEXT = date(2027, 1, 1)
KEEPER = Actor(kind="official", name="Người soạn", person_id=new_id(), roles=frozenset({"admin"}))
LEADER = Actor(kind="official", name="Lãnh đạo", person_id=new_id(), roles=frozenset({"leader"}))
NEW_PATTERN = Domain(type="code", pattern=r"GL-\d{5}-TS", max_length=11)


def declared(tmp_path: Path, text: str = VESSEL) -> ElementFile:
    (tmp_path / "vessel.yaml").write_text(text, encoding="utf-8")
    return read(tmp_path / "vessel.yaml", ElementFile)


@pytest.fixture
def vessel(tmp_path):
    gears = (CodeEntry(code="rake", label="Lưới kéo"), CodeEntry(code="line", label="Câu"))
    api.install("gear", "Nghề khai thác", "nguồn thử", gears)
    return api.install_elements("vessel", declared(tmp_path), pack="fisheries")


def use(path: str, key: str, codes: str = "") -> UseEntry:
    return UseEntry(
        kind="registry",
        system="fisheries.vessel",
        system_title="Sổ tàu cá",
        path=path,
        title=path.upper(),
        element_key=key,
        codes=codes,
    )


def draft(domain: Domain = NEW_PATTERN, *, actor: Actor = KEEPER, since: date = NEXT):
    return api.draft_version(
        key="vessel.number",
        domain=domain,
        since=since,
        source="Nghị quyết 202/2025/QH15",
        reason="Tỉnh đổi tên.",
        actor=actor,
    )


def standing(day: date) -> Version:
    found = api.element("vessel.number").version_on(day)
    assert found is not None
    return found


def published(topic: str) -> list[tuple[dict[str, object]]]:
    with connection.cursor() as cursor:
        cursor.execute("select payload from audit_event where topic = %s", [topic])
        return [(json.loads(row[0]),) for row in cursor.fetchall()]


def entries(key: str) -> list[str]:
    about = Subject(kind="dictionary.element", id=Element.objects.get(key=key).id)
    return [entry.act for entry in audit.history(about)]


def test_installing_elements_twice_changes_nothing_and_is_recorded_once(vessel, tmp_path):
    again = api.install_elements("vessel", declared(tmp_path), pack="fisheries")
    assert (vessel.added, again.same) == (3, 3)
    assert entries("vessel.length") == ["dictionary.element_installed"]
    one = api.element("vessel.length")
    assert (one.object_class, one.steward, one.status) == (
        "Tàu cá",
        "Sở Nông nghiệp và Môi trường",
        "candidate",
    )
    version = one.version_on(date(2026, 1, 1))
    assert version is not None
    assert version.domain == Domain(type="decimal", unit="m", min="6")
    assert one.version_on(date(2018, 12, 31)) is None


def test_a_pack_that_rewrites_a_published_version_is_refused_and_nothing_changes(vessel, tmp_path):
    rewritten = VESSEL.replace("unit: m,", "unit: cm,").replace("title: Nghề", "title: Nghề mới")
    with pytest.raises(Conflict) as refusal:
        api.install_elements("vessel", declared(tmp_path, rewritten), pack="fisheries")
    assert refusal.value.code == "dictionary.version_published"
    assert api.element("vessel.gear").title == "Nghề"
    assert api.element("vessel.length").versions[0].domain.unit == "m"


def test_a_pack_adds_a_version_and_the_one_before_ends_where_it_begins(vessel, tmp_path):
    more = VESSEL.replace(
        "source: Luật Thủy sản}\n  number",
        "source: Luật Thủy sản}\n      - {from: 2027-01-01, value: {type: decimal, unit: m, "
        'min: "8"}, source: Luật mới}\n  number',
    )
    api.install_elements("vessel", declared(tmp_path, more), pack="fisheries")
    one = api.element("vessel.length")
    assert [(v.number, v.valid.end, v.domain.min) for v in one.versions] == [
        (1, NEXT, "6"),
        (2, None, "8"),
    ]


def test_nobody_changes_or_removes_a_published_version_behind_the_house_back(vessel):
    published = ElementVersion.objects.get(element__key="vessel.length")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        ElementVersion.objects.filter(pk=published.pk).update(domain={"type": "text"})
    with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
        ElementVersion.objects.filter(pk=published.pk).delete()
    assert ElementVersion.objects.get(pk=published.pk).domain == {
        "type": "decimal",
        "unit": "m",
        "min": "6",
    }


def test_an_official_drafts_a_version_and_another_publishes_it(vessel):
    id = draft()
    assert standing(NEXT).number == 1
    with pytest.raises(NotAllowed) as own:
        api.publish_version(id=id, actor=KEEPER)
    assert own.value.code == "dictionary.own_draft"
    api.publish_version(id=id, actor=LEADER)
    assert standing(date(2026, 12, 31)).domain.pattern == r"BĐ-\d{5}-TS"
    assert standing(NEXT).domain == NEW_PATTERN
    assert standing(NEXT).publisher_name == "Lãnh đạo"
    assert entries("vessel.number")[-2:] == [
        "dictionary.version_drafted",
        "dictionary.version_published",
    ]
    ((payload,),) = published("dictionary.version_published")
    assert (payload["key"], payload["version"]) == ("vessel.number", 2)


def test_a_reinstalled_pack_leaves_what_an_official_published(vessel, tmp_path):
    api.publish_version(id=draft(), actor=LEADER)
    again = api.install_elements("vessel", declared(tmp_path), pack="fisheries")
    assert again.same == 3
    assert [v.valid.end for v in api.element("vessel.number").versions] == [NEXT, None]


def test_who_does_not_keep_the_dictionary_drafts_nothing(vessel):
    with pytest.raises(NotAllowed) as refusal:
        draft(actor=LEADER)
    assert refusal.value.code == "dictionary.keepers_only"
    assert ElementVersion.objects.filter(published=False).count() == 0


@pytest.mark.parametrize(
    ("domain", "since", "field"),
    [
        (NEW_PATTERN, date(2019, 1, 1), "since"),
        (Domain(type="code", pattern=r"(\d+)+"), NEXT, ""),
        (Domain(type="choice", codes="no_list"), NEXT, "codes"),
        (Domain(type="integer", pattern=r"\d"), NEXT, ""),
    ],
)
def test_a_draft_that_cannot_stand_is_told_where(vessel, domain, since, field):
    with pytest.raises(Invalid) as refusal:
        draft(domain, since=since)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert refusal.value.problems[0].say.endswith(".")
    assert ElementVersion.objects.filter(published=False).count() == 0


def test_one_draft_waits_at_a_time_and_may_be_taken_back(vessel):
    id = draft()
    with pytest.raises(Conflict) as refusal:
        draft()
    assert refusal.value.code == "dictionary.draft_waits"
    api.drop_draft(id=id, actor=KEEPER)
    with pytest.raises(NotFound):
        api.publish_version(id=id, actor=LEADER)
    assert entries("vessel.number")[-1] == "dictionary.version_draft_dropped"


def test_every_field_refers_to_an_element_or_is_listed_as_not_yet_mapped(vessel):
    source = "registry:fisheries.vessel"
    uses = [use("length", "vessel.length"), use("gear", "vessel.gear", "gear"), use("note", "")]
    assert api.record_uses(source, uses).added == 3
    assert api.record_uses(source, uses).same == 3
    assert [one.path for one in api.unmapped(source)] == ["note"]
    assert [one.system_title for one in api.uses_of("vessel.length")] == ["Sổ tàu cá"]
    changed = [use("length", "vessel.length"), use("note", "vessel.number")]
    done = api.record_uses(source, changed)
    assert (done.added, done.changed, done.same) == (0, 2, 1)
    assert api.unmapped(source) == ()
    assert api.uses_of("vessel.gear") == ()


def test_a_use_of_an_element_that_nobody_declared_is_refused_and_nothing_changes(vessel):
    api.record_uses("registry:a", [use("length", "vessel.length")])
    with pytest.raises(Invalid) as refusal:
        api.record_uses("registry:a", [use("length", "vessel.lenght"), use("gear", "")])
    assert refusal.value.problems[0].say == "Từ điển không có phần tử “vessel.lenght”."
    assert [row.element_key for row in Use.objects.all()] == ["vessel.length"]


def test_who_asks_what_removing_a_code_breaks_reads_every_place(vessel):
    api.record_uses("registry:a", [use("gear", "vessel.gear", "gear")])
    found = api.what_would_break("gear", Change(kind="code_removed", value="rake", on=NEXT))
    assert [one.say for one in found] == [
        (
            "Phần tử “Nghề” (vessel.gear) nhận mã của danh mục “gear”: mã rake (Lưới kéo) không "
            "còn là giá trị được phép từ ngày 01/01/2027."
        ),
        (
            "Ô “GEAR” của “Sổ tàu cá” lấy giá trị từ danh mục “gear”: bản ghi mang mã "
            "rake (Lưới kéo) không còn mã hợp lệ từ ngày 01/01/2027."
        ),
    ]


@pytest.mark.parametrize(
    ("key", "change", "breaks", "words"),
    [
        ("vessel.number", Change(kind="pattern", value=r"GL-\d{5}-TS"), True, "BĐ-12345-TS"),
        (
            "vessel.number",
            Change(kind="length", value="0..8"),
            True,
            "dài nhất 11 ký tự, nay chỉ 8",
        ),
        ("vessel.number", Change(kind="length", value="0..20"), False, "chứa được giá trị dài hơn"),
        ("vessel.number", Change(kind="type", value="text"), False, "vẫn đọc được"),
        ("vessel.number", Change(kind="type", value="integer"), True, "chuyển đổi từng bản ghi"),
        ("vessel.length", Change(kind="unit", value="cm"), True, "đơn vị m thành cm"),
        ("vessel.length", Change(kind="range", value="8.."), True, "nhỏ hơn 8"),
        ("vessel.gear", Change(kind="codes", value="gear_new"), True, "đổi qua ánh xạ"),
        ("vessel.gear", Change(kind="retired"), True, "phần tử thay thế"),
    ],
)
def test_a_change_of_an_element_says_what_it_does_to_each_use(vessel, key, change, breaks, words):
    api.record_uses("registry:a", [use("field", key)])
    (found,) = api.what_would_break(key, change)
    assert found.say.startswith("Ô “FIELD” của “Sổ tàu cá”: ")
    assert words in found.say
    assert found.breaks is breaks


@pytest.mark.parametrize(
    "change",
    [Change(kind="pattern"), Change(kind="range", value="..99"), Change(kind="unit", value="m")],
)
def test_a_change_that_narrows_nothing_breaks_nothing(vessel, change):
    api.record_uses("registry:a", [use("length", "vessel.length")])
    wider = Change(kind="range", value="0..") if change.kind == "range" else change
    assert api.what_would_break("vessel.length", wider) == ()


def test_a_draft_is_told_apart_from_what_stands(vessel):
    old = api.element("vessel.number").versions[0].domain
    kinds = [one.kind for one in api.changes_between(old, NEW_PATTERN)]
    assert kinds == ["pattern"]


def test_who_searches_without_marks_finds_elements_lists_and_codes_best_first(vessel):
    assert api.search("nghe")[0].key == "vessel.gear"
    assert {(hit.kind, hit.key) for hit in api.search("nghe")} >= {
        ("element", "vessel.gear"),
        ("list", "gear"),
    }
    assert [(hit.kind, hit.key) for hit in api.search("bien so tau")] == [
        ("element", "vessel.number")
    ]
    assert [(hit.kind, hit.list_id) for hit in api.search("lưới kéo")] == [("code", "gear")]
    assert api.search("vessel.number")[0].key == "vessel.number"
    assert api.search("'; & | !:*") == ()
