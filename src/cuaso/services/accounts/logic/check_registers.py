"""Check accounts against the national registers of people and of businesses."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.exchange import api as exchange
from cuaso.capabilities.exchange.contracts import Consent, Facts
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import NotFound, Unavailable
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import fold
from cuaso.services.accounts.contracts import Check
from cuaso.services.accounts.logic.follow_businesses import follow_businesses
from cuaso.services.accounts.models import RegisterCheck

CHECKER: Final = system("Đối chiếu tài khoản")
PURPOSE: Final = "Đối chiếu tài khoản với cơ sở dữ liệu quốc gia"
PAUSES: Final = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 720))
_AT_ONCE: Final = 20
_WORDS: Final = {"name": "họ tên", "birth_date": "ngày sinh", "sex": "giới tính"}


def want_check(*, account_id: UUID, person_id: UUID, kind: str) -> None:
    """Put an account in the line of those to check, once; again when it is asked for again."""
    RegisterCheck.objects.update_or_create(
        account_id=account_id,
        defaults={
            "person_id": person_id,
            "kind": kind,
            "state": "waiting",
            "tries": 0,
            "next_try_at": clock.now(),
        },
        create_defaults={
            "person_id": person_id,
            "kind": kind,
            "made_at": clock.now(),
            "next_try_at": clock.now(),
        },
    )


def check_due() -> int:
    """Ask the registers about the accounts whose turn it is; return how many were answered.

    Outside any transaction: it waits for other systems. Nothing is corrected here.
    """
    rows = RegisterCheck.objects.filter(state="waiting", next_try_at__lte=clock.now())
    return sum(_check(row) for row in rows.order_by("next_try_at")[:_AT_ONCE])


def checks_of(person_id: UUID) -> tuple[Check, ...]:
    """Return how a person's accounts stand against the registers."""
    rows = RegisterCheck.objects.filter(person_id=person_id).order_by("made_at")
    return tuple(_seen(row) for row in rows)


def _check(row: RegisterCheck) -> bool:
    try:
        person = directory.person(row.person_id)
        facts = _facts(person)
        found = follow_businesses(person, actor=CHECKER) if row.kind == "citizen" else 0
    except Unavailable as trouble:
        _wait(row, str(trouble))
        return False
    except NotFound as missing:
        _settle(row, state="unknown", trouble=missing.what)
        return True
    differing = _differing(person, facts)
    row.businesses, row.evidence_id = found, facts.evidence.id
    row.differing = list(differing)
    _settle(row, state="differs" if differing else "agrees")
    return True


def _facts(person: Person) -> Facts:
    """Who has an account has agreed to be who they are: identity facts alone are asked for."""
    if not person.personal_number:
        raise NotFound(
            code="accounts.no_number",
            what="Chưa có số định danh cá nhân để đối chiếu.",
            mend="Hãy bổ sung số định danh trong danh bạ.",
        )
    consent = Consent(
        id=person.id,
        given_at=clock.now(),
        scope=frozenset({"identity"}),
        person_id=person.id,
    )
    return exchange.population.person_facts(
        personal_number=person.personal_number,
        purpose=PURPOSE,
        consent=consent,
        actor=CHECKER,
        subject=Subject(kind="directory.person", id=person.id),
    )


def _differing(person: Person, facts: Facts) -> tuple[str, ...]:
    pairs = {
        "name": (fold(person.name), fold(facts.name)),
        "birth_date": (person.birth_date, facts.birth_date),
        "sex": (person.sex, facts.sex),
    }
    return tuple(
        name for name, (ours, theirs) in pairs.items() if ours and theirs and ours != theirs
    )


def _wait(row: RegisterCheck, trouble: str) -> None:
    pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
    row.tries, row.trouble = row.tries + 1, trouble
    row.next_try_at = clock.now() + pause
    row.save(update_fields=["tries", "trouble", "next_try_at"])


def _settle(row: RegisterCheck, *, state: str, trouble: str = "") -> None:
    with transaction.atomic():
        row.state, row.trouble = state, trouble
        row.checked_at, row.next_try_at = clock.now(), None
        row.save()
        audit.record(
            actor=CHECKER,
            act="accounts.checked",
            subject=Subject(kind="identity.account", id=row.account_id),
            content={"state": state, "differing": row.differing, "evidence": row.evidence_id},
        )


def _seen(row: RegisterCheck) -> Check:
    return Check(
        account_id=row.account_id,
        kind=row.kind,
        state=row.state,  # type: ignore[arg-type] # held by the check constraint
        differing=tuple(row.differing),
        businesses=row.businesses,
        checked_at=row.checked_at,
        say=_say(row),
    )


def _say(row: RegisterCheck) -> str:
    if row.state == "agrees":
        return "Thông tin khớp với cơ sở dữ liệu quốc gia về dân cư."
    if row.state == "differs":
        words = ", ".join(_WORDS[name] for name in row.differing)
        said = f"Khác với cơ sở dữ liệu quốc gia về dân cư: {words}."
        return f"{said} Hãy tới bộ phận một cửa để sửa."
    if row.state == "unknown":
        return "Cơ sở dữ liệu quốc gia về dân cư không có người mang số định danh này."
    return "Đang chờ đối chiếu với cơ sở dữ liệu quốc gia về dân cư."
