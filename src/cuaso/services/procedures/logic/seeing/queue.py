"""Lists of dossiers: the officer's work by due time, the citizen's by day of submission."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Prefetch, Q, QuerySet

from cuaso.foundation.access import api as access
from cuaso.kernel import clock, text
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.services.procedures.contracts import DossierPage, DossierRow
from cuaso.services.procedures.logic.course import deputies, timing
from cuaso.services.procedures.logic.matter.channel import say as say_channel
from cuaso.services.procedures.logic.matter.names import Names
from cuaso.services.procedures.logic.matter.status import NAMES, Status
from cuaso.services.procedures.logic.seeing.newest import Wanted, newest
from cuaso.services.procedures.logic.telling import co_applicants
from cuaso.services.procedures.models import LARGE_OF_PROCEDURE, Dossier, Work
from cuaso.services.procedures.policies import DOSSIERS

CAP = 1000
# How many more steps than a page shows are looked at before the policy is asked of all.
SPARE = 20
SOON = timedelta(hours=24)
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
# Large columns that no line of a list shows.
UNLISTED = (
    *("values", "sources", "words"),
    *("procedure__law", *LARGE_OF_PROCEDURE),
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
    works = _works(actor)
    counted = _counts(actor, works)
    views = tuple((name, title, _at_most(counted.get(name))) for name, title in VIEWS)
    if view not in OPEN_VIEWS:
        return replace(_dossiers(actor, asked), views=views)
    known = None if asked.narrowed else counted.get(view)
    return replace(_open_work(actor, asked, works, known), views=views)


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


def _open_work(actor: Actor, asked: Asked, works: QuerySet[Work], known: int | None) -> DossierPage:
    works = _narrowed(_of_view(works, asked.view), asked)
    limit = asked.limit
    count = _capped(_allowed(actor, works)) if known is None else known
    if asked.cursor:
        works = works.filter(_after(*_read(asked.cursor)))
    found = _first(actor, works, limit + 1)
    names = Names()
    rows = tuple(_row(work.dossier, actor, work, names) for work in found[:limit])
    more = found[limit - 1] if len(found) > limit else None
    following = _write((more.due_at or FAR).isoformat(), str(more.id)) if more else ""
    return DossierPage(rows=rows, next=following, count=min(count, CAP), capped=count > CAP)


def _first(actor: Actor, works: QuerySet[Work], most: int) -> list[Work]:
    """Return the first steps of a list. The queue's index gives some in their order, and the policy
    is asked of those few; only where it leaves too few of them is it asked of all.
    """
    # PostgreSQL puts nulls last in ascending order: what has no due moment waits behind.
    ordered = works.order_by("due_at", "id")
    shown = ordered.select_related("dossier", "dossier__procedure").defer(
        *(f"dossier__{name}" for name in UNLISTED)
    )
    near = list(ordered.values_list("id", "dossier_id")[: most + SPARE])
    theirs = Dossier.objects.filter(id__in={dossier for _, dossier in near})
    some = shown.filter(id__in=[id for id, _ in near])
    found = list(_allowed(actor, some, among=theirs)[:most])
    if len(found) == most or len(near) < most + SPARE:
        return found
    return list(_allowed(actor, shown)[:most])


def _after(due_at: datetime, id_: UUID) -> Q:
    if due_at == FAR:
        return Q(due_at=None, id__gt=id_)
    return Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=id_) | Q(due_at=None)


def _works(actor: Actor) -> QuerySet[Work]:
    """Return the steps that wait for the actor; the policy is still to be asked."""
    return Work.objects.filter(
        Q(post_id=None) | deputies.held_by(actor),
        done_at=None,
        role__in=sorted(actor.roles),
        agency_id=actor.agency_id,
    )


def _allowed(
    actor: Actor, works: QuerySet[Work], *, among: QuerySet[Dossier] | None = None
) -> QuerySet[Work]:
    every = Dossier.objects.all() if among is None else among
    to_work_on = access.visible(actor=actor, act="work", queryset=every, policy=DOSSIERS)
    return works.filter(dossier__in=to_work_on)


def _of_view(works: QuerySet[Work], view: str) -> QuerySet[Work]:
    if view == "late":
        return works.filter(due_at__lt=clock.now())
    if view == "soon":
        return works.filter(due_at__gte=clock.now(), due_at__lt=clock.now() + SOON)
    return works


def _narrowed(works: QuerySet[Work], asked: Asked) -> QuerySet[Work]:
    if asked.procedure:
        works = works.filter(dossier__procedure__code=asked.procedure)
    if asked.text.strip():
        works = works.filter(dossier__words=SearchQuery(text.fold(asked.text), config="simple"))
    return works


def _dossiers(actor: Actor, asked: Asked) -> DossierPage:
    wanted = Wanted(
        statuses=sorted(OF_VIEW.get(asked.view, ())),
        procedure=asked.procedure,
        text=asked.text,
        after=_read(asked.cursor) if asked.cursor else None,
        steps=asked.view not in OF_VIEW,
    )
    rows = _visible(actor).filter(id__in=newest(actor, wanted, most=asked.limit + 1))
    page = _page(rows, actor, asked.limit)
    return replace(page, count=len(page.rows), capped=bool(page.next))


def _visible(actor: Actor) -> QuerySet[Dossier]:
    return access.visible(actor=actor, act="view", queryset=Dossier.objects.all(), policy=DOSSIERS)


def my_dossiers(*, actor: Actor, cursor: str = "", limit: int = 20) -> DossierPage:
    """Return the dossiers of the actor's own capacity, also as co-applicant, newest first."""
    if actor.party_id is None or actor.kind == "official":
        return DossierPage(rows=())
    # The two roads by index; the policy alone would walk every dossier of the province.
    together = co_applicants.dossiers_of(actor.party_id)
    near = Dossier.objects.filter(Q(party_id=actor.party_id) | Q(id__in=together))
    rows = access.visible(actor=actor, act="follow", queryset=near, policy=DOSSIERS)
    count = _capped(rows)
    if cursor:
        moment, id_ = _read(cursor)
        rows = rows.filter(Q(submitted_at__lt=moment) | Q(submitted_at=moment, id__lt=id_))
    return replace(_page(rows, actor, _within(limit)), count=min(count, CAP), capped=count > CAP)


def _page(rows: QuerySet[Dossier], actor: Actor, limit: int) -> DossierPage:
    waiting = Prefetch(
        "works",
        queryset=Work.objects.filter(done_at=None).order_by("since_at", "id"),
        to_attr="open_works",
    )
    found = list(
        rows.select_related("procedure")
        .defer(*UNLISTED)
        .prefetch_related(waiting)
        .order_by("-submitted_at", "-id")[: limit + 1]
    )
    names = Names()
    more = found[limit - 1] if len(found) > limit else None
    return DossierPage(
        rows=tuple(
            _row(dossier, actor, next(iter(dossier.open_works), None), names)
            for dossier in found[:limit]
        ),
        next=_write(more.submitted_at.isoformat(), str(more.id)) if more else "",
    )


def _row(dossier: Dossier, actor: Actor, work: Work | None, names: Names) -> DossierRow:
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


def _together_with(dossier: Dossier, actor: Actor) -> str:
    """Return who submitted, to whom applies together with them; `""` for owner and official."""
    own = actor.kind == "official" or dossier.party_id == actor.party_id
    return "" if own else dossier.applicant_name


def _holder(work: Work | None, names: Names) -> str:
    if work is None:
        return ""
    return names.holder(work.post_id) or names.agency(work.agency_id)


def _counts(actor: Actor, works: QuerySet[Work]) -> dict[str, int]:
    """Count what is to be done, up to one more than CAP; a whole large table is never counted."""
    now = clock.now()
    first = _allowed(actor, works).order_by("due_at")[: CAP + 1]
    counted: dict[str, int] = first.aggregate(
        mine=Count("id"),
        late=Count("id", filter=Q(due_at__lt=now)),
        soon=Count("id", filter=Q(due_at__gte=now, due_at__lt=now + SOON)),
    )
    waiting = Wanted(statuses=sorted(OF_VIEW["waiting"]), steps=False)
    return {**counted, "waiting": len(newest(actor, waiting, most=CAP + 1))}


def _at_most(count: int | None) -> int | None:
    return None if count is None else min(CAP, count)


def _capped(rows: QuerySet[Work] | QuerySet[Dossier]) -> int:
    return rows.order_by()[: CAP + 1].count()


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
