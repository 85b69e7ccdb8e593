"""Lists of dossiers: the officer's work by due time, the citizen's by day of submission."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from cuaso.foundation.access import api as access
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.services.procedures.contracts import DossierPage, DossierRow
from cuaso.services.procedures.logic.course import timing
from cuaso.services.procedures.logic.matter import rows
from cuaso.services.procedures.logic.matter.channel import say as say_channel
from cuaso.services.procedures.logic.matter.names import Names
from cuaso.services.procedures.logic.matter.rows import Listed, ListedDossier, ListedStep
from cuaso.services.procedures.logic.matter.status import NAMES, Status
from cuaso.services.procedures.logic.seeing import due_steps, newest
from cuaso.services.procedures.logic.seeing.wanted import Wanted
from cuaso.services.procedures.logic.telling import co_applicants
from cuaso.services.procedures.models import Dossier
from cuaso.services.procedures.policies import DOSSIERS

Row = TypeVar("Row")
CAP = 1000
FAR = datetime(9999, 1, 1, tzinfo=clock.VIETNAM)
OPEN_VIEWS = frozenset({"mine", "late", "soon"})
OF_VIEW = {
    "waiting": (Status.SUPPLEMENT_ASKED, Status.PAYMENT_ASKED),
    "done": (Status.DONE, Status.DELIVERED),
}
MOST_A_PAGE = 100
VIEWS = (
    ("mine", "Việc của tôi"),
    ("late", "Quá hạn"),
    ("soon", "Sắp đến hạn"),
    ("waiting", "Chờ người nộp"),
    ("done", "Đã xong"),
    ("all", "Hồ sơ của cơ quan"),
)
TITLES = {**dict(VIEWS), "agency": "Hồ sơ của cơ quan"}


def queue(
    *,
    actor: Actor,
    view: str = "mine",
    text: str = "",
    procedure: str = "",
    cursor: str = "",
    limit: int = 25,
) -> DossierPage:
    """Return one page of the officer's list; open work is sorted by due time, work at risk first.

    `view` is one of TITLES; raises NotFound for another. Counts stop at CAP. Only what the policy
    lets the actor see, or work on where the list is work, is there.
    """
    if view not in TITLES:
        raise _unknown_view()
    asked = Asked(view=view, text=text, procedure=procedure, cursor=cursor, limit=_within(limit))
    counted = _counts(actor)
    views = tuple((name, title, _at_most(counted.get(name))) for name, title in VIEWS)
    if view not in OPEN_VIEWS:
        return replace(_dossiers(actor, asked), views=views)
    known = None if asked.narrowed else counted[view]
    return replace(_open_work(actor, asked, known), views=views)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the reader of a list asked for."""

    view: str
    text: str
    procedure: str
    cursor: str
    limit: int

    @property
    def narrowed(self) -> bool:
        return bool(self.procedure or self.text.strip())


def _open_work(actor: Actor, asked: Asked, known: int | None) -> DossierPage:
    wanted = due_steps.Narrowed(view=asked.view, text=asked.text, procedure=asked.procedure)
    count = known
    if count is None:
        count, *_others = due_steps.counts(actor, wanted, most=CAP + 1)
    if asked.cursor:
        due_at, id = _read(asked.cursor)
        wanted = replace(wanted, after=(None if due_at == FAR else due_at, id))
    found = _first(_steps(actor, wanted, most=asked.limit + 1), most=asked.limit + 1)
    names = Names()
    told = tuple(_row(dossier, actor, work, names) for dossier, work, _step in found[: asked.limit])
    more = found[asked.limit - 1][2] if len(found) > asked.limit else None
    following = _write((more.due_at or FAR).isoformat(), str(more.id)) if more else ""
    return DossierPage(rows=told, next=following, count=min(count, CAP), capped=count > CAP)


def work_to_give(*, actor: Actor, text: str = "", limit: int = 50) -> DossierPage:
    """Return the open steps that a leader may give to others, whoever holds them, most urgent
    first; `capped` when there are more than `limit`.
    """
    asked = due_steps.Narrowed(text=text)
    steps = due_steps.led(actor, asked, most=limit + 1)
    allows = rows.sieve(actor=actor, act="lead")
    known = rows.listed(tuple(dict.fromkeys(step.dossier_id for step in steps)))
    allowed = {work.id: (one.dossier, work) for one in known if allows(one) for work in one.works}
    names = Names()
    told = tuple(
        _row(dossier, actor, work, names)
        for dossier, work in (allowed[step.id] for step in steps[:limit] if step.id in allowed)
    )
    return DossierPage(rows=told, count=len(told), capped=len(steps) > limit)


def _steps(
    actor: Actor, wanted: due_steps.Narrowed, *, most: int
) -> Iterator[tuple[ListedDossier, ListedStep, due_steps.Step]]:
    """Yield the steps of a list that the policy lets the actor work on, with their dossiers."""
    allows = rows.sieve(actor=actor, act="work")
    while True:
        steps = due_steps.first(actor, wanted, most=most)
        dossiers = rows.listed(tuple(dict.fromkeys(step.dossier_id for step in steps)))
        allowed = {
            work.id: (one.dossier, work) for one in dossiers if allows(one) for work in one.works
        }
        yield from ((*allowed[step.id], step) for step in steps if step.id in allowed)
        if len(steps) < most:
            return
        wanted = replace(wanted, after=(steps[-1].due_at, steps[-1].id))


def _first(found: Iterator[Row], *, most: int) -> list[Row]:
    return list(islice(found, most))


def _dossiers(actor: Actor, asked: Asked) -> DossierPage:
    wanted = Wanted(
        statuses=sorted(OF_VIEW.get(asked.view, ())),
        procedure=asked.procedure,
        text=asked.text,
        after=_read(asked.cursor) if asked.cursor else None,
        steps=asked.view not in OF_VIEW,
    )
    most = asked.limit + 1
    page = _page(_first(_reached(actor, wanted, most=most), most=most), actor, asked.limit)
    return replace(page, count=len(page.rows), capped=bool(page.next))


def _reached(actor: Actor, wanted: Wanted, *, most: int) -> Iterator[Listed]:
    """Yield the dossiers of a list that the policy lets the actor see, newest first."""
    allows = rows.sieve(actor=actor, act="view")
    while True:
        found = rows.listed(newest.newest(actor, wanted, most=most))
        yield from (one for one in found if allows(one))
        if len(found) < most:
            return
        last = found[-1].dossier
        wanted = replace(wanted, after=(last.submitted_at, last.id))


def my_dossiers(*, actor: Actor, cursor: str = "", limit: int = 20) -> DossierPage:
    """Return the dossiers of the actor's own capacity, also as co-applicant, newest first."""
    if actor.party_id is None or actor.kind == "official":
        return DossierPage(rows=())
    # The two roads by index; the policy alone would walk every dossier of the province.
    together = co_applicants.dossiers_of(actor.party_id)
    near = Dossier.objects.filter(Q(party_id=actor.party_id) | Q(id__in=together))
    own = access.visible(actor=actor, act="follow", queryset=near, policy=DOSSIERS)
    count = _capped(own)
    if cursor:
        moment, id_ = _read(cursor)
        own = own.filter(Q(submitted_at__lt=moment) | Q(submitted_at=moment, id__lt=id_))
    limit = _within(limit)
    ids = own.order_by("-submitted_at", "-id").values_list("id", flat=True)[: limit + 1]
    page = _page(rows.listed(tuple(ids)), actor, limit)
    return replace(page, count=min(count, CAP), capped=count > CAP)


def _page(found: Sequence[Listed], actor: Actor, limit: int) -> DossierPage:
    names = Names()
    more = found[limit - 1].dossier if len(found) > limit else None
    return DossierPage(
        rows=tuple(_row(one.dossier, actor, _first_open(one), names) for one in found[:limit]),
        next=_write(more.submitted_at.isoformat(), str(more.id)) if more else "",
    )


def _first_open(one: Listed) -> ListedStep | None:
    return next((work for work in one.works if work.done_at is None), None)


def _row(dossier: ListedDossier, actor: Actor, work: ListedStep | None, names: Names) -> DossierRow:
    return DossierRow(
        id=dossier.id,
        code=dossier.dossier_code or dossier.tracking_code,
        tracking_code=dossier.tracking_code,
        title=dossier.title,
        procedure_title=dossier.procedure.title,
        applicant_name=dossier.applicant_name,
        status=dossier.status,
        status_say=NAMES[Status(dossier.status)],
        step=work.title if work else "",
        holder_name=_holder(work, names),
        due=timing.view(dossier),
        submitted_at=dossier.submitted_at,
        channel_say=say_channel(channel=dossier.channel, key=dossier.key),
        mine=bool(work and work.post_id and work.post_id == actor.post_id),
        version=dossier.version,
        together_with=_together_with(dossier, actor),
    )


def _together_with(dossier: ListedDossier, actor: Actor) -> str:
    """Return who submitted, to whom applies together with them; `""` for owner and official."""
    own = actor.kind == "official" or dossier.party_id == actor.party_id
    return "" if own else dossier.applicant_name


def _holder(work: ListedStep | None, names: Names) -> str:
    if work is None:
        return ""
    return names.holder(work.post_id) or names.agency(work.agency_id)


def _counts(actor: Actor) -> dict[str, int | None]:
    """Count what is to be done, up to one more than CAP; a whole large table is never counted."""
    waiting = Wanted(statuses=sorted(OF_VIEW["waiting"]), steps=False)
    asked = newest.counting(actor, waiting, most=CAP + 1)
    counted = due_steps.counts(actor, due_steps.Narrowed(), most=CAP + 1, beside=asked)
    return dict(zip(("mine", "late", "soon", "waiting"), counted, strict=True))


def _at_most(count: int | None) -> int | None:
    return None if count is None else min(CAP, count)


def _capped(found: QuerySet[Dossier]) -> int:
    return found.order_by()[: CAP + 1].count()


def _write(*parts: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _read(cursor: str) -> tuple[datetime, UUID]:
    try:
        first, second = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment, id_ = datetime.fromisoformat(first), UUID(second)
    except (ValueError, TypeError, AttributeError) as error:
        raise _bad_cursor() from error
    if moment.tzinfo is None:
        raise _bad_cursor()
    return moment, id_


def _within(limit: int) -> int:
    return max(1, min(limit, MOST_A_PAGE))


def _bad_cursor() -> Invalid:
    return Invalid(
        code="procedures.cursor_bad",
        what="Đường dẫn của trang này không đúng.",
        mend="Hãy mở lại danh sách từ đầu.",
    )


def _unknown_view() -> NotFound:
    return NotFound(
        code="procedures.view_unknown",
        what="Không có danh sách này.",
        mend="Hãy chọn một danh sách ở đầu trang.",
    )
