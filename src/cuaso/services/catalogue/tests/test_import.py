"""An administrator imports exports: whole, again, changed, of another shape, damaged, hostile."""

import csv
import gzip
import io
import json
import unicodedata

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import ANONYMOUS, system
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound
from cuaso.kernel.remembering import one_moment
from cuaso.kernel.subjects import Subject
from cuaso.services.catalogue import api as catalogue
from cuaso.services.catalogue.contracts import DescribedCard
from cuaso.services.catalogue.logic.opening import opened
from cuaso.services.catalogue.logic.reading import record as reader
from cuaso.services.catalogue.models import Import, PublishedVersion
from cuaso.services.catalogue.tests.exports import (
    EXCERPT,
    bomb,
    lines,
    one_record,
    real_records,
    rows,
)

pytestmark = pytest.mark.django_db
ADMINISTRATOR = system("Người quản trị")


@pytest.fixture
def bring(tmp_path):
    """Return who writes bytes to a file and imports it."""

    def bring_in(content: bytes, *, name: str = "danh-muc.jsonl", dry_run: bool = False):
        path = tmp_path / name
        path.write_bytes(content)
        return catalogue.import_file(path=path, actor=ADMINISTRATOR, dry_run=dry_run)

    return bring_in


@pytest.fixture
def filled(bring):
    return bring(EXCERPT.read_bytes())


def test_an_administrator_imports_an_export_and_the_ledger_tells(filled):
    assert (filled.records, filled.new, filled.changed, filled.same) == (26, 26, 0, 0)
    assert filled.unused_columns == ()
    assert rows() == (26, 26, 1)
    source = Import.objects.get()
    entries = audit.history(Subject(kind="catalogue.import", id=source.id))
    assert [entry.act for entry in entries] == ["catalogue.imported"]
    assert (source.file, source.sha256, source.new) == ("danh-muc.jsonl", filled.sha256, 26)


def test_the_same_export_again_changes_nothing(filled, bring):
    again = bring(EXCERPT.read_bytes())
    assert (again.new, again.changed, again.same) == (0, 0, 26)
    assert rows() == (26, 26, 1)


def test_a_trial_run_tells_and_keeps_nothing(bring):
    outcome = bring(EXCERPT.read_bytes(), dry_run=True)
    assert (outcome.new, outcome.dry_run) == (26, True)
    assert rows() == (0, 0, 0)


def test_a_changed_record_makes_a_version_and_the_earlier_one_stays(filled, bring):
    records = real_records()
    records[3]["ten_thu_tuc"] = "Thủ tục đã đổi tên"
    outcome = bring(lines(records))
    code = records[3]["ma_thu_tuc"]
    assert (outcome.new, outcome.changed, outcome.same) == (0, 1, 25)
    versions = PublishedVersion.objects.filter(procedure__code=code).order_by("number")
    assert [version.number for version in versions] == [1, 2]
    assert versions[0].superseded_at == versions[1].imported_at
    assert versions[1].superseded_at is None
    assert catalogue.described(code=code).title == "Thủ tục đã đổi tên"
    assert [card.code for card in catalogue.search(text="thu tuc da doi ten").cards] == [code]


def test_a_record_that_the_file_no_longer_has_is_told_and_kept(filled, bring):
    records = real_records()
    gone = records.pop()["ma_thu_tuc"]
    outcome = bring(lines(records))
    assert outcome.absent == (gone,)
    assert (outcome.new, outcome.changed) == (0, 0)
    assert catalogue.described(code=gone).code == gone


def test_a_better_reader_reads_kept_records_again_without_a_new_version(filled, bring, monkeypatch):
    monkeypatch.setattr(reader, "VERSION", reader.VERSION + 1)
    outcome = bring(EXCERPT.read_bytes())
    assert (outcome.new, outcome.changed, outcome.read_again) == (0, 0, 26)
    assert rows() == (26, 26, 2)
    assert set(PublishedVersion.objects.values_list("reader", flat=True)) == {reader.VERSION}


def as_array(records):
    return json.dumps(records, ensure_ascii=False, indent=1).encode()


def as_wrapped(records):
    return json.dumps({"total": len(records), "data": records}, indent=2).encode()


def as_rows(records):
    header = sorted({name for record in records for name in record})
    cells = [[record.get(name) for name in header] for record in records]
    return lines([header, *cells])


def as_csv(records, delimiter=","):
    header = sorted({name for record in records for name in record}, reverse=True)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode("utf-8-sig")


def as_decomposed(records):
    return unicodedata.normalize("NFD", lines(records).decode()).encode()


def as_windows(records):
    text = "\ufeff\n" + lines(records).decode().replace("\\n", "\\r\\n").replace("\n", "\r\n\r\n")
    return text.encode()


def as_entities(records):
    return lines(
        [{name: said.replace("ế", "&#7871;") for name, said in one.items()} for one in records]
    )


def as_other_columns(records):
    return lines(
        [
            {"them": 1, **dict(reversed(one.items())), "ma_thu_tuc": one["ma_thu_tuc"]}
            for one in records
        ]
    )


NAMES = {"ma_thu_tuc": "Mã thủ tục", "ten_thu_tuc": "TÊN_THỦ_TỤC", "linh_vuc": " Lĩnh  vực "}


def under_other_names(records):
    return [{NAMES.get(name, name.upper()): said for name, said in one.items()} for one in records]


def as_headings(records):
    return lines(under_other_names(records))


def as_headings_in_csv(records):
    return as_csv(under_other_names(records))


def as_headings_over_rows(records):
    return as_rows(under_other_names(records))


def as_gzip(records):
    return gzip.compress(lines(records))


def as_repeated(records):
    return lines([*records, records[0]])


def as_semicolons(records):
    return as_csv(records, delimiter=";")


@pytest.mark.parametrize(
    "shape",
    [
        as_array,
        as_wrapped,
        as_rows,
        as_csv,
        as_semicolons,
        as_decomposed,
        as_windows,
        as_entities,
        as_other_columns,
        as_headings,
        as_headings_in_csv,
        as_headings_over_rows,
        as_gzip,
        as_repeated,
    ],
)
def test_an_export_of_another_shape_is_the_same_export(filled, bring, shape):
    outcome = bring(shape(real_records()), name="xuat-khac")
    assert (outcome.new, outcome.changed, outcome.same) == (0, 0, 26)
    assert rows() == (26, 26, 1)


def test_a_column_of_no_use_and_a_repeated_record_are_told(bring):
    outcome = bring(lines([one_record(them="x"), one_record()]))
    assert outcome.unused_columns == ("them",)
    assert outcome.repeated == ("1.999001",)
    assert outcome.records == 1


GOOD = one_record()
DEEP = b'{"ma_thu_tuc": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
DAMAGED = {
    "cut short": (lines([GOOD]) + b'{"ma_thu_tuc": "1.9990', 2, "không đọc được JSON"),
    "no object": (lines([GOOD, [1, 2]]), 2, "phải là một đối tượng JSON, ở đây là một mảng"),
    "deep": (lines([GOOD]) + DEEP, 2, "lồng nhau quá sâu"),
    "long number": (b'{"ma_thu_tuc": ' + b"9" * 5_000 + b"}", 1, "con số quá dài"),
    "column twice": (b'{"ten_thu_tuc": "a", "ten_thu_tuc": "b"}', 1, "hai lần"),
    "one column by two names": (
        lines([{**GOOD, "Mã thủ tục": "1.999002"}]),
        1,
        "chỉ khác nhau ở dấu",
    ),
    "not text": (lines([GOOD, {**GOOD, "linh_vuc": 5}]), 2, "cột linh_vuc không phải là chữ"),
    "code lost a zero": (lines([one_record(ma_thu_tuc="1.0041")]), 1, "mã thủ tục “1.0041”"),
    "no code": (lines([GOOD, {"ten_thu_tuc": "x"}]), 2, "thiếu mã thủ tục"),
    "no title": (lines([{"ma_thu_tuc": "1.999002"}]), 1, "thiếu tên"),
    "two contents": (lines([GOOD, one_record(linh_vuc="khác")]), 2, "đã có ở dòng 1"),
    "hidden NUL": (lines([one_record(linh_vuc="a\0b")]), 1, "ký tự không phải văn bản"),
    "half a letter": (b'{"ma_thu_tuc": "1.999001", "ten_thu_tuc": "\\ud800"}', 1, "văn bản"),
    "open NUL": (lines([GOOD]) + b"\0", 2, "ký tự NUL"),
    "other encoding": (lines([GOOD]) + b"\xe1\xff", 2, "không phải UTF-8"),
    "UTF-16": ("x".encode("utf-16"), 0, "bảng mã UTF-16"),
    "empty": (b" \n \n", 0, "tệp rỗng"),
    "no records": (b"[]", 0, "không có bản ghi nào"),
    "no export": (b"xin chao", 1, "không nhận ra"),
    "spreadsheet": (b"PK\x03\x04xxxx", 0, "bảng tính Excel"),
    "cut gzip": (gzip.compress(lines([GOOD]))[:-9], 0, "gzip bị cụt"),
    "broken array": (b"[" + lines([GOOD]).strip() + b',\n{"a"', 2, "không đọc được JSON"),
    "open array": (b'[{"ma_thu_tuc": "1.999001", "ten_thu_tuc": "x"}\n', 2, "cụt hoặc thiếu"),
    "short row": (b'["ma_thu_tuc", "ten_thu_tuc"]\n["1.999001"]\n', 2, "có 1 ô"),
    "short cells": (b"ma_thu_tuc,ten_thu_tuc\n1.999001\n", 2, "có 1 ô"),
    "column twice in CSV": (b"ma_thu_tuc,ma_thu_tuc\n1,2\n", 1, "có hai lần"),
    "open quote": (b'ma_thu_tuc,ten_thu_tuc\n1.999001,"x\n', 2, "CSV hỏng"),
    "huge line": (b'{"ma_thu_tuc": "' + b"9" * 4_000_001 + b'"}', 1, "dài hơn 4.000.000"),
}


@pytest.mark.parametrize(("content", "line", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_imports_nothing_and_says_where(filled, bring, content, line, said):
    with pytest.raises(Invalid) as refused:
        bring(content, name="hong.jsonl")
    refusal = refused.value
    assert refusal.code == "catalogue.file_damaged"
    assert refusal.what.startswith(f"Tệp hong.jsonl, dòng {line}:" if line else "Tệp hong.jsonl:")
    assert said in refusal.what
    assert refusal.mend
    assert rows() == (26, 26, 1)


def test_a_file_with_many_faults_tells_each_place(bring):
    with pytest.raises(Invalid) as refused:
        bring(lines([GOOD, 5, {"a": "b"}]))
    assert [problem.field for problem in refused.value.problems] == ["dòng 2", "dòng 3"]
    assert refused.value.what.endswith("Tệp có 2 chỗ hỏng.")
    assert rows() == (0, 0, 0)


def test_a_bomb_stops_at_its_bound(tmp_path):
    path = tmp_path / "bom.gz"
    path.write_bytes(bomb(8))
    assert path.stat().st_size < 20_000
    with pytest.raises(Invalid, match="dài hơn 4 MiB sau khi giải nén"):
        opened(path, most_bytes=4 * 1024 * 1024)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(Invalid, match="không có tệp này"):
        catalogue.import_file(path=tmp_path, actor=ADMINISTRATOR)


def test_a_stranger_may_not_import():
    with pytest.raises(NotAllowed):
        catalogue.import_file(path=EXCERPT, actor=ANONYMOUS)
    assert rows() == (0, 0, 0)


def test_letters_that_turn_the_text_round_and_foreign_addresses_are_left_out(bring):
    bring(
        lines(
            [one_record(linh_vuc="Đất\u202eđai", detail_url="https://dichvucong.gov.vn.example/x")]
        )
    )
    found = catalogue.described(code="1.999001")
    assert (found.field, found.address) == ("Đấtđai", "")


def test_a_reader_pages_through_every_find_once(filled):
    for text in ("", "thủ tục", "thu tuc"):
        everything = catalogue.search(text=text, limit=100)
        paged: list[DescribedCard] = []
        after = ""
        while True:
            page = catalogue.search(text=text, limit=5, after=after)
            paged += page.cards
            after = page.after
            if not after:
                break
        assert tuple(paged) == everything.cards
        assert len(paged) > 5


def test_a_mark_that_nobody_gave_begins_anew(filled):
    first = catalogue.search(text="thủ tục", limit=3)
    assert catalogue.search(text="thủ tục", limit=3, after="x' OR 1=1") == first


def test_a_reader_narrows_by_level_and_leaves_out_what_they_have(filled):
    everyone = catalogue.search(level="Cấp xã", limit=100).cards
    assert {card.code for card in everyone} == {
        record["ma_thu_tuc"] for record in real_records() if "Cấp xã" in record["cap_thuc_hien"]
    }
    rest = catalogue.search(level="Cấp xã", excluding=[everyone[0].code], limit=100).cards
    assert rest == everyone[1:]


def test_a_search_takes_some_words_only_when_asked(filled):
    assert catalogue.search(text="khai sinh zzqqxx", loosely=False).cards == ()
    assert catalogue.search(text="khai sinh zzqqxx").cards[0].code == "1.001193"


def test_an_unknown_code_is_told(filled):
    with pytest.raises(NotFound):
        catalogue.described(code="9.999999")


def test_what_was_not_read_is_listed_by_code(filled):
    listed = catalogue.unread(limit=100)
    assert len(listed) == filled.with_unread
    assert [one.code for one in listed] == sorted(one.code for one in listed)
    assert catalogue.unread(limit=1, after=listed[0].code)[0].code == listed[1].code
    figures = catalogue.statistics()
    assert (figures.procedures, figures.versions, figures.with_unread) == (26, 26, len(listed))


def test_a_guest_finds_what_was_imported_after_the_same_words_found_nothing(bring):
    with one_moment():
        assert catalogue.search(text="đà điểu xanh").cards == ()
        assert catalogue.tally(text="đà điểu xanh") == ()
    bring(lines([one_record(ten_thu_tuc="Nuôi đà điểu xanh", ma_thu_tuc="1.999777")]))
    with one_moment():
        assert [card.code for card in catalogue.search(text="đà điểu xanh").cards] == ["1.999777"]
        assert [one.number for one in catalogue.tally(text="đà điểu xanh")] == [1]
