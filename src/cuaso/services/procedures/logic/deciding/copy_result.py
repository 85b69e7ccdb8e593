"""Copies of an issued result: whole, from a copy, or a part, each signed by its agency.

Source: decree 30/2020/NĐ-CP, article 25, appendix I.
"""

import re
from typing import Final, cast
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from cuaso.services.locker.contracts import Content
from cuaso.services.procedures.act_contracts import CopyView
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import rows
from cuaso.services.procedures.logic.seeing import reading
from cuaso.services.procedures.models import Dossier, Result

ACT: Final = "procedures.copied"
FORMS: Final[tuple[signing.CopyForm, ...]] = ("sao y", "sao lục", "trích sao")
PART: Final = "trích sao"
PAGES: Final = re.compile(r"\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s*")


def copy_result(*, id: UUID, form: str, pages: str, actor: Actor, purpose: str = "") -> CopyView:
    """Make a copy of the issued result, with its form, agency and moment in the upper right corner.

    `pages` of a part: "1, 3-4". Raises NotAllowed for who does not keep the seal of the issuing
    agency, Conflict when no result is in force, Invalid for another form or no such page; else as
    the agency's key refuses. On a refusal nothing has been made.
    """
    dossier, result = _in_force(id, actor=actor, purpose=purpose)
    _require_clerk(dossier, actor)
    chosen = _pages(form, pages)
    issuer = directory.agency(steps.issuer(dossier))
    copy = signing.certify_copy(
        pdf=signing.printed(files.read_clean(_file(result)), pages=chosen),
        key=f"agency-{issuer.id}",
        form=_form(form),
        agency_name=issuer.name,
    )
    with transaction.atomic():
        stored = files.store_bytes(
            actor=actor, name=f"{_slug(form)}.pdf", media_type="application/pdf", content=copy
        )
        audit.record(
            actor=actor,
            act=ACT,
            subject=steps.subject(dossier),
            content={
                "form": form,
                "pages": pages.strip() if form == PART else "",
                "number": result.number,
                "file": str(stored.id),
                "sha256": stored.sha256,
                "of": files.info(_file(result)).sha256,
            },
        )
    return copies(id=id, actor=actor)[-1]


def copies(*, id: UUID, actor: Actor) -> tuple[CopyView, ...]:
    """Return the copies that were made of a result, oldest first. Raises NotFound."""
    dossier = rows.dossier(id)
    if dossier is None:
        raise steps.unknown()
    _require_clerk(dossier, actor)
    return tuple(
        CopyView(
            file_id=UUID(str(one.content["file"])),
            form=str(one.content["form"]),
            pages=str(one.content["pages"]),
            made_at=one.at,
            made_by=one.actor_name,
        )
        for one in audit.history(steps.subject(dossier))
        if one.act == ACT and one.content
    )


def copy_content(*, id: UUID, file_id: UUID, actor: Actor) -> Content:
    """Return one copy to who may make copies. Raises NotFound for what is no copy of the result."""
    if file_id not in {one.file_id for one in copies(id=id, actor=actor)}:
        raise NotFound(code="procedures.no_copy", what="Không tìm thấy bản sao này.")
    stored = files.info(file_id)
    return Content(name=stored.name, media_type=stored.media_type, chunks=files.open_clean(file_id))


def may_copy(*, id: UUID, actor: Actor) -> bool:
    """Say whether the actor may make copies of the result of a dossier that is before them."""
    dossier = rows.dossier(id) if "clerk" in actor.roles else None
    return dossier is not None and _is_clerk(dossier, actor)


def _is_clerk(dossier: Dossier, actor: Actor) -> bool:
    return "clerk" in actor.roles and actor.agency_id == steps.issuer(dossier)


def _require_clerk(dossier: Dossier, actor: Actor) -> None:
    if not _is_clerk(dossier, actor):
        raise NotAllowed(
            code="procedures.not_the_seal_keeper",
            what="Ông/bà không sao được kết quả này.",
            why="Bản sao do văn thư của cơ quan ban hành kết quả lập và ký số của cơ quan.",
            mend="Hãy đề nghị văn thư của cơ quan ban hành.",
        )


def _in_force(id: UUID, *, actor: Actor, purpose: str) -> tuple[Dossier, Result]:
    dossier = reading.opened(id=id, actor=actor, purpose=purpose)
    result = rows.result(dossier)
    if result is None or result.state != "issued" or result.final_file_id is None:
        raise Conflict(
            code="procedures.nothing_to_copy",
            what="Chưa sao được vì hồ sơ không có kết quả đang có hiệu lực.",
            mend="Hãy đợi kết quả được ban hành; kết quả đã thu hồi không được sao.",
        )
    return dossier, result


def _file(result: Result) -> UUID:
    return cast("UUID", result.final_file_id)


def _form(form: str) -> signing.CopyForm:
    found = next((one for one in FORMS if one == form), None)
    if found is None:
        raise _unfit("form", "Hãy chọn sao y, sao lục hoặc trích sao.")
    return found


def _pages(form: str, pages: str) -> list[int] | None:
    """Return the pages of a part; None, the whole, for another form."""
    if _form(form) != PART:
        return None
    chosen: list[int] = []
    for part in pages.split(","):
        found = PAGES.fullmatch(part)
        if found is None:
            raise _unfit("pages", "Hãy ghi các trang cần trích, ví dụ: 1, 3-4.")
        first, last = int(found[1]), int(found[2] or found[1])
        chosen += range(first, last + 1)
    return sorted(set(chosen))


def _slug(form: str) -> str:
    return {"sao y": "sao-y", "sao lục": "sao-luc"}.get(form, "trich-sao")


def _unfit(field: str, say: str) -> Invalid:
    return Invalid(
        code="procedures.copy_unfit",
        what="Chưa lập bản sao.",
        problems=(Problem(field=field, say=say),),
    )
