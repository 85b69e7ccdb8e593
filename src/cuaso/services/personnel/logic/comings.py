"""What an administrator sees: who joined, moved and left, and what could not be done."""

from datetime import timedelta
from typing import Final

from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.services.personnel.contracts import (
    ComingDecision,
    Comings,
    MovementLine,
    StuckDecision,
    WaitingAccount,
)
from cuaso.services.personnel.logic.attend import require_admin, within
from cuaso.services.personnel.models import Decision, Movement, Official

MOST: Final = 200
DAYS: Final = 30


def comings(*, actor: Actor, days: int = DAYS) -> Comings:
    """Return the movements of the last days of the administrator's agencies, newest first, at most
    200 of each kind. Raises NotAllowed for who is no administrator.
    """
    require_admin(actor)
    mine = Movement.objects.filter(within(actor, prefix="official__")).select_related("official")
    since = clock.now() - timedelta(days=days)
    decisions = Decision.objects.filter(within(actor, agency="keeper_id"))
    return Comings(
        stuck=tuple(_line(row) for row in mine.filter(state="stuck").order_by("made_at")[:MOST]),
        stuck_decisions=tuple(
            StuckDecision(
                id=row.id,
                number=row.number,
                act=row.act,
                official_name=row.official_name,
                effective_date=row.effective_date,
                trouble=row.trouble,
            )
            for row in decisions.filter(state="stuck").order_by("effective_date")[:MOST]
        ),
        waiting=_waiting(actor),
        coming=tuple(
            ComingDecision(
                number=row.number,
                act=row.act,
                official_name=row.official_name,
                effective_date=row.effective_date,
            )
            for row in decisions.filter(state="waiting", effective_date__gt=clock.today()).order_by(
                "effective_date"
            )[:MOST]
        ),
        done=tuple(
            _line(row)
            for row in mine.filter(state="done", made_at__gte=since).order_by("-made_at", "-pk")[
                :MOST
            ]
        ),
        days=days,
    )


def _waiting(actor: Actor) -> tuple[WaitingAccount, ...]:
    rows = Official.objects.filter(within(actor), state="working", account_id__isnull=False)
    recent = list(rows.order_by("-pk")[: 10 * MOST])
    cards = identity.account_cards(row.account_id for row in recent if row.account_id)
    return tuple(
        WaitingAccount(
            official_id=row.id,
            code=row.code,
            name=row.name,
            username=card.username,
            organisation=row.organisation,
            code_given_at=row.code_given_at,
        )
        for row in recent
        if row.account_id
        and (card := cards.get(row.account_id)) is not None
        and card.state == "pending"
    )[:MOST]


def _line(row: Movement) -> MovementLine:
    kinds = {"joined": "joined", "moved": "moved", "left": "left"}
    return MovementLine(
        id=row.id,
        kind=kinds.get(row.kind, "back"),  # type: ignore[arg-type] # one of the four
        code=row.official.code,
        name=row.official.name,
        title=row.title,
        organisation=row.organisation,
        basis=row.basis,
        effective_date=row.effective_date,
        late_days=row.late_days,
        username=row.username,
        made_at=row.made_at,
        trouble_code=row.trouble_code,
        trouble=row.trouble,
    )
