from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotFound, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.feedback.contracts import CRITERIA, SCORES, RatingView, Verdict
from cuaso.services.feedback.logic import ratings
from cuaso.services.feedback.models import Rating

LONGEST_REMARK = 2000


def rate(*, dossier_id: UUID, verdict: Verdict, actor: Actor) -> RatingView:
    """Keep the applicant's rating of a delivered dossier, or change it within seven days.

    Refused: a dossier that asks for no rating, another's dossier, an official, a score outside
    1 to 5, a change too late. Source: decision 766/QĐ-TTg, "Mức độ hài lòng".
    """
    with transaction.atomic():
        row = Rating.objects.select_for_update().filter(dossier_id=dossier_id).first()
        if row is None:
            raise _not_asked()
        ratings.require(row, actor=actor)
        _keep(row, verdict=verdict, actor=actor)
    return ratings.view(row)


def rate_by_link(*, token: str, verdict: Verdict, actor: Actor) -> RatingView:
    """Keep a rating given by the signed link of the message; else as `rate`."""
    with transaction.atomic():
        row = ratings.by_link(token=token, actor=actor, rows=Rating.objects.select_for_update())
        _keep(row, verdict=verdict, actor=actor)
    return ratings.view(row)


def _keep(row: Rating, *, verdict: Verdict, actor: Actor) -> None:
    _refuse_badly_given(verdict)
    if row.rated_at is not None and clock.now() > row.rated_at + ratings.CHANGES_FOR:
        raise Conflict(
            code="feedback.rating_settled",
            what="Không đổi được đánh giá này nữa.",
            why="Đánh giá chỉ đổi được trong 7 ngày kể từ lần đầu.",
            mend="Nếu có điều chưa thoả đáng, có thể gửi phản ánh ở trang hồ sơ.",
        )
    first = row.rated_at is None
    row.score, row.remark = verdict.score, verdict.remark.strip()
    for name in CRITERIA:
        setattr(row, name, verdict.criteria.get(name))
    row.rated_at, row.changed_at = row.rated_at or clock.now(), None if first else clock.now()
    row.save()
    _write_down(row, actor=actor, act="rated" if first else "rating_changed")


def _write_down(row: Rating, *, actor: Actor, act: str) -> None:
    """Write the act: scores into the ledger, nothing of the remark into the outbox."""
    about = Subject(kind="feedback.rating", id=row.id)
    scores = {name: getattr(row, name) for name in ("score", *CRITERIA)}
    content = {"dossier": row.dossier_id, **scores, "remark": row.remark}
    audit.record(actor=actor, act=f"feedback.{act}", subject=about, content=content)
    audit.publish(
        topic=f"feedback.{act}",
        subject=about,
        payload={"dossier": str(row.dossier_id), "score": row.score},
    )


def _refuse_badly_given(verdict: Verdict) -> None:
    problems = []
    if verdict.score not in SCORES:
        problems.append(Problem(field="score", say="Hãy chọn một mức từ 1 đến 5."))
    problems.extend(
        Problem(field=name, say="Hãy chọn một mức từ 1 đến 5, hoặc để trống.")
        for name, score in verdict.criteria.items()
        if name not in CRITERIA or score not in SCORES
    )
    if len(verdict.remark) > LONGEST_REMARK:
        problems.append(Problem(field="remark", say="Hãy viết không quá 2.000 ký tự."))
    if problems:
        raise Invalid(
            code="feedback.rating_wrong",
            what="Chưa ghi được đánh giá.",
            mend="Hãy sửa các mục được chỉ ra rồi gửi lại.",
            problems=tuple(problems),
        )


def _not_asked() -> NotFound:
    return NotFound(
        code="feedback.not_asked",
        what="Hồ sơ này chưa đánh giá được.",
        why="Chỉ đánh giá được sau khi nhận kết quả.",
        mend="Hãy quay lại sau khi hồ sơ đã trả kết quả.",
    )
