"""Ask the portal again for dossiers that it has and the province has not, and take them in."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound, Refusal, Unavailable
from cuaso.kernel.subjects import Subject
from cuaso.services.national_portal.logic import signature, submissions, surroundings, wire
from cuaso.services.national_portal.logic.receive_dossier import receive_dossier
from cuaso.services.national_portal.models import Link, Missing

# Longer than fetching a dossier with all its files may take.
LEASE = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
GONE = "Cổng không còn giữ nội dung của hồ sơ này."


def note(codes: Iterable[str]) -> None:
    """Have dossiers asked for, once each, inside the comparison's transaction."""
    now = clock.now()
    Missing.objects.bulk_create(
        [Missing(code=code, found_at=now, next_try_at=now) for code in sorted(codes)],
        ignore_conflicts=True,
    )


def ask_missing_due(limit: int = 20) -> int:
    """Ask for what is missing and due, outside any transaction; return how many came in.

    A dossier comes in by the same act as one that the portal hands in. What is refused waits for
    a person, with the reason. When the portal does not answer, the turn ends and nothing is lost.
    """
    if not surroundings.base():
        return 0
    came = 0
    for _ in range(limit):
        row = _take()
        if row is None:
            break
        try:
            came += _ask(row)
        except Unavailable as trouble:
            _put_off(row, trouble.what)
            break
    return came


def ask_again(*, id: UUID, actor: Actor) -> None:
    """Have a refused dossier asked for once more; raise NotFound when it is not refused."""
    with transaction.atomic():
        row = Missing.objects.select_for_update().filter(id=id, state="refused").first()
        if row is None:
            raise NotFound(
                code="national_portal.nothing_missing",
                what="Không có hồ sơ nào chờ hỏi lại.",
                why="Hồ sơ này đang được hỏi, hoặc đã về tỉnh.",
                mend="Hãy tải lại trang.",
            )
        row.state, row.tries, row.trouble = "waiting", 0, ""
        row.next_try_at, row.settled_at = clock.now(), None
        row.save()
        _record(row, act="national_portal.asked_again", actor=actor)


def _take() -> Missing | None:
    with transaction.atomic(durable=True):
        row = (
            Missing.objects.select_for_update(skip_locked=True)
            .filter(state="waiting", next_try_at__lte=clock.now())
            .order_by("next_try_at", "id")
            .first()
        )
        if row is not None:
            row.next_try_at = clock.now() + LEASE
            row.save(update_fields=["next_try_at"])
    return row


def _ask(row: Missing) -> int:
    if Link.objects.filter(code=row.code).exists():
        return _settle(row, "taken")
    sealed = submissions.submission(row.code)
    if sealed is None:
        return _settle(row, "refused", trouble=GONE)
    try:
        signature.check(sealed)
        if wire.read_submission(sealed.body).code != row.code:
            raise wire.senseless()
        receive_dossier(sealed)
    except Unavailable:
        raise
    except Refusal as refusal:
        return _settle(row, "refused", trouble=_why(refusal))
    return _settle(row, "taken")


def _why(refusal: Refusal) -> str:
    places = [f"{one.field}: {one.say}" for one in refusal.problems[:3]]
    return " ".join(part for part in (refusal.what, refusal.why, *places) if part)[:1000]


def _settle(row: Missing, state: str, *, trouble: str = "") -> int:
    with transaction.atomic():
        row.state, row.trouble, row.tries = state, trouble, row.tries + 1
        row.next_try_at, row.settled_at = None, clock.now()
        row.save()
        _record(row, act=f"national_portal.missing_{state}", actor=surroundings.HOUSE)
    return int(state == "taken")


def _put_off(row: Missing, trouble: str) -> None:
    pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
    Missing.objects.filter(id=row.id, state="waiting").update(
        tries=row.tries + 1, trouble=trouble, next_try_at=clock.now() + pause
    )


def _record(row: Missing, *, act: str, actor: Actor) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="national_portal.missing", id=row.id),
        content={"code": row.code, "trouble": row.trouble},
    )
