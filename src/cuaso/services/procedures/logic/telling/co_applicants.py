"""Who applies together with the one who submits: found by number, seen only by their own name."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from cuaso.declarations.forms import Cleaned
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.text import fold
from cuaso.services.procedures.act_models import CoApplicant
from cuaso.services.procedures.contracts import Check
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.status import PLAIN, Status
from cuaso.services.procedures.models import Dossier

# Where the sentence to the applicant would ask the reader to do what only the applicant does.
TOLD = {
    Status.RECEIVED: "Hồ sơ đã được tiếp nhận và có giấy hẹn trả kết quả.",
    Status.IN_PROCESS: "Cơ quan đang giải quyết hồ sơ.",
    Status.SUPPLEMENT_ASKED: "Cơ quan cần người nộp bổ sung. Danh sách đầy đủ ghi ở dưới.",
    Status.PAYMENT_ASKED: "Hồ sơ chờ người nộp trả phí, lệ phí.",
    Status.WITHDRAWN: "Người nộp đã rút hồ sơ.",
    Status.DONE: "Kết quả đã ký và đóng dấu, đang chờ trả.",
    Status.DELIVERED: "Kết quả đã trả. Bản điện tử có trong kho giấy tờ của người nộp.",
}


def settle(dossier: Dossier, cleaned: Cleaned) -> None:
    """Make the rows equal to whom the form names, inside the act's transaction.

    Whoever acted, and whose affair it is, is no co-applicant. A row that the form no longer names
    ends; it is kept, so that the ledger can say who saw the dossier until when.
    """
    wanted = _named(dossier, cleaned)
    rows = current(dossier)
    ended = [row.id for row in rows if wanted.get(row.personal_number) != row.name]
    CoApplicant.objects.filter(id__in=ended).update(until_at=clock.now())
    kept = {row.personal_number for row in rows if row.id not in ended}
    for number, name in wanted.items():
        if number not in kept:
            _join(dossier, number=number, name=name)


def current(dossier: Dossier) -> tuple[CoApplicant, ...]:
    """Return the rows of who applies together now; no query where the procedure knows nobody."""
    if not declared.procedure(dossier.procedure).co_applicants:
        return ()
    rows = CoApplicant.objects.filter(dossier=dossier, until_at=None)
    return tuple(rows.order_by("since_at", "id"))


def at_hand(dossier: Dossier) -> tuple[CoApplicant, ...]:
    """Return the rows of who applies together now, from what is in memory of the dossier."""
    rows = (row for row in dossier.co_applicants.all() if row.until_at is None)
    return tuple(sorted(rows, key=lambda row: (row.since_at, row.id)))


def kept_of(dossier: Dossier) -> dict[str, object]:
    """Return what the ledger keeps of an act by which co-applicants came or went."""
    told = [f"{row.name}, {row.personal_number}" for row in current(dossier)]
    return {"co_applicants": told} if declared.procedure(dossier.procedure).co_applicants else {}


def plain_say(dossier: Dossier) -> str:
    """Say to a co-applicant how the dossier stands."""
    status = Status(dossier.status)
    waiting = "" if status == Status.PAYMENT_ASKED else dossier.waiting_say
    return waiting or TOLD.get(status, PLAIN[status])


def dossiers_of(party_id: UUID) -> list[UUID]:
    """Return the dossiers in which a person applies together with another; they are few."""
    rows = CoApplicant.objects.filter(person_id=party_id, name_agrees=True, until_at=None)
    return list(rows.values_list("dossier_id", flat=True))


def people(dossier: Dossier) -> Iterator[tuple[UUID, Person]]:
    """Yield the row's id and the person, for each co-applicant who sees the dossier."""
    for row in current(dossier):
        if row.person_id is not None and row.name_agrees:
            yield row.id, directory.person(row.person_id)


def recognise(*, person_id: UUID, actor: Actor) -> None:
    """Give the rows that wait for a personal number to the person who has it now."""
    person = directory.person(person_id)
    if not person.personal_number:
        return
    waiting = CoApplicant.objects.select_for_update().filter(
        personal_number=person.personal_number, person_id=None, until_at=None
    )
    for row in waiting:
        row.person_id, row.name_agrees = person.id, _same(person, row.name)
        row.save(update_fields=["person_id", "name_agrees"])
        audit.record(
            actor=actor,
            act="procedures.co_applicant_known",
            subject=steps.subject(row.dossier),
            content={"co_applicant": row.id, "name_agrees": row.name_agrees},
        )


def checks(rows: tuple[CoApplicant, ...]) -> tuple[Check, ...]:
    """Say for the officer whose name and number do not belong together."""
    return tuple(
        Check(
            state="soon",
            say=f"Số định danh khai cho {row.name} là của người có họ tên khác; "
            "cần đối chiếu giấy tờ tùy thân",
        )
        for row in rows
        if row.person_id is not None and not row.name_agrees
    )


def _named(dossier: Dossier, cleaned: Cleaned) -> Mapping[str, str]:
    """Return name by personal number of whom the form names beside the one who acts."""
    named: dict[str, str] = {}
    for path in declared.procedure(dossier.procedure).co_applicants:
        beside = f"{path.rpartition('.')[0]}.full_name"
        if number := str(cleaned.get(path) or ""):
            named.setdefault(number, str(cleaned.get(beside) or ""))
    if named:
        for id_ in {dossier.person_id, dossier.party_id}:
            named.pop(directory.person(id_).personal_number, None)
    return named


def _join(dossier: Dossier, *, number: str, name: str) -> None:
    person = directory.find_person(number)
    CoApplicant.objects.create(
        dossier=dossier,
        personal_number=number,
        name=name,
        person_id=person.id if person else None,
        name_agrees=person is not None and _same(person, name),
        since_at=clock.now(),
    )


def _same(person: Person, name: str) -> bool:
    return fold(person.name) == fold(name)
