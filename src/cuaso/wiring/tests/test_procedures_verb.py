"""An administrator brings the national catalogue in from the command line."""

import argparse
import json

import pytest

from cuaso.wiring.cli import procedures as verb

pytestmark = pytest.mark.django_db
RECORD = {
    "ma_thu_tuc": "1.999001",
    "ten_thu_tuc": "Cấp thẻ thử",
    "cap_thuc_hien": "Cấp xã",
    "cach_thuc_thuc_hien": "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tiếp1Miễn phí"
    "Trực tuyến5 Ngày làm việcMiễn phí",
}


@pytest.fixture
def typed(capsys):
    """Return who types words after `./cuaso procedures` and reads what is said."""

    def type_in(*words: str) -> str:
        parser = argparse.ArgumentParser()
        verb.arguments(parser)
        assert verb.run(parser.parse_args(words)) == 0
        return str(capsys.readouterr().out)

    return type_in


def test_an_administrator_imports_reads_what_was_not_read_and_imports_again(typed, tmp_path):
    file = tmp_path / "danh-muc.jsonl"
    file.write_text(json.dumps(RECORD, ensure_ascii=False), encoding="utf-8")
    first = typed("import", str(file))
    assert "Đã đọc 1 thủ tục." in first
    assert "1 mới, 0 đổi, 0 không đổi." in first
    assert "thời hạn: đọc được 1/2 (50 %)" in first
    assert "1 thủ tục có phần chưa đọc được, giữ nguyên văn" in first
    assert "0 mới, 0 đổi, 1 không đổi." in typed("import", str(file))
    unread = typed("unread", "--limit", "1")
    assert "1.999001  Cấp thẻ thử" in unread
    assert "“Trực tiếp: 1”" in unread
    assert "Xem tiếp: ./cuaso procedures unread --after 1.999001" in unread
    assert "Không còn thủ tục nào" in typed("unread", "--after", "1.999001")
    assert "1 thủ tục, 1 phiên bản bản ghi." in typed("statistics")


def test_an_administrator_tries_first_and_nothing_is_kept(typed, tmp_path):
    file = tmp_path / "danh-muc.jsonl"
    file.write_text(json.dumps(RECORD, ensure_ascii=False), encoding="utf-8")
    assert "Chỉ làm thử: danh mục không thay đổi." in typed("import", str(file), "--dry-run")
    assert "0 thủ tục, 0 phiên bản bản ghi." in typed("statistics")
