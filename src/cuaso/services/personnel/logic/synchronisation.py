"""How the synchronisation with the national database stands, without asking it."""

from typing import Final

from cuaso.capabilities.exchange.api import peers
from cuaso.kernel.actors import Actor
from cuaso.services.personnel.contracts import DifferenceLine, RefusedMessage, Synchronisation
from cuaso.services.personnel.logic import compare
from cuaso.services.personnel.logic.decide import CHOICES, require_keeper
from cuaso.services.personnel.logic.house import NATIONAL
from cuaso.services.personnel.logic.tell import ON_ITS_WAY
from cuaso.services.personnel.models import Comparison, Difference, Message

MOST: Final = 200
CAP: Final = 1000


def synchronisation(*, actor: Actor) -> Synchronisation:
    """Return what waits, what was refused, and each open difference, the oldest first, at most 200.

    Raises NotAllowed for who may not change the registry.
    """
    require_keeper("", actor)
    waits = Message.objects.filter(state__in=ON_ITS_WAY)
    waiting = waits.order_by()[:CAP].count()
    troubled = waits.exclude(trouble="").order_by("-next_try_at").first()
    oldest = waits.order_by("made_at").first()
    last = Comparison.objects.order_by("-at", "-pk").first()
    done = Comparison.objects.filter(trouble="").order_by("-at", "-pk").first()
    return Synchronisation(
        configured=bool(peers.address(NATIONAL)),
        waiting=waiting,
        oldest_at=oldest.made_at if oldest else None,
        trouble=troubled.trouble if troubled else "",
        refused=_refused(),
        differences=_differences(),
        open_count=Difference.objects.filter(state="open").order_by()[:CAP].count(),
        last=compare.seen(last) if last else None,
        last_done=compare.seen(done) if done else None,
    )


def _refused() -> tuple[RefusedMessage, ...]:
    rows = Message.objects.filter(state="failed").order_by("-made_at")[:MOST]
    return tuple(
        RefusedMessage(id=row.id, code=row.code, made_at=row.made_at, trouble=row.trouble)
        for row in rows
    )


def _differences() -> tuple[DifferenceLine, ...]:
    rows = Difference.objects.filter(state="open").order_by("found_at", "code", "path")[:MOST]
    return tuple(
        DifferenceLine(
            id=row.id,
            kind=row.kind,  # type: ignore[arg-type] # one of the three
            registry=row.registry,
            record_id=row.record_id,
            code=row.code,
            name=row.name,
            title=row.title,
            here=row.here_text or row.here,
            there=row.there,
            found_at=row.found_at,
            choices=CHOICES[row.kind],  # type: ignore[arg-type] # those of its kind
        )
        for row in rows
    )
