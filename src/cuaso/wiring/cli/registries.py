"""`./cuaso registries sample [KEY]`, `import KEY FILE`, `export KEY FILE_OR_FOLDER`."""

import argparse
from pathlib import Path
from typing import Final, Literal

from django.db import transaction

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, SheetReport
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.wiring.demonstration.place_points import around, borders
from cuaso.wiring.words import done, say

CLERK = system("Lệnh quản trị sổ")
SHOWN = 20
KINDS: Final[dict[str, Literal["xlsx", "csv"]]] = {".xlsx": "xlsx", ".csv": "csv"}


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="VIỆC")
    sample = acts.add_parser("sample", help="điền bản ghi minh hoạ, không có thật")
    sample.add_argument(
        "key", nargs="?", default="", metavar="KHÓA", help="gói/sổ; để trống là mọi sổ còn trống"
    )
    sample.add_argument(
        "--rows", type=int, default=200, metavar="SỐ", help="số bản ghi mỗi sổ, mặc định 200"
    )
    sample.add_argument(
        "--seed", type=int, default=1, metavar="SỐ", help="cùng số thì cùng bản ghi"
    )
    bring = acts.add_parser("import", help="nhập một bảng tính")
    bring.add_argument("key", metavar="KHÓA", help="gói/sổ")
    bring.add_argument("file", type=Path, metavar="TỆP", help="tệp .xlsx hoặc .csv")
    bring.add_argument("--dry-run", action="store_true", help="chỉ đọc thử")
    bring.add_argument("--partly", action="store_true", help="chỉ nhập các dòng đúng")
    bring.add_argument(
        "--convert-old-fonts",
        action="store_true",
        help="đổi chữ của phông TCVN3, VNI sang Unicode",
    )
    bring.add_argument("--reason", default="", metavar="LÝ_DO", help="lý do, ghi vào lịch sử")
    take = acts.add_parser("export", help="xuất ra bảng tính, hoặc ghi về thư mục gói")
    take.add_argument("key", metavar="KHÓA", help="gói/sổ")
    take.add_argument("file", type=Path, metavar="TỆP", help="tệp .xlsx, .csv, hoặc thư mục gói")


def run(given: argparse.Namespace) -> int:
    acts = {"sample": _sample, "import": _import, "export": _export}
    return acts[given.act](given)


def _sample(given: argparse.Namespace) -> int:
    filled = registries.fill_samples(
        actor=CLERK,
        key=given.key,
        rows=given.rows,
        seed=given.seed,
        around=around(),
        borders=borders(),
    )
    for key, count in filled.items():
        say(f"  {count:>6} {key}")
    done(f"Đã điền {sum(filled.values())} bản ghi minh hoạ vào {len(filled)} sổ.")
    return 0


def _import(given: argparse.Namespace) -> int:
    if not given.file.is_file():
        raise NotFound(
            code="registries.no_file",
            what=f"Không có tệp {given.file}.",
            mend="Hãy kiểm tra đường dẫn; tệp là .xlsx hoặc .csv.",
        )
    with given.file.open("rb") as file:
        report = registries.read_sheet(
            registry=given.key,
            file=file,
            file_name=given.file.name,
            actor=CLERK,
            convert=given.convert_old_fonts,
        )
    if not given.dry_run and (given.partly or not report.bad):
        report = registries.apply_sheet(
            batch_id=report.id, actor=CLERK, partly=given.partly, reason=given.reason
        )
    _tell(report)
    return 0 if report.state == "done" or (given.dry_run and not report.bad) else 1


def _tell(report: SheetReport) -> None:
    for remark in report.remarks:
        say(f"  {remark}")
    for fault in report.faults[:SHOWN]:
        say(f"  dòng {fault.line}, {fault.heading or 'cả dòng'}: {fault.say}")
    told = f"{report.added} mới, {report.changed} đổi, {report.same} không đổi, {report.bad} lỗi"
    done(f"{'Đã nhập' if report.state == 'done' else 'Đã đọc thử'} {report.rows} dòng: {told}.")


def _export(given: argparse.Namespace) -> int:
    """Write the records into a sheet, or the declaration into the folder of a pack."""
    kind = KINDS.get(given.file.suffix.lower())
    if kind is None:
        written = registries.export_registry(registry=given.key, folder=given.file)
        done(f"Đã ghi khai báo của sổ {given.key} vào {written}.")
        return 0
    _write_out(registry=given.key, kind=kind, target=given.file)
    done(f"Đã xuất bản ghi của sổ {given.key} vào {given.file}.")
    return 0


@transaction.atomic
def _write_out(*, registry: str, kind: Literal["xlsx", "csv"], target: Path) -> None:
    """Write the records into a new or emptied file; where it cannot be written, nothing was taken
    out and the ledger says nothing.
    """
    query = ListQuery()
    _, _, content = registries.export(registry=registry, query=query, kind=kind, actor=CLERK)
    try:
        with target.open("wb") as file:
            file.writelines(content)
    except OSError as error:
        raise Invalid(
            code="registries.no_room",
            what=f"Không ghi được vào {target}.",
            why=f"{error.strerror}.",
            mend="Hãy kiểm tra thư mục đã có chưa, quyền ghi và chỗ trống, rồi xuất lại.",
        ) from error
