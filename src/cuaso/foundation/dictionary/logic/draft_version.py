"""Draft a new version of an element, and take a draft back."""

from datetime import date
from uuid import UUID

from django.db import transaction
from pydantic import ValidationError

from cuaso.declarations.dictionary_elements import Domain as DeclaredDomain
from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary.contracts import Domain
from cuaso.foundation.dictionary.element_models import Element, ElementVersion
from cuaso.foundation.dictionary.logic.element_rights import (
    SUBJECT,
    draft_of,
    element_row,
    require_keeper,
)
from cuaso.foundation.dictionary.models import CodeList
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import one_line


def draft_version(
    *, key: str, domain: Domain, since: date, source: str, reason: str, actor: Actor
) -> UUID:
    """Keep a draft of what the element shall hold from a day on; return its id.

    Refused: who does not keep the dictionary (NotAllowed); a domain that contradicts itself, a
    first day not after the last published version's, an empty source or reason (Invalid); a
    second draft beside one that waits (Conflict).
    """
    require_keeper(actor)
    with transaction.atomic():
        row = element_row(key)
        _refuse_badly_drafted(row, domain, since=since, source=source, reason=reason)
        if row.versions.filter(published=False).exists():
            raise Conflict(
                code="dictionary.draft_waits",
                what=f"“{row.title}” đã có một bản thảo đang chờ ban hành.",
                mend="Hãy ban hành hoặc bỏ bản thảo ấy trước.",
            )
        draft = ElementVersion.objects.create(
            element=row,
            number=row.versions.count() + 1,
            from_date=since,
            domain=domain.plain(),
            source=one_line(source),
            reason=reason.strip(),
            drafted_by=actor.person_id,
            drafter_name=actor.name,
            drafted_at=clock.now(),
        )
        _record(row, draft, "drafted", actor)
    return draft.id


def drop_draft(*, id: UUID, actor: Actor) -> None:
    """Take a draft back; a published version is never removed (NotFound)."""
    require_keeper(actor)
    with transaction.atomic():
        draft = draft_of(id)
        _record(draft.element, draft, "draft_dropped", actor)
        draft.delete()


def _record(row: Element, draft: ElementVersion, done: str, actor: Actor) -> None:
    audit.record(
        actor=actor,
        act=f"dictionary.version_{done}",
        subject=Subject(kind=SUBJECT, id=row.id),
        content={"key": row.key, "from": f"{draft.from_date}", "domain": draft.domain},
        reason=draft.reason,
    )


def _refuse_badly_drafted(
    row: Element, domain: Domain, *, since: date, source: str, reason: str
) -> None:
    problems = list(contradictions(domain))
    last = row.versions.filter(published=True).order_by("-from_date").first()
    if last and since <= last.from_date:
        say = f"Ngày bắt đầu phải sau {last.from_date:%d/%m/%Y}, ngày của phiên bản đang có."
        problems.append(Problem(field="since", say=say))
    if last and last.domain == domain.plain():
        problems.append(Problem(field="", say="Bản thảo không khác phiên bản đang có."))
    if not source.strip():
        problems.append(Problem(field="source", say="Hãy ghi văn bản làm căn cứ."))
    if not reason.strip():
        problems.append(Problem(field="reason", say="Hãy ghi vì sao phải đổi."))
    if problems:
        raise Invalid(
            code="dictionary.draft_wrong",
            what="Chưa lưu được bản thảo.",
            mend="Hãy sửa các mục được chỉ ra.",
            problems=tuple(problems),
        )


def contradictions(domain: Domain) -> list[Problem]:
    """Return what keeps a domain from standing: a list that is not there, options that clash."""
    if domain.codes and not CodeList.objects.filter(list_id=domain.codes).exists():
        return [Problem(field="codes", say=f"Không có danh mục “{domain.codes}”.")]
    try:
        DeclaredDomain.model_validate(domain.plain())
    except ValidationError as error:
        return [_spoken(one.get("ctx", {}), one["loc"]) for one in error.errors()]
    return []


def _spoken(said: dict[str, str], loc: tuple[int | str, ...]) -> Problem:
    say = " ".join(part for part in (said.get("what"), said.get("remedy")) if part)
    field = str(loc[0]) if loc else ""
    return Problem(field=field, say=say or f"Giá trị của “{field}” không đọc được.")
