"""Lists of dossiers: the officer's work by due time, the citizen's by day of submission."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from cuaso.foundation.access import api as access
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock, text
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.services.procedures.contracts import DossierPage, DossierRow
from cuaso.services.procedures.logic import timing
from cuaso.services.procedures.logic.channel import CHANNELS
from cuaso.services.procedures.logic.status import NAMES, Status
from cuaso.services.procedures.models import Dossier, Work
from cuaso.services.procedures.policies import DOSSIERS

CAP = 1000
SOON = timedelta(hours=24)
FAR = datetime(9999, 1, 1, tzinfo=clock.VIETNAM)
OPEN_VIEWS = frozenset({"mine", "late", "soon"})
VIEWS = (
    ("mine", "Việc của tôi"),
    ("late", "Quá hạn"),
    ("soon", "Sắp đến hạn"),
    ("waiting", "Chờ người nộp"),
    ("done", "Đã xong"),
    ("all", "Hồ sơ của cơ quan"),
)


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

    `view` is one of VIEWS. Counts stop at CAP. Only what the policy lets the actor see is there.
    """
    asked = Asked(view=view, text=text, procedure=procedure, cursor=cursor, limit=limit)
    listed = _open_work if view in OPEN_VIEWS else _dossiers
    page = listed(actor, asked)
    return DossierPage(
        rows=page.rows, next=page.next, count=page.count, capped=page.capped, views=_counts(actor)
    )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the reader of a list asked for."""

    view: str
    text: str
    procedure: str
    cursor: str
    limit: int


def _open_work(actor: Actor, asked: Asked) -> DossierPage:
    works = _narrowed(_works(actor, asked.view), asked)
    cursor, limit = asked.cursor, asked.limit
    count = _capped(works)
    if cursor:
        due, id_ = _read(cursor)
        at = datetime.fromisoformat(due)
        after = Q(due_at__gt=at) | Q(due_at=at, id__gt=id_)
        works = works.filter(Q(due_at=None, id__gt=id_) if at == FAR else after | Q(due_at=None))
    found = list(
        works.select_related("dossier", "dossier__procedure").order_by(*_due_first(), "id")[
            : limit + 1
        ]
    )
    rows = tuple(_row(work.dossier, actor, work) for work in found[:limit])
    more = found[limit - 1] if len(found) > limit else None
    following = _write((more.due_at or FAR).isoformat(), str(more.id)) if more else ""
    return DossierPage(rows=rows, next=following, count=min(count, CAP), capped=count > CAP)


def _due_first() -> tuple[str, ...]:
    # PostgreSQL puts nulls last in ascending order: what has no due moment waits behind.
    return ("due_at",)


def _works(actor: Actor, view: str) -> QuerySet[Work]:
    scope = actor.agency_scope | ({actor.agency_id} if actor.agency_id else frozenset())
    works = Work.objects.filter(
        done_at=None, role__in=sorted(actor.roles), agency_id__in=sorted(scope)
    ).filter(Q(post_id=None) | Q(post_id=actor.post_id))
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
    rows = access.visible(actor=actor, act="view", queryset=Dossier.objects.all(), policy=DOSSIERS)
    rows = _of_view(rows, asked.view)
    if asked.procedure:
        rows = rows.filter(procedure__code=asked.procedure)
    if asked.text.strip():
        rows = rows.filter(words=SearchQuery(text.fold(asked.text), config="simple"))
    return _page(rows, actor, asked.cursor, asked.limit)


def _of_view(rows: QuerySet[Dossier], view: str) -> QuerySet[Dossier]:
    if view == "waiting":
        return rows.filter(status__in=(Status.SUPPLEMENT_ASKED, Status.PAYMENT_ASKED))
    if view == "done":
        return rows.filter(status__in=(Status.DONE, Status.DELIVERED))
    return rows


def my_dossiers(*, actor: Actor, cursor: str = "", limit: int = 20) -> DossierPage:
    """Return the dossiers of the actor's own capacity, newest first."""
    if actor.party_id is None or actor.kind == "official":
        return DossierPage(rows=())
    rows = access.visible(actor=actor, act="own", queryset=Dossier.objects.all(), policy=DOSSIERS)
    return _page(rows, actor, cursor, limit)


def _page(rows: QuerySet[Dossier], actor: Actor, cursor: str, limit: int) -> DossierPage:
    count = _capped(rows)
    if cursor:
        at, id_ = _read(cursor)
        moment = datetime.fromisoformat(at)
        rows = rows.filter(Q(submitted_at__lt=moment) | Q(submitted_at=moment, id__lt=id_))
    found = list(rows.select_related("procedure").order_by("-submitted_at", "-id")[: limit + 1])
    more = found[limit - 1] if len(found) > limit else None
    return DossierPage(
        rows=tuple(_row(dossier, actor, _first_open(dossier)) for dossier in found[:limit]),
        next=_write(more.submitted_at.isoformat(), str(more.id)) if more else "",
        count=min(count, CAP),
        capped=count > CAP,
    )


def _first_open(dossier: Dossier) -> Work | None:
    return dossier.works.filter(done_at=None).order_by("since_at").first()


def _row(dossier: Dossier, actor: Actor, work: Work | None) -> DossierRow:
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
        holder_name=_holder(work),
        due=timing.view(dossier),
        submitted_at=dossier.submitted_at,
        channel_say=CHANNELS[dossier.channel],
        mine=bool(work and work.post_id and work.post_id == actor.post_id),
    )


def _holder(work: Work | None) -> str:
    if work is None or work.agency_id is None:
        return ""
    if work.post_id:
        return directory.holder_name(work.post_id)
    return directory.agency(work.agency_id).name


def _counts(actor: Actor) -> tuple[tuple[str, str, int], ...]:
    visible = access.visible(
        actor=actor, act="view", queryset=Dossier.objects.all(), policy=DOSSIERS
    )
    return tuple(
        (
            view,
            title,
            min(
                CAP,
                _capped(_works(actor, view))
                if view in OPEN_VIEWS
                else _capped(_of_view(visible, view)),
            ),
        )
        for view, title in VIEWS
    )


def _capped(rows: QuerySet[Work] | QuerySet[Dossier]) -> int:
    return rows.order_by()[: CAP + 1].count()


def _write(*parts: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _read(cursor: str) -> tuple[str, str]:
    try:
        first, second = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return str(datetime.fromisoformat(first).isoformat()), str(second)
    except (ValueError, TypeError) as error:
        raise Invalid(
            code="procedures.cursor_bad",
            what="Đường dẫn của trang này không đúng.",
            mend="Hãy mở lại danh sách từ đầu.",
        ) from error
