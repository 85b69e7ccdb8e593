"""Make account, post and rights of one official be what the file says."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import OfficialFile
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Kept
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound, Refusal
from cuaso.kernel.subjects import Subject
from cuaso.services.personnel.logic.house import HOUSE
from cuaso.services.personnel.models import Movement, Official

DAY: Final = timedelta(days=1)
AGAIN_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What befell the official: its kind ("" for nothing), its day, how late it was done."""

    kind: str = ""
    day: date | None = None
    late_days: int = 0


def follow(change_id: UUID) -> int:
    """Follow what a change wrote of officials; how many files. The same again changes nothing."""
    files = registries.officials_of(change_id)
    for file in files:
        settle(file)
    return len(files)


def settle(file: OfficialFile, *, username: str = "", actor: Actor = HOUSE) -> bool:
    """Let one official's account and post follow the file; say whether that could be done.

    What a refusal keeps from being done is noted with its reason and tried again. `username` is
    what an administrator chose for a new account.
    """
    with transaction.atomic():
        row = _row(file)
        try:
            with transaction.atomic():
                moved = _act(row, file, username=username, actor=actor)
                row.save()
                if moved.kind:
                    _tell(row, file, moved, actor=actor)
        except Refusal as refusal:
            row.refresh_from_db()
            _note_trouble(row, file, refusal)
            return False
        Movement.objects.filter(official=row, state="stuck").delete()
    return True


def _row(file: OfficialFile) -> Official:
    facts = {
        "registry": file.registry,
        "code": file.code,
        "name": file.name,
        "keeper_id": file.agency_id,
    }
    Official.objects.get_or_create(record_id=file.id, defaults=facts)
    row = Official.objects.select_for_update().get(record_id=file.id)
    if any(getattr(row, name) != value for name, value in facts.items()):
        Official.objects.filter(pk=row.pk).update(**facts)
        row.refresh_from_db()
    return row


def _act(row: Official, file: OfficialFile, *, username: str, actor: Actor) -> Moved:
    if not file.working or (file.since is None and row.state == "working"):
        return _let_go(row, file, actor=actor)
    if file.since is None:
        return Moved()
    return _let_work(row, file, file.since, username=username, actor=actor)


def _let_work(
    row: Official, file: OfficialFile, since: date, *, username: str, actor: Actor
) -> Moved:
    place = _place(file)
    person = directory.find_person(file.personal_number) or directory.ensure_person(
        name=file.name,
        personal_number=file.personal_number,
        birth_date=file.birth_date,
        sex=file.sex,
        actor=actor,
    )
    before, held = row.state, row.post_id
    start = _start(row, file, since, place)
    row.person_id, row.agency_id = person.id, place.agency_id
    row.organisation = file.organisation_name
    row.account_id = _account(row, file, person.id, username=username, actor=actor)
    row.post_id = directory.hold_post(
        person_id=person.id,
        place=place,
        title=file.title,
        roles=file.roles,
        start=start,
        actor=actor,
        reason=file.basis,
        known=held,
    ).id
    row.state = "working"
    kinds = {"waiting": "joined", "gone": "back"}
    kind = kinds.get(before, "moved" if row.post_id != held else "")
    late = (clock.today() - start).days if file.decided else 0
    return Moved(kind=kind, day=start, late_days=max(0, late))


def _start(row: Official, file: OfficialFile, since: date, place: Kept) -> date:
    """Return the first day of the post. A day that belongs to the post before does not tell when
    another begins: then it is today.
    """
    if row.post_id is None or row.state != "working":
        return since
    held = directory.post(row.post_id)
    if (held.agency_id, held.unit_id, held.title) == (place.agency_id, place.unit_id, file.title):
        return since
    return since if held.valid.start is None or since > held.valid.start else clock.today()


def _account(
    row: Official, file: OfficialFile, person_id: UUID, *, username: str, actor: Actor
) -> UUID:
    """Return the person's account, opened when there is none, again when leaving had closed it.

    One that an administrator closed while the official works stays closed.
    """
    card = identity.official_account(person_id)
    if card is None:
        wished = username or file.email.partition("@")[0] or identity.free_username(file.name)
        return identity.open_official_account(
            actor=actor,
            person_id=person_id,
            name=file.name,
            username=wished,
            password=None,
            email=file.email,
            reason=file.basis,
        )
    if card.state == "closed" and row.state == "gone":
        identity.reopen_account(actor=actor, account_id=card.id, reason=file.basis)
    return card.id


def _let_go(row: Official, file: OfficialFile, *, actor: Actor) -> Moved:
    """End posts with the last day, and the account with its sessions at once."""
    if row.state == "gone":
        return Moved()
    person = directory.find_person(file.personal_number)
    last = file.until or clock.today() - DAY
    before, row.state = row.state, "gone"
    if person is None:
        return Moved()
    reason = f"{file.basis}: {file.standing}"
    ended = directory.end_posts(person_id=person.id, end=last + DAY, actor=actor, reason=reason)
    card = identity.official_account(person.id)
    shut = card is not None and card.state != "closed"
    if card is not None and shut:
        identity.close_account(actor=actor, account_id=card.id, reason=reason)
    row.person_id, row.account_id = person.id, card.id if card else None
    if before != "working" and not ended and not shut:
        return Moved()
    late = (clock.today() - last).days if file.until else 0
    return Moved(kind="left", day=last, late_days=max(0, late))


def _place(file: OfficialFile) -> Kept:
    """Return where the official's organisation stands in the directory today; raise NotFound."""
    unit = directory.unit_by_code(file.organisation_code) if file.organisation_code else None
    if unit is not None:
        return unit
    try:
        return Kept(agency_id=directory.agency_by_code(file.organisation_code).id)
    except NotFound:
        where = file.organisation_name or file.organisation_code
        raise NotFound(
            code="personnel.no_unit",
            what=f"Chưa giao được chức vụ tại “{where}”.",
            why="Danh bạ chưa có cơ quan, đơn vị này, hoặc đơn vị đã chấm dứt.",
            mend="Hãy kiểm tra đơn vị trong sổ tổ chức bộ máy, rồi thử lại.",
        ) from None


def _tell(row: Official, file: OfficialFile, moved: Moved, *, actor: Actor) -> None:
    day = moved.day or clock.today()
    card = identity.official_account(row.person_id) if row.person_id else None
    Movement.objects.create(
        official=row,
        kind=moved.kind,
        title=file.title if moved.kind != "left" else file.standing,
        organisation=file.organisation_name,
        basis=file.basis,
        effective_date=day,
        late_days=moved.late_days,
        username=card.username if card else "",
        made_at=clock.now(),
    )
    audit.record(
        actor=actor,
        act=f"personnel.{moved.kind}",
        subject=Subject(kind="personnel.official", id=row.id),
        content={
            "file": file.code,
            "effective": day.isoformat(),
            "late_days": moved.late_days,
            "post": file.title,
            "organisation": file.organisation_code,
            "standing": file.standing,
        },
        reason=file.basis,
    )


def _note_trouble(row: Official, file: OfficialFile, refusal: Refusal) -> None:
    kind = {"waiting": "joined", "gone": "back"}.get(row.state, "moved")
    stuck, _ = Movement.objects.get_or_create(
        official=row,
        state="stuck",
        defaults={"made_at": clock.now(), "effective_date": clock.today(), "kind": kind},
    )
    stuck.kind = kind if file.working else "left"
    stuck.title, stuck.organisation = file.title, file.organisation_name
    stuck.basis = file.basis
    stuck.effective_date = (file.since if file.working else file.until) or clock.today()
    stuck.trouble_code, stuck.trouble = refusal.code, str(refusal)
    stuck.tries += 1
    stuck.next_try_at = clock.now() + AGAIN_AFTER
    stuck.save()
