"""Had a post the authority to sign at this minute? Judged by dated data, the same years later."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from cuaso.foundation.access.contracts import Authority
from cuaso.foundation.access.logic.mandates import in_force
from cuaso.foundation.access.models import Mandate
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Post
from cuaso.kernel import clock
from cuaso.kernel.errors import NotAllowed

LEADS: Final = "leader"


def authority(
    *,
    post_id: UUID,
    agency_id: UUID,
    matter: str = "",
    at: datetime | None = None,
    role: str = LEADS,
) -> Authority:
    """Say whether a post had authority to sign for an agency in a matter at a moment (now).

    A post to which mandates were given signs by them alone, while one is in force for the matter.
    Another post signs by itself when it has the `role` that signs such papers.
    """
    found = _found(directory.post(post_id), agency_id, matter, at or clock.now(), role)
    return replace(found, post_id=post_id, agency_id=agency_id, matter=matter, role=role)


def _found(post: Post, agency_id: UUID, matter: str, moment: datetime, role: str) -> Authority:
    if post.person_id is None or not post.valid.contains(clock.legal_date(moment)):
        return Authority(
            holds=False,
            sentence=f"Chức danh “{post.title}” để trống hoặc không có hiệu lực vào lúc "
            f"{_say(moment)}.",
        )
    rows = [
        row
        for row in Mandate.objects.filter(post_id=post.id).order_by("from_at")
        if row.given_at <= moment
    ]
    if not rows:
        return _by_itself(post, role)
    fitting = [row for row in rows if _covers(row, agency_id, matter)]
    for row in fitting:
        if in_force(row, moment):
            return _by(row, moment)
    return _lacking(fitting, post, moment)


def require_authority(
    *,
    post_id: UUID | None,
    agency_id: UUID,
    matter: str = "",
    at: datetime | None = None,
    role: str = LEADS,
) -> Authority:
    """Return the authority of a post that has it; raise NotAllowed for one that lacks it."""
    if post_id is None:
        found = Authority(holds=False, sentence="Người ký không giữ chức danh nào.")
    else:
        found = authority(post_id=post_id, agency_id=agency_id, matter=matter, at=at, role=role)
    if found.holds:
        return found
    raise NotAllowed(
        code="access.no_authority",
        what="Chưa có thẩm quyền ký văn bản này vào lúc này.",
        why=found.sentence,
        mend="Hãy trình người có thẩm quyền ký, hoặc đề nghị giao thẩm quyền bằng văn bản.",
    )


def _by_itself(post: Post, role: str) -> Authority:
    if role not in post.roles:
        return Authority(
            holds=False,
            sentence=f"Chức danh “{post.title}” không có thẩm quyền ký và chưa được giao.",
        )
    return Authority(holds=True, sentence=f"Chức danh “{post.title}” ký theo thẩm quyền của mình.")


def _by(row: Mandate, moment: datetime) -> Authority:
    form = Mandate.Form(row.form)
    principal = directory.post(row.principal_post_id).title if row.principal_post_id else ""
    whom = principal or directory.agency(row.agency_id).name
    return Authority(
        holds=True,
        sentence=f"Lúc {_say(moment)}, người ký {str(form.label).lower()} {whom} "
        f"({row.form}.) theo {row.basis}.",
        form=form.value,  # type: ignore[arg-type] # the same words
        basis=row.basis,
        mandate_id=row.id,
    )


def _lacking(fitting: list[Mandate], post: Post, moment: datetime) -> Authority:
    if not fitting:
        say = f"Thẩm quyền đã giao cho chức danh “{post.title}” không gồm việc này."
        return Authority(holds=False, sentence=say)
    last = fitting[-1]
    ends = [one for one in (last.until_at, last.ended_at) if one is not None]
    if last.from_at > moment or not ends:
        say = f"Thẩm quyền theo {last.basis} chỉ bắt đầu từ {_say(last.from_at)}."
    else:
        say = f"Thẩm quyền theo {last.basis} đã hết từ {_say(min(ends))}."
    return Authority(holds=False, sentence=say, basis=last.basis, mandate_id=last.id)


def _covers(row: Mandate, agency_id: UUID, matter: str) -> bool:
    return row.agency_id == agency_id and (not row.matters or matter in row.matters)


def _say(moment: datetime) -> str:
    return f"{moment.astimezone(clock.VIETNAM):%H:%M ngày %d/%m/%Y}"
