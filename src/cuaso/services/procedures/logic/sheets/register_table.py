"""The lines of the register: what each dossier says there, printed or as a table."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.kernel import clock
from cuaso.services.procedures.act_models import CaseChange, CoApplicant
from cuaso.services.procedures.logic.matter.channel import CHANNELS
from cuaso.services.procedures.logic.matter.names import Names
from cuaso.services.procedures.logic.matter.status import NAMES, Status
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.models import Dossier, Work

HEADINGS = (
    "TT",
    "Mã hồ sơ",
    "Mã thủ tục",
    "Tên thủ tục",
    "Số bộ",
    "Tên cá nhân, tổ chức",
    "Địa chỉ",
    "Số điện thoại",
    "Cơ quan chủ trì giải quyết",
    "Cách nộp",
    "Nhận hồ sơ",
    "Hẹn trả kết quả",
    "Giải quyết xong",
    "Trả kết quả",
    "Nơi trả kết quả",
    "Ghi chú",
)
WITHOUT_RESULT = frozenset({Status.NOT_RECEIVED, Status.WITHDRAWN, Status.STOPPED})
# A cell that begins so is a formula to a spreadsheet; applicants choose their names.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ONE_SET = "01"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One dossier in the register."""

    code: str
    procedure_code: str
    procedure: str
    name: str
    address: str
    phone: str
    agency: str
    channel: str
    received_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    handover: str
    note: str


def lines(dossiers: Sequence[Dossier]) -> list[Line]:
    """Return the lines of some dossiers; people, deliveries and co-applicants are read
    in one query each.
    """
    people = directory.people({id for one in dossiers for id in (one.party_id, one.person_id)})
    delivered = dict(
        Work.objects.filter(dossier__in=dossiers, element="deliver", outcome="delivered")
        .order_by("done_at")
        .values_list("dossier_id", "done_at")
    )
    names, together = Names(), _together(dossiers)
    return [
        _line(one, people, delivered.get(one.id), names, together.get(one.id, ()))
        for one in dossiers
    ]


def _together(dossiers: Sequence[Dossier]) -> dict[UUID, list[str]]:
    """Return by dossier the names of who apply together with its applicant now."""
    rows = CoApplicant.objects.filter(dossier__in=dossiers, until_at=None)
    named: dict[UUID, list[str]] = {}
    for dossier_id, name in rows.order_by("since_at", "id").values_list("dossier_id", "name"):
        named.setdefault(dossier_id, []).append(name)
    return named


def _line(
    dossier: Dossier,
    people: dict[UUID, Person],
    returned_at: datetime | None,
    names: Names,
    together: Sequence[str],
) -> Line:
    party, actor = people.get(dossier.party_id), people.get(dossier.person_id)
    return Line(
        code=dossier.dossier_code or dossier.tracking_code,
        procedure_code=dossier.procedure.code,
        procedure=dossier.procedure.title,
        name=_name(dossier, party, together),
        address=party.address if party else "",
        phone=actor.phone if actor else "",
        agency=names.agency(dossier.agency_id),
        channel=CHANNELS[dossier.channel],
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        finished_at=None if dossier.status in WITHOUT_RESULT else dossier.finished_at,
        returned_at=returned_at,
        handover=_handover(dossier) if returned_at else "",
        note=_note(dossier),
    )


def _name(dossier: Dossier, party: Person | None, together: Sequence[str]) -> str:
    beside = [f"cùng nộp: {', '.join(together)}"] if together else []
    if party is None or dossier.party_id == dossier.person_id:
        return _beside(dossier.applicant_name, beside)
    return _beside(party.name, [f"người nộp: {dossier.applicant_name}", *beside])


def _beside(name: str, said: Sequence[str]) -> str:
    return f"{name} ({'; '.join(said)})" if said else name


def _handover(dossier: Dossier) -> str:
    return "Kho giấy tờ điện tử" if dossier.channel == "online" else "Tại quầy"


def _note(dossier: Dossier) -> str:
    said = [_standing(dossier)]
    if dossier.original_due_at is not None:
        said.append(f"đã gia hạn, hẹn lần đầu {_cell(dossier.original_due_at)}")
    first = CaseChange.objects.filter(dossier=dossier).order_by("changed_at", "id").first()
    if first is not None:
        said.append(f"đã đổi trường hợp thời hạn, hẹn lần đầu {_cell(first.was_due_at)}")
    return "; ".join(said)


def _standing(dossier: Dossier) -> str:
    if dossier.status in WITHOUT_RESULT:
        return NAMES[Status(dossier.status)]
    until = dossier.finished_at or clock.now()
    late = dossier.due_at is not None and dossier.paused_at is None and until > dossier.due_at
    if dossier.finished_at is not None:
        return "Quá hạn" if late else "Đúng hạn"
    return f"{NAMES[Status(dossier.status)]}{', quá hạn' if late else ''}"


def printed(line: Line) -> dict[str, object]:
    """Return a line as the register's template reads it."""
    return {
        "code": line.code,
        "procedure": line.procedure,
        "sets": ONE_SET,
        "name": line.name,
        "contact": ", ".join(part for part in (line.address, line.phone) if part),
        "agency": line.agency,
        "received_at": render.local(line.received_at),
        "due_at": render.local(line.due_at),
        "returned_at": render.local(line.returned_at),
        "handover": line.handover,
        "note": line.note,
    }


def csv_lines(found: Iterable[Line]) -> Iterator[bytes]:
    """Yield the register as CSV that spreadsheets open as it stands: UTF-8 with its mark."""
    yield b"\xef\xbb\xbf" + _row(HEADINGS)
    for number, line in enumerate(found, start=1):
        yield _row(
            (
                str(number),
                line.code,
                line.procedure_code,
                line.procedure,
                ONE_SET,
                line.name,
                line.address,
                line.phone,
                line.agency,
                line.channel,
                _cell(line.received_at),
                _cell(line.due_at),
                _cell(line.finished_at),
                _cell(line.returned_at),
                line.handover,
                line.note,
            )
        )


def _cell(moment: datetime | None) -> str:
    return f"{moment.astimezone(clock.VIETNAM):%d/%m/%Y %H:%M}" if moment else ""


def _row(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(f"'{one}" if one.startswith(FORMULA) else one for one in cells)
    return out.getvalue().encode()
