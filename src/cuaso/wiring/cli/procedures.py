"""`./cuaso procedures import FILE [--dry-run]` and `./cuaso procedures unread`."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from cuaso.kernel.actors import system
from cuaso.services.catalogue import api as catalogue
from cuaso.services.catalogue.contracts import Imported, Share
from cuaso.wiring.words import done, say

IMPORTER = system("Nhập danh mục thủ tục")
NAMED = 10
SHOWN_LETTERS = 160


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="VIỆC")
    bring = acts.add_parser("import", help="nhập bản xuất của Cổng dịch vụ công quốc gia")
    bring.add_argument(
        "file", type=Path, metavar="TỆP", help="tệp .jsonl, .json hoặc .csv, có thể nén gzip"
    )
    bring.add_argument("--dry-run", action="store_true", help="làm thử, không giữ lại gì")
    unread = acts.add_parser("unread", help="liệt kê phần chưa đọc được")
    unread.add_argument(
        "--limit", type=int, default=50, metavar="SỐ", help="số thủ tục, mặc định 50"
    )
    unread.add_argument("--after", default="", metavar="MÃ", help="bắt đầu sau mã thủ tục này")
    acts.add_parser("statistics", help="danh mục bằng con số")


def run(given: argparse.Namespace) -> int:
    acts = {"import": _import, "unread": _unread, "statistics": _statistics}
    acts[given.act](given)
    return 0


def _import(given: argparse.Namespace) -> None:
    outcome = catalogue.import_file(path=given.file, actor=IMPORTER, dry_run=given.dry_run)
    done(f"{'Đọc thử' if outcome.dry_run else 'Đã đọc'} {_number(outcome.records)} thủ tục.")
    say(f"  {outcome.new} mới, {outcome.changed} đổi, {outcome.same} không đổi.")
    if outcome.read_again:
        say(f"  {outcome.read_again} bản ghi được đọc lại bằng bộ đọc mới.")
    _say_shares(outcome.shares)
    _say_remarks(outcome)
    if outcome.with_unread:
        told = f"{outcome.with_unread} thủ tục có phần chưa đọc được, giữ nguyên văn"
        say(f"  {told}; xem ./cuaso procedures unread.")
    if outcome.dry_run:
        say("  Chỉ làm thử: danh mục không thay đổi.")


def _say_shares(shares: Mapping[str, Share]) -> None:
    for name, share in shares.items():
        told = f"{name}: đọc được {_number(share.read)}/{_number(share.read + share.unread)}"
        absent = f"; {_number(share.absent)} chỗ bản ghi không nêu" if share.absent else ""
        say(f"  {told} ({share.percent} %){absent}")


def _say_remarks(outcome: Imported) -> None:
    if outcome.repeated:
        say(f"  Lặp lại y hệt, chỉ tính một lần: {_names(outcome.repeated)}.")
    if outcome.absent:
        say(f"  Có trong danh mục mà tệp không có (vẫn giữ): {_names(outcome.absent)}.")
    if outcome.unused_columns:
        say(f"  Cột không dùng đến: {_names(outcome.unused_columns)}.")


def _unread(given: argparse.Namespace) -> None:
    found = catalogue.unread(limit=max(1, given.limit), after=given.after)
    for one in found:
        say(f"{one.code}  {one.title}")
        for part in one.parts:
            said = " ".join(part.text.split())
            short = said if len(said) <= SHOWN_LETTERS else f"{said[:SHOWN_LETTERS]} …"
            say(f"    {part.column}: {part.reason}")
            say(f"      “{short}”")
    if not found:
        say("Không còn thủ tục nào có phần chưa đọc được.")
    elif len(found) == given.limit:
        say(f"Xem tiếp: ./cuaso procedures unread --after {found[-1].code}")


def _statistics(given: argparse.Namespace) -> None:
    del given
    figures = catalogue.statistics()
    say(f"{_number(figures.procedures)} thủ tục, {_number(figures.versions)} phiên bản bản ghi.")
    say(f"{_number(figures.with_unread)} thủ tục có phần chưa đọc được.")
    for level, count in figures.by_level.items():
        say(f"  {level}: {_number(count)}")


def _names(names: tuple[str, ...]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" và {rest} nữa" if rest > 0 else "")


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
