"""Share one paper by a link with a purpose and an end."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import ANONYMOUS, Actor
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import contracts
from cuaso.services.locker.logic import guard, read, viewing
from cuaso.services.locker.models import Paper, Share

LONGEST = timedelta(days=90)
DIGITS = 4
SHORTEST_PURPOSE = 5


def share(*, id: UUID, purpose: str, until: datetime, actor: Actor) -> contracts.Share:
    """Make a link to a paper. Refused: no purpose, an end in the past or beyond 90 days."""
    _refuse_badly_asked(purpose=purpose, until=until)
    kept = read.row(id=id, actor=actor, act="share")
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        link = Share.objects.create(
            paper=kept,
            digest=_digest(token),
            purpose=purpose.strip(),
            until_at=until,
            made_at=clock.now(),
        )
        audit.record(
            actor=actor,
            act="locker.shared",
            subject=Subject(kind="locker.paper", id=kept.id),
            content={"purpose": link.purpose, "until": until.isoformat()},
        )
    return viewing.share(link, token=token)


def _refuse_badly_asked(*, purpose: str, until: datetime) -> None:
    problems = []
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        problems.append(
            Problem(field="purpose", say="Hãy ghi mục đích chia sẻ, ví dụ “Nộp hồ sơ nhập học”.")
        )
    if not clock.now() < until <= clock.now() + LONGEST:
        problems.append(
            Problem(field="until", say="Hạn chia sẻ phải từ ngay sau lúc này đến 90 ngày.")
        )
    if problems:
        raise Invalid(
            code="locker.share_asked_badly",
            what="Chưa tạo được liên kết chia sẻ.",
            mend="Hãy sửa các mục được chỉ ra.",
            problems=tuple(problems),
        )


def shares(*, id: UUID, actor: Actor) -> tuple[contracts.Share, ...]:
    """Return the links to one paper, newest first."""
    kept = read.row(id=id, actor=actor)
    links = Share.objects.filter(paper=kept).order_by("-made_at")[:50]
    return tuple(viewing.share(link) for link in links)


def revoke_share(*, id: UUID, actor: Actor) -> contracts.Share:
    """Close a link at once; closing it again changes nothing."""
    with transaction.atomic():
        link = (
            Share.objects.select_for_update(of=("self",))
            .select_related("paper")
            .filter(id=id)
            .first()
        )
        if link is None:
            raise _unknown()
        read.row(id=link.paper_id, actor=actor, act="share")
        if link.revoked_at is None:
            link.revoked_at = clock.now()
            link.save(update_fields=["revoked_at"])
            audit.record(
                actor=actor,
                act="locker.share_revoked",
                subject=Subject(kind="locker.paper", id=link.paper_id),
                content={"share": str(link.id)},
            )
    return viewing.share(link)


def open_share(
    *, token: str, second_fact: str, viewer_name: str, purpose: str = ""
) -> contracts.SharedPaper:
    """Show what a link leads to. Wrong link and wrong fact answer alike; openings are logged."""
    link = _checked(token=token, second_fact=second_fact)
    with transaction.atomic():
        _log(link, viewer_name=viewer_name, purpose=purpose)
        Share.objects.filter(id=link.id).update(opened=F("opened") + 1)
    owner = directory.person(link.paper.owner_id)
    return contracts.SharedPaper(
        title=link.paper.title,
        agency_name=link.paper.agency_name,
        number=link.paper.number,
        issued_date=link.paper.issued_date,
        purpose=link.purpose,
        until=link.until_at,
        owner_name=owner.name,
        in_force=read.in_force(link.paper, on=clock.today()),
        valid_say=viewing.validity(link.paper),
    )


def shared_content(*, token: str, second_fact: str, viewer_name: str) -> contracts.Content:
    """Give the document behind a link, with the same checks and the same log as opening it."""
    link = _checked(token=token, second_fact=second_fact)
    _log(link, viewer_name=viewer_name, purpose="Tải bản điện tử")
    return read.document(link.paper)


def _checked(*, token: str, second_fact: str) -> Share:
    target = _digest(token)
    guard.refuse_when_tired(target=target)
    link = Share.objects.select_related("paper").filter(digest=target).first()
    if link is None or not _fits(link.paper, second_fact):
        guard.note_failure(target=target)
        raise _unknown()
    if link.revoked_at or link.until_at <= clock.now():
        raise NotFound(
            code="locker.share_closed",
            what="Liên kết này đã đóng.",
            why="Chủ giấy tờ đã thu hồi liên kết, hoặc liên kết đã hết hạn.",
            mend="Hãy xin chủ giấy tờ một liên kết mới.",
        )
    return link


def _fits(kept: Paper, second_fact: str) -> bool:
    owner = directory.person(kept.owner_id)
    number = owner.personal_number or owner.tax_code
    typed = second_fact.strip()[-DIGITS:]
    if len(typed) != DIGITS or len(number) < DIGITS:
        return False
    return secrets.compare_digest(number[-DIGITS:].encode(), typed.encode())


def _log(link: Share, *, viewer_name: str, purpose: str) -> None:
    viewer = Actor(kind="anonymous", name=viewer_name.strip()[:120] or ANONYMOUS.name)
    with transaction.atomic():
        audit.log_look(
            actor=viewer,
            person_id=link.paper.owner_id,
            subject=Subject(kind="locker.paper", id=link.paper_id),
            purpose=purpose or link.purpose,
            task="Liên kết chia sẻ",
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _unknown() -> NotFound:
    return NotFound(
        code="locker.share_unknown",
        what="Không mở được liên kết này.",
        why="Liên kết hoặc 4 số cuối bạn nhập không đúng.",
        mend="Hãy kiểm tra lại liên kết, và 4 số cuối của số định danh "
        "(hoặc mã số thuế) chủ giấy tờ.",
    )
