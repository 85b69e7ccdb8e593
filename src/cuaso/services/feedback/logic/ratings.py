"""Read the rating of a dossier: by its applicant, or by the signed link."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from cuaso.foundation.access import api as access
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound
from cuaso.services.feedback.contracts import CRITERIA, RatingView, Verdict
from cuaso.services.feedback.logic import link
from cuaso.services.feedback.models import Rating
from cuaso.services.feedback.policies import RATINGS
from cuaso.services.procedures import api as procedures

# The house's own choice; the law was not read on it.
CHANGES_FOR = timedelta(days=7)
LINK_LIVES = timedelta(days=60)


def rating(*, dossier_id: UUID, actor: Actor) -> RatingView | None:
    """Return the actor's own rating of a dossier, None while they were not asked for one."""
    row = Rating.objects.filter(dossier_id=dossier_id).first()
    if row is None:
        return None
    decision = access.decide(actor=actor, act="view", record=row, policy=RATINGS)
    return view(row) if decision.allowed else None


def rating_by_link(*, token: str, actor: Actor) -> RatingView:
    """Return the rating that a signed link opens. It shows no name and no answer of the form.

    Raises NotFound for a link that is wrong or too old, NotAllowed for an official or for
    somebody else who is signed in.
    """
    return view(by_link(token=token, actor=actor, rows=Rating.objects.all()))


def by_link(*, token: str, actor: Actor, rows: QuerySet[Rating]) -> Rating:
    """Return the row of a link after the right of who opened it was checked."""
    dossier_id = link.dossier_of(token)
    row = rows.filter(dossier_id=dossier_id).first() if dossier_id else None
    if row is None or clock.now() > row.asked_at + LINK_LIVES:
        raise NotFound(
            code="feedback.link_unknown",
            what="Đường dẫn đánh giá này không dùng được.",
            why="Đường dẫn không đúng, hoặc đã quá 60 ngày kể từ khi trả kết quả.",
            mend="Có thể đánh giá trong “Hồ sơ của tôi” sau khi đăng nhập.",
        )
    if actor.kind != "anonymous":
        require(row, actor=actor)
    return row


def require(row: Rating, *, actor: Actor) -> None:
    """Raise NotAllowed unless the actor is the dossier's applicant."""
    decision = access.decide(actor=actor, act="rate", record=row, policy=RATINGS)
    if not decision.allowed:
        raise NotAllowed(
            code="feedback.not_the_applicant",
            what="Chưa ghi được đánh giá.",
            why="Chỉ người nộp hồ sơ đánh giá việc phục vụ mình; "
            "cán bộ và người khác không đánh giá thay.",
            mend="Hãy đăng nhập đúng người nộp hồ sơ, hoặc chọn tư cách công dân.",
        )


def view(row: Rating) -> RatingView:
    """Return the row as its applicant sees it."""
    about = procedures.affair(row.dossier_id)
    until_at = row.rated_at + CHANGES_FOR if row.rated_at else None
    return RatingView(
        dossier_id=row.dossier_id,
        tracking_code=about.tracking_code,
        procedure_title=about.procedure_title,
        agency_name=directory.agency(row.agency_id).name,
        asked_at=row.asked_at,
        verdict=_verdict(row),
        rated_at=row.changed_at or row.rated_at,
        until_at=until_at,
        may_rate=until_at is None or clock.now() <= until_at,
    )


def _verdict(row: Rating) -> Verdict | None:
    if row.score is None:
        return None
    given = {name: getattr(row, name) for name in CRITERIA}
    criteria = {name: score for name, score in given.items() if score is not None}
    return Verdict(score=row.score, criteria=criteria, remark=row.remark)
