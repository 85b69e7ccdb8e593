"""Who may sign, seal or take back a paper, and how a reader sees it."""

from cuaso.capabilities.registries.logic.printing.shapes import PaperLine
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.work_models import Paper as PaperRow
from cuaso.declarations.record_papers import Paper
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound


def declared_of(built: Built, paper: PaperRow) -> Paper | None:
    """Return how the version under which a paper was drawn declared it."""
    then = built if built.version == paper.version else None
    if then is None:
        try:
            then = sets.built(built.key, version=paper.version)
        except NotFound:
            return None
    return then.declared.papers.get(paper.name)


def line(built: Built, row: Row, paper: PaperRow, actor: Actor) -> PaperLine:
    """Return a paper as one reader sees it."""
    one = declared_of(built, paper)
    return PaperLine(
        id=paper.id,
        name=paper.name,
        title=paper.title,
        number=paper.number,
        code=paper.code,
        state=paper.state,
        made_at=paper.made_at,
        made_by=paper.made_by,
        signer=paper.signer,
        issued_date=paper.issued_date,
        ended_why=paper.ended_why,
        stale=paper.state == PaperRow.State.DRAWN and paper.revision != row.row_revision,
        may_sign=one is not None and may_sign(one, row, paper, actor),
        may_seal=one is not None and may_seal(one, paper, actor),
        may_revoke=one is not None and may_revoke(one, paper, actor),
    )


def may_sign(one: Paper, row: Row, paper: PaperRow, actor: Actor) -> bool:
    """Say whether the actor holds the post that signs, and the paper waits for it."""
    waits = paper.state == PaperRow.State.DRAWN and paper.revision == row.row_revision
    return waits and row.row_gone is None and signs(one, paper, actor)


def signs(one: Paper, paper: PaperRow, actor: Actor) -> bool:
    """Say whether the actor holds the post that signs such a paper."""
    role = one.signer.role if one.signer else ""
    return role in actor.roles and actor.agency_id == paper.agency_id


def may_seal(one: Paper, paper: PaperRow, actor: Actor) -> bool:
    """Say whether the actor holds the post that seals, and the paper is signed."""
    holds = one.seal in actor.roles and actor.agency_id == paper.agency_id
    return bool(one.seal) and holds and paper.state == PaperRow.State.SIGNED


def may_revoke(one: Paper, paper: PaperRow, actor: Actor) -> bool:
    """Say whether the actor may take back a paper in force: who signs such papers may."""
    return paper.state == PaperRow.State.FILED and signs(one, paper, actor)


def no_paper() -> NotFound:
    return NotFound(
        code="registries.no_paper",
        what="Không có giấy này của bản ghi.",
        mend="Hãy chọn một giấy trong trang của bản ghi.",
    )
