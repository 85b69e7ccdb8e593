"""Carry issued decisions out on their day, by themselves."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import DecisionFile
from cuaso.kernel import clock
from cuaso.kernel.errors import Refusal
from cuaso.services.personnel.logic.house import HOUSE
from cuaso.services.personnel.models import Decision

AGAIN_AFTER: Final = timedelta(minutes=5)
MOST: Final = 200
OPEN: Final = ("waiting", "stuck")


def note(change_id: UUID) -> int:
    """Remember the decisions that a change issued, changed, carried out or took back; how many."""
    files = registries.decisions_of(change_id)
    for file in files:
        _note(file)
    return len(files)


def _note(file: DecisionFile) -> None:
    facts = {
        "registry": file.registry,
        "keeper_id": file.agency_id,
        "number": file.number,
        "act": file.act,
        "official_name": file.official_name,
        "effective_date": file.effective,
        "move": file.move,
    }
    known = Decision.objects.filter(record_id=file.id)
    if file.open:
        fresh = {**facts, "state": "waiting", "trouble": "", "next_try_at": None}
        Decision.objects.update_or_create(
            record_id=file.id, defaults=fresh, create_defaults={**fresh, "made_at": clock.now()}
        )
    elif file.taken:
        known.filter(state__in=OPEN).update(state="done", trouble="", acted_at=clock.now())
    else:
        known.filter(state__in=OPEN).update(state="void", trouble="")


def act_due() -> int:
    """Carry out what is due, also what was typed after its day; return how many decisions.

    What the registry refuses is kept with the reason and tried again; nothing of it is written.
    """
    acted = 0
    for _ in range(MOST):
        row_acted = _act_next()
        if row_acted is None:
            break
        acted += row_acted
    return acted


def _act_next() -> bool | None:
    """Carry out the next decision; None when none is due, False when it was refused."""
    with transaction.atomic():
        due = Decision.objects.select_for_update(skip_locked=True).filter(
            state__in=OPEN, effective_date__lte=clock.today()
        )
        row = due.exclude(next_try_at__gt=clock.now()).order_by("effective_date", "made_at").first()
        return None if row is None else _act(row)


def _act(row: Decision) -> bool:
    row.late_days = (clock.today() - row.effective_date).days
    try:
        with transaction.atomic():
            registries.move(
                registry=row.registry,
                id=row.record_id,
                to=row.move,
                actor=HOUSE,
                reason=_reason(row),
            )
    except Refusal as refusal:
        row.state, row.trouble = "stuck", str(refusal)
        row.next_try_at = clock.now() + AGAIN_AFTER
        row.save()
        return False
    row.state, row.trouble, row.acted_at = "done", "", clock.now()
    row.save()
    return True


def _reason(row: Decision) -> str:
    said = f"Quyết định {row.number} có hiệu lực từ ngày {row.effective_date:%d/%m/%Y}"
    if not row.late_days:
        return said
    return f"{said}, nhập muộn {row.late_days} ngày nên thi hành ngay"
