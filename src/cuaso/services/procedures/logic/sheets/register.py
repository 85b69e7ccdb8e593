"""The register of dossiers of one agency in one period, from rows: as a paper and as a table.

Source: circular 01/2018/TT-VPCP, form 06; circular 03/2025/TT-VPCP, form 07.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from cuaso.capabilities.reports import api as reports
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.locker.contracts import Content
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.sheets import register_table, render
from cuaso.services.procedures.logic.sheets.register_table import Line
from cuaso.services.procedures.models import Dossier, ProcedureVersion
from cuaso.services.procedures.policies import DOSSIERS

Kind = Literal["pdf", "csv"]
# What one print and one download hold. Bounds of the house, so that no request grows without end.
MOST: dict[Kind, int] = {"pdf": 2_000, "csv": 50_000}
LONGEST = timedelta(days=366)
BATCH = 500
MOST_AGENCIES = 300
FORM = "form_register"
TEMPLATE = "register"


def register_agencies(*, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """Return the agencies whose register the actor may draw, the actor's own first."""
    if actor.kind != "official" or actor.agency_id is None:
        return ()
    others = [one for one in directory.agencies() if one.id in actor.agency_scope]
    listed = [directory.agency(actor.agency_id), *others[:MOST_AGENCIES]]
    return tuple({one.id: one.name for one in listed}.items())


def register_content(
    *, agency_id: UUID, since: date, until: date, kind: Kind, actor: Actor
) -> Content:
    """Draw the register of what an agency received or settled, by day of receipt, both included.

    The drawing is written into the ledger. Refused: an agency that is not the actor's or below
    (NotAllowed); a period that is empty, too long, or lies on both sides of a change of the form;
    more rows than one print or download holds (Invalid).
    """
    if actor.kind != "official" or agency_id not in actor.agency_scope | {actor.agency_id}:
        raise _of_another()
    agency = directory.agency(agency_id)
    version = _version()
    _refuse_period(version, since=since, until=until)
    rows = _rows(agency, since=since, until=until, actor=actor)
    count = rows[: MOST[kind] + 1].count()
    if count > MOST[kind]:
        raise _too_many(kind)
    with transaction.atomic():
        audit.record(
            actor=actor,
            act="procedures.register_drawn",
            subject=Subject(kind="directory.agency", id=agency.id),
            content={
                "since": since.isoformat(),
                "until": until.isoformat(),
                "kind": kind,
                "rows": count,
            },
        )
    name = f"so-theo-doi-{agency.code}-{since:%Y%m%d}-{until:%Y%m%d}.{kind}"
    if kind == "csv":
        lines = register_table.csv_lines(_lines(rows))
        return Content(name=name, media_type="text/csv; charset=utf-8", chunks=lines)
    pdf = _pdf(agency, version, list(_lines(rows)), since=since, until=until, actor=actor)
    return Content(name=name, media_type="application/pdf", chunks=iter((pdf,)))


def _rows(agency: Agency, *, since: date, until: date, actor: Actor) -> QuerySet[Dossier]:
    visible = access.visible(
        actor=actor, act="view", queryset=Dossier.objects.all(), policy=DOSSIERS
    )
    return visible.filter(
        Q(received_agency_id=agency.id) | Q(agency_id=agency.id),
        received_at__gte=_midnight(since),
        received_at__lt=_midnight(until + timedelta(days=1)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.VIETNAM)


def _lines(rows: QuerySet[Dossier]) -> Iterator[Line]:
    """Yield the register's lines in the order of receipt, batch by batch."""
    after = Q()
    while True:
        found = list(
            rows.filter(after)
            .select_related("procedure")
            .defer("values", "sources", "words", "procedure__declaration", "procedure__templates")
            .order_by("received_at", "id")[:BATCH]
        )
        yield from register_table.lines(found)
        if len(found) < BATCH:
            return
        last = found[-1]
        after = Q(received_at__gt=last.received_at) | Q(
            received_at=last.received_at, id__gt=last.id
        )


def _pdf(
    agency: Agency,
    version: ProcedureVersion,
    lines: Iterable[Line],
    *,
    since: date,
    until: date,
    actor: Actor,
) -> bytes:
    law = declared.law(version, on=until)
    title = law.get("title_register", {"value": "Sổ theo dõi hồ sơ"})["value"]
    return reports.render(
        template=render.template(version, TEMPLATE),
        data={
            "law": law,
            "received_agency": render.agency_words(agency, on=min(until, clock.today())),
            "since": since.isoformat(),
            "until": until.isoformat(),
            "rows": [register_table.printed(line) for line in lines],
            "made_on": clock.today().isoformat(),
            "made_at": render.local(clock.now()),
            "officer": actor.name,
        },
        qr="\n".join(
            (
                f"Mã cơ quan: {agency.code}",
                f"Giấy tờ: {title}",
                f"Kỳ: {since:%d/%m/%Y} đến {until:%d/%m/%Y}",
            )
        ),
    )


def _version() -> ProcedureVersion:
    """Return the newest version whose pack brings the register's form and its law."""
    found = (
        ProcedureVersion.objects.filter(templates__has_key=f"{TEMPLATE}.typ", law__has_key=FORM)
        .order_by("-id")
        .first()
    )
    if found is None:
        raise NotFound(
            code="procedures.register_undeclared",
            what="Chưa có mẫu sổ theo dõi hồ sơ.",
            mend="Hãy cài gói khai báo của bộ phận một cửa rồi lập sổ lại.",
        )
    return found


def _refuse_period(version: ProcedureVersion, *, since: date, until: date) -> None:
    if until < since:
        raise _unfit("until", "Ngày cuối kỳ phải từ ngày đầu kỳ trở đi.")
    if until - since > LONGEST:
        raise _unfit("until", "Mỗi sổ dài nhất một năm.")
    first, last = (declared.law(version, on=day).get(FORM) for day in (since, until))
    if first != last:
        raise _unfit("since", "Trong kỳ này mẫu sổ thay đổi; hãy lập một sổ cho mỗi mẫu.")


def _unfit(field: str, say: str) -> Invalid:
    return Invalid(
        code="procedures.register_period",
        what="Chưa lập được sổ.",
        mend="Hãy chọn lại kỳ.",
        problems=(Problem(field=field, say=say),),
    )


def _too_many(kind: Kind) -> Invalid:
    say = f"Kỳ này có hơn {MOST[kind]} hồ sơ; hãy chọn kỳ ngắn hơn."
    return Invalid(
        code="procedures.register_too_long",
        what="Chưa lập được sổ.",
        why="Sổ quá dài cho một lần tải.",
        mend=say,
        problems=(Problem(field="until", say=say),),
    )


def _of_another() -> NotAllowed:
    return NotAllowed(
        code="procedures.register_of_another",
        what="Sổ theo dõi hồ sơ này không thuộc cơ quan của ông/bà.",
        why="Chỉ cán bộ của cơ quan được lập sổ của cơ quan đó.",
        mend="Hãy chọn cơ quan trong danh sách.",
    )
