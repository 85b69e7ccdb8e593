import hashlib
import json

from django.db import connection

from cuaso.capabilities.exchange import contracts, models
from cuaso.capabilities.exchange.contracts import ChildFacts
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.subjects import Subject

SAY = {
    "given": "Đã có số định danh.",
    "refused": "Nguồn dữ liệu dân cư không cấp số: {trouble}",
    "waiting": "Đang xin số định danh từ nguồn dữ liệu dân cư.",
    "again": "{trouble} Hệ thống tự xin lại lúc {moment:%H:%M ngày %d/%m/%Y}; "
    "hồ sơ được giữ nguyên và sẽ tự đi tiếp.",
}


def want_personal_number(
    *, child: ChildFacts, subject: Subject, key: str, actor: Actor
) -> contracts.Pending:
    """Write the wish for a child's number in the act's transaction, once per `key`.

    `retry_due` asks for it afterwards; a wish that was refused opens again. Raises Invalid for
    unfit facts, Conflict when the key was used for another child, RuntimeError outside a
    transaction.
    """
    if not connection.in_atomic_block:
        message = "want_personal_number belongs inside the transaction.atomic() of its act"
        raise RuntimeError(message)
    _require_fit(child)
    facts = _plain(child)
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    wish = models.Pending(
        key=key,
        subject_kind=subject.kind,
        subject_id=subject.id,
        child=facts,
        child_sha256=digest,
        made_at=clock.now(),
        next_try_at=clock.now(),
    )
    models.Pending.objects.bulk_create([wish], ignore_conflicts=True)
    kept = models.Pending.objects.select_for_update().get(key=key)
    again = kept.state == "refused"
    if again:
        _reopen(kept, wish)
    elif kept.child_sha256 != digest:
        raise Conflict(
            code="exchange.key_reused",
            what="Yêu cầu cấp số này đã dùng cho một trẻ khác.",
            mend="Hãy lập yêu cầu mới cho trẻ này.",
        )
    if again or kept.id == wish.id:
        content = {"wish": wish.id, "key": key}
        audit.record(actor=actor, act="exchange.number_wanted", subject=subject, content=content)
    return seen(kept)


def _reopen(kept: models.Pending, wish: models.Pending) -> None:
    """The source gave no number under this key, so corrected facts may ask again."""
    kept.state, kept.trouble, kept.answered_at = "waiting", "", None
    kept.child, kept.child_sha256 = wish.child, wish.child_sha256
    kept.made_at = kept.next_try_at = wish.made_at
    kept.save()


def _require_fit(child: ChildFacts) -> None:
    problems = []
    if not child.name.strip():
        problems.append(Problem(field="name", say="Chưa có họ, chữ đệm, tên của trẻ."))
    if child.birth_date > clock.today():
        problems.append(Problem(field="birth_date", say="Ngày sinh ở sau ngày hôm nay."))
    if child.sex not in ("male", "female"):
        problems.append(Problem(field="sex", say="Chưa có giới tính của trẻ."))
    if problems:
        raise Invalid(
            code="exchange.unfit_child",
            what="Chưa đủ thông tin của trẻ để xin số định danh.",
            mend="Hãy bổ sung thông tin rồi làm lại.",
            problems=tuple(problems),
        )


def _plain(child: ChildFacts) -> dict[str, str]:
    return {
        "name": child.name,
        "birth_date": child.birth_date.isoformat(),
        "sex": child.sex,
        "place_code": child.province_code,
        "mother_number": child.mother_number,
        "father_number": child.father_number,
    }


def pending_about(subject: Subject) -> tuple[contracts.Pending, ...]:
    """Return the wishes of a subject, newest first, each with the sentence for who waits."""
    rows = models.Pending.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return tuple(seen(row) for row in rows.order_by("-made_at", "-id"))


def seen(row: models.Pending) -> contracts.Pending:
    words = "again" if row.state == "waiting" and row.trouble else row.state
    moment = (row.next_try_at or row.made_at).astimezone(clock.VIETNAM)
    return contracts.Pending(
        id=row.id,
        key=row.key,
        subject=Subject(kind=row.subject_kind, id=row.subject_id),
        state=row.state,  # type: ignore[arg-type] # a check constraint holds it
        made_at=row.made_at,
        tries=row.tries,
        next_try_at=row.next_try_at,
        personal_number=row.personal_number,
        say=SAY[words].format(trouble=row.trouble, moment=moment),
    )
