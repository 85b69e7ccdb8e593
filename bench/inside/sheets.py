import csv
import io
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, Literal, TypeVar, cast

from django.db import transaction
from openpyxl import Workbook

from bench.inside import answering, backend
from bench.inside.phases import Phases
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, SheetReport
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

KEY: Final = "agriculture/fishing_vessel"
AGENCY: Final = "chi-cuc-thuy-san-gia-lai"
EVERY: Final = 33
NAMES: Final = (
    ("Nguyễn", "Trần", "Lê", "Võ", "Phạm", "Huỳnh", "Đặng", "Bùi", "Đỗ", "Hồ"),
    ("Văn", "Thị", "Quốc", "Minh", "Hạ", "Thanh", "Đình", "Ngọc"),
    ("An", "Bình", "Cường", "Dũng", "Hoa", "Lan", "Mai", "Nam", "Sơn", "Tâm", "Vinh"),
)
LENGTHS: Final = ("7,5", "10,8", "13,2", "14,9", "15,5", "17,8", "21,4", "24,6")
FAR, SAFE = 15.0, 12.0
QUIET: Final = 0.03
LATE: Final = 2
MONTHS: Final = ("", "month_after_", "quiet_month_")
ZONES: Final = ("Vùng ven bờ", "Vùng lộng", "Vùng khơi")
Answer = TypeVar("Answer")
Kind = Literal["csv", "xlsx"]
Took = dict[str, object]


def main() -> None:
    kind, rows, many = cast("Kind", sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    agency = directory.agency_by_key(AGENCY)
    officer = directory.actor_for_post(directory.holders_below(agency.id, "handler")[0].post.id)
    months = [_file(kind, list(_vessels(rows, month))) for month in range(1, many + 1)]
    answering.ready(warm=lambda: registries.template(registry=KEY, kind="csv", actor=officer))
    answering.tell(_measured(kind, rows, months, officer))


def _measured(kind: Kind, rows: int, months: list[bytes], officer: Actor) -> dict[str, Took]:
    took: dict[str, Took] = {}
    phases = Phases()

    def timed(name: str, act: Callable[[], Answer]) -> Answer:
        wall, cpu, theirs = time.perf_counter(), time.process_time(), backend.seconds()
        answer = act()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        theirs = backend.seconds() - theirs
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        took[name] = {
            "seconds": round(wall, 2),
            "rows_per_second": round(rows / wall),
            "cpu_microseconds_a_row": round(cpu / rows * 1e6, 1),
            "database_cpu_microseconds_a_row": round(theirs / rows * 1e6, 1),
            "most_memory_mib": most,
            "microseconds_a_row_by_phase": phases.take(rows),
        }
        return answer

    def read(content: bytes) -> SheetReport:
        file, name = io.BytesIO(content), f"tau.{kind}"
        return registries.read_sheet(registry=KEY, file=file, file_name=name, actor=officer)

    def apply(report: SheetReport) -> SheetReport:
        return registries.apply_sheet(batch_id=report.id, actor=officer, partly=True)

    def undo(report: SheetReport) -> None:
        if report.change_id:
            registries.undo(registry=KEY, change_id=report.change_id, actor=officer, partly=True)

    def export() -> int:
        query = ListQuery()
        with transaction.atomic():
            _, _, content = registries.export(registry=KEY, query=query, kind=kind, actor=officer)
            return sum(map(len, content))

    done: list[SheetReport] = []
    for name, content in zip(MONTHS, months, strict=False):
        tried = timed(f"{name}dry_run", partial(read, content))
        done.append(timed(f"{name}apply", partial(apply, tried)))
    timed("export", export)
    for name, report in reversed([*zip(MONTHS, done, strict=False)]):
        timed(f"{name}undo", partial(undo, report))
    later = zip(MONTHS[1:], done[1:], strict=False)
    changed: Took = {f"{name}changed": report.changed for name, report in later}
    took["rows"] = {"added": done[0].added, "bad": done[0].bad, **changed}
    return took


def _file(kind: Kind, vessels: list[dict[str, str]]) -> bytes:
    table = [list(vessels[0]), *(list(one.values()) for one in vessels)]
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(table)
        return text.getvalue().encode()
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _vessels(rows: int, month: int) -> Iterator[dict[str, str]]:
    """Yield vessels; every 33rd is wrong. A third differs the month after, and three of a hundred
    from then to the third month.
    """
    dice, later = random.Random(2), random.Random(3)
    today = clock.today()
    communes = [one.label for one in directory.HouseLists().options("commune", today)]
    for number in range(rows):
        own = random.Random(number)
        length = own.choice(LENGTHS)
        metres = float(length.replace(",", "."))
        late = dice.random() < 1 / 3 and month >= LATE
        later_still = later.random() < QUIET and month > LATE
        far = metres >= FAR
        yield {
            "number": f"BĐ-{number:05d}-TS",
            "vessel_name": "",
            "owner_name": " ".join(own.choice(part) for part in NAMES),
            "owner_number": f"052092{number:06d}",
            "owner_phone": f"09{number:08d}",
            "commune": own.choice(communes),
            "case": "Tàu đóng mới",
            "registered": f"{own.randint(1, 28):02d}/{own.randint(1, 12):02d}/2022",
            "built": str(own.randint(1990, 2021)),
            "hull": own.choice(("Gỗ", "Thép")),
            "length": "dài" if number % EVERY == 0 else length,
            "width": "3,4" if later_still else "3,2",
            "power": "420,5" if late else "298",
            "gear": own.choice(("Lưới kéo", "Lưới vây", "Lưới rê")),
            "zone": own.choice(ZONES) if far else ZONES[0],
            "port": own.choice(("Cảng cá Quy Nhơn", "Cảng cá Tam Quan", "Cảng cá Đề Gi")),
            "licence": f"GP-{number:05d}/26",
            "licence_to": "31/12/2027",
            "safety_to": "31/12/2027" if metres >= SAFE else "",
            "tracker": "Đang truyền dữ liệu" if far else "Chưa lắp",
            "tracker_code": f"VMS{number:08d}" if far else "",
            "risk": "Không",
            "engines": f"YANMAR 6HA | M{number:08d} | 298",
        }


main()
