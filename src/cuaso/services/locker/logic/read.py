"""The owner reads: papers, one paper, its content, and who looked."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.services.locker import contracts
from cuaso.services.locker.logic import viewing
from cuaso.services.locker.models import Paper
from cuaso.services.locker.policies import PAPERS

RECORD = "registries.record"
WHAT = {
    "procedures.dossier": "Hồ sơ thủ tục hành chính",
    "procedures.draft": "Bản nháp hồ sơ",
    "locker.paper": "Giấy tờ trong kho",
    "exchange.request": "Dữ liệu dân cư",
    RECORD: "Bản ghi trong cơ sở dữ liệu",
    "directory.person": "Thông tin của bạn ở cơ sở dữ liệu quốc gia",
}


def papers(*, actor: Actor, kind: str = "") -> tuple[contracts.Paper, ...]:
    """Return the actor's papers, newest first; `kind` narrows."""
    rows = access.visible(actor=actor, act="view", queryset=Paper.objects.all(), policy=PAPERS)
    if kind:
        rows = rows.filter(kind=kind)
    return tuple(viewing.paper(row) for row in rows.order_by("-kept_at")[:200])


def reusable(*, actor: Actor, kind: str) -> tuple[contracts.Paper, ...]:
    """Return papers of one kind that are in force today and may stand in for an upload."""
    rows = access.visible(actor=actor, act="view", queryset=Paper.objects.all(), policy=PAPERS)
    in_force = Q(valid_until=None) | Q(valid_until__gte=clock.today())
    found = rows.filter(in_force, kind=kind, revoked_at=None, replaced_at=None)
    found = found.order_by("-kept_at")
    return tuple(viewing.paper(row) for row in found[:20])


def paper(*, id: UUID, actor: Actor) -> contracts.Paper:
    """Return one paper; NotFound when it does not exist or belongs to somebody else."""
    return viewing.paper(row(id=id, actor=actor))


def content(*, id: UUID, actor: Actor) -> contracts.Content:
    """Return the document itself, to its owner only."""
    kept = row(id=id, actor=actor)
    return document(kept)


def document(kept: Paper) -> contracts.Content:
    """Return the stored bytes of a paper, in their newest lasting form, under a name that people
    can file.
    """
    name = f"{kept.kind}-{kept.number.replace('/', '-') or kept.dossier_code}.pdf"
    return contracts.Content(
        name=name,
        media_type="application/pdf",
        chunks=files.open_clean(signing.latest_form(kept.file_id)),
    )


def row(*, id: UUID, actor: Actor, act: str = "view") -> Paper:
    """Return the row that the actor may use for `act`, else raise NotFound."""
    rows = access.visible(actor=actor, act=act, queryset=Paper.objects.all(), policy=PAPERS)
    kept = rows.filter(id=id).first()
    if kept is None:
        raise NotFound(
            code="locker.paper_unknown",
            what="Không tìm thấy giấy tờ này trong kho của bạn.",
            why="Giấy tờ không tồn tại, hoặc thuộc kho của người khác.",
            mend="Hãy mở lại kho giấy tờ, và kiểm tra xem bạn đang dùng đúng tư cách.",
        )
    return kept


def looks(*, actor: Actor, limit: int = 100) -> tuple[contracts.LookView, ...]:
    """Return who looked at the actor's data, newest first; pages of lists of one registry that one
    reader saw on one day are one line.
    """
    if actor.party_id is None or actor.kind == "official":
        return ()
    seen = audit.looks_told(actor.party_id, limit=limit)
    agencies = {one.look.agency_id for one in seen if one.look.agency_id}
    names = {id: directory.agency(id).name for id in agencies}
    return tuple(
        contracts.LookView(
            at=look.at,
            who=look.actor_name,
            agency_name=names[look.agency_id] if look.agency_id else "",
            what=WHAT.get(look.subject.kind, look.subject.kind),
            purpose=look.purpose,
            registry=look.task if look.subject.kind == RECORD else "",
            listed=look.listed,
            times=times,
        )
        for look, times in ((one.look, one.times) for one in seen)
    )


def in_force(kept: Paper, *, on: date) -> bool:
    """Say whether a paper has effect on a day."""
    if kept.revoked_at is not None or kept.replaced_at is not None:
        return False
    return kept.valid_until is None or kept.valid_until >= on
