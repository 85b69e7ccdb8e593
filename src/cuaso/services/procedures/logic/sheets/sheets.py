"""The papers that the one-stop desk owes by law, as they were on the day of their act.

A dossier keeps the regime of its submission: the number and title of a form come from that day.
Agencies, seals, places and the province are those of the day of the act.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from cuaso.capabilities.reports import api as reports
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound
from cuaso.services.procedures.act_models import Apology, CaseChange, Stop
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.sheets import control_sheet, handed, render
from cuaso.services.procedures.models import Dossier, SupplementRequest

LAST_OF_RECKONING = "Hạn hoàn thành là"
USUAL_CASE = "Trường hợp thông thường"


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """The act for which a form was made, and what the form says of it."""

    at: datetime
    officer: str
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One form: its template and printed name, when it exists, and who may read it."""

    template: str
    title: str
    occasion: Callable[[Dossier], Occasion | None]
    signed: bool = False
    inside: bool = False


def legal_form(dossier: Dossier, *, form: str, actor: Actor) -> bytes:
    """Render one of FORMS as PDF, as it was on the day of its act.

    Raises NotFound for another name, NotAllowed for a sheet of the officials asked by others,
    Conflict when that act was not done.
    Source: circulars 01/2018/TT-VPCP and 03/2025/TT-VPCP (forms), 01/2023/TT-VPCP (QR code).
    """
    sheet = FORMS.get(form)
    if sheet is None:
        raise _unknown()
    if sheet.inside and actor.kind != "official":
        raise _for_officials(sheet)
    occasion = sheet.occasion(dossier)
    if occasion is None:
        raise _not_made()
    data = {**_content(dossier, occasion), **_signer(dossier, occasion, signed=sheet.signed)}
    if sheet.inside:
        data["officer"] = actor.name
    return reports.render(
        template=render.template(dossier.procedure, sheet.template),
        data=data,
        qr=qr_text(dossier, _title(form, sheet, cast("Mapping[str, object]", data["law"]))),
    )


def _content(dossier: Dossier, occasion: Occasion) -> dict[str, object]:
    day = clock.legal_date(occasion.at)
    return {
        **render.about(dossier, at=occasion.at),
        "made_on": day.isoformat(),
        "made_at": render.local(occasion.at),
        "law": declared.law(dossier.procedure, on=clock.legal_date(dossier.submitted_at)),
        "officer": occasion.officer,
        "receiver": render.receiving_agency(dossier, at=dossier.received_at or occasion.at).name,
        "due_at": render.local(dossier.due_at),
        "due_steps": list(dossier.due_steps),
        "original_due_at": render.local(dossier.original_due_at),
        **occasion.told,
    }


def _signer(dossier: Dossier, occasion: Occasion, *, signed: bool) -> dict[str, object]:
    """Return the head of the agency on the day of the act; the name is blank for a vacant post."""
    if not signed:
        return {}
    agency = render.settling_agency(dossier, at=occasion.at)
    holders = directory.holders(agency.id, "leader", on=clock.legal_date(occasion.at))
    title = holders[0].post.title if holders else "Thủ trưởng cơ quan"
    of_committee = agency.kind == "committee"
    return {
        "signer": {
            "authority": "TM. ỦY BAN NHÂN DÂN" if of_committee else "",
            "title": title.removesuffix(" Ủy ban nhân dân") if of_committee else title,
            "name": holders[0].person.name if holders else "",
        }
    }


def _title(form: str, sheet: Sheet, law: Mapping[str, object]) -> str:
    told = law.get(f"title_{form}")
    return str(cast("Mapping[str, object]", told)["value"]) if told else sheet.title


def qr_text(dossier: Dossier, title: str) -> str:
    """Return what the QR code of a paper says: dossier, procedure, whose, and the paper's name.

    Source: circular 01/2023/TT-VPCP.
    """
    party = directory.person(dossier.party_id)
    return "\n".join(
        (
            f"Mã hồ sơ: {dossier.dossier_code or dossier.tracking_code}",
            f"Mã TTHC: {dossier.procedure.code}",
            f"Định danh: {party.personal_number or party.tax_code}",
            f"Giấy tờ: {title}",
        )
    )


def _receipt(dossier: Dossier) -> Occasion | None:
    if dossier.received_at is None:
        return None
    told: dict[str, object] = {
        "papers": handed.papers(dossier, until=dossier.received_at),
        "due_steps": _first_reckoning(dossier.due_steps),
    }
    if promised := _promised(dossier):
        told["due_at"] = render.local(promised)
    return Occasion(at=dossier.received_at, officer=_done_by(dossier, "receive"), told=told)


def _promised(dossier: Dossier) -> datetime | None:
    """Return the due moment that the receipt gave; what moved it later has papers of its own."""
    for entry in audit.history(steps.subject(dossier)):
        if entry.act == "procedures.received" and (told := entry.content.get("due_at")):
            return datetime.fromisoformat(str(told))
    return dossier.due_at


def _first_reckoning(sentences: list[str]) -> list[str]:
    ends = [at for at, one in enumerate(sentences) if one.startswith(LAST_OF_RECKONING)]
    return sentences[: ends[0] + 1] if ends else sentences


def _supplement(dossier: Dossier) -> Occasion | None:
    asked = SupplementRequest.objects.filter(dossier=dossier).order_by("-asked_at").first()
    if asked is None:
        return None
    told = {"items": list(asked.items), "reason": asked.reason}
    return Occasion(at=asked.asked_at, officer=asked.asked_by, told=told)


def _refusal(dossier: Dossier) -> Occasion | None:
    refused = dossier.status in (Status.NOT_RECEIVED, Status.STOPPED)
    if not refused or dossier.finished_at is None or _stopped(dossier) is not None:
        return None
    return Occasion(
        at=dossier.finished_at,
        officer=_done_by(dossier, "receive", "examine"),
        told={"reason": dossier.closed_reason},
    )


def _apology(dossier: Dossier) -> Occasion | None:
    said = Apology.objects.filter(dossier=dossier).order_by("-said_at").first()
    if said is None:
        return None
    return Occasion(
        at=said.said_at,
        officer=said.said_by,
        told={
            "reason": said.reason,
            "original_due_at": render.local(said.was_due_at),
            "new_due_at": render.local(said.due_at),
            "late": said.said_at > said.was_due_at,
        },
    )


def _case_notice(dossier: Dossier) -> Occasion | None:
    changed = CaseChange.objects.filter(dossier=dossier).order_by("changed_at", "id").last()
    if changed is None:
        return None
    return Occasion(
        at=changed.changed_at,
        officer=changed.changed_by,
        told={
            "reason": changed.reason,
            "case": changed.to_case or USUAL_CASE,
            "limit": changed.limit_say,
            "source": changed.source,
            "original_due_at": render.local(changed.was_due_at),
            "new_due_at": render.local(changed.due_at),
        },
    )


def _stop_notice(dossier: Dossier) -> Occasion | None:
    stopped = _stopped(dossier)
    if stopped is None:
        return None
    return Occasion(
        at=stopped.stopped_at,
        officer=stopped.stopped_by,
        told={
            "reason": stopped.reason,
            "ground": stopped.ground_say,
            "stopped_at": render.local(stopped.stopped_at),
        },
    )


def _stopped(dossier: Dossier) -> Stop | None:
    return Stop.objects.filter(dossier=dossier).first()


def _control_sheet(dossier: Dossier) -> Occasion | None:
    if dossier.received_at is None:
        return None
    return Occasion(at=clock.now(), officer="", told=control_sheet.told(dossier))


def _done_by(dossier: Dossier, *elements: str) -> str:
    done = dossier.works.filter(element__in=elements).exclude(done_at=None).order_by("-done_at")
    work = done.first()
    return work.done_by if work else ""


FORMS: dict[str, Sheet] = {
    "receipt": Sheet(
        template="receipt", title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả", occasion=_receipt
    ),
    "supplement": Sheet(
        template="supplement_request",
        title="Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
        occasion=_supplement,
    ),
    "refusal": Sheet(
        template="refusal", title="Phiếu từ chối tiếp nhận giải quyết hồ sơ", occasion=_refusal
    ),
    "apology": Sheet(
        template="apology",
        title="Phiếu xin lỗi và hẹn lại ngày trả kết quả",
        occasion=_apology,
        signed=True,
    ),
    "case_notice": Sheet(
        template="case_notice",
        title="Thông báo thay đổi thời hạn giải quyết hồ sơ",
        occasion=_case_notice,
        signed=True,
    ),
    "stop_notice": Sheet(
        template="stop_notice",
        title="Thông báo dừng giải quyết hồ sơ",
        occasion=_stop_notice,
        signed=True,
    ),
    "control_sheet": Sheet(
        template="control_sheet",
        title="Phiếu kiểm soát quá trình giải quyết hồ sơ",
        occasion=_control_sheet,
        inside=True,
    ),
}


def _unknown() -> NotFound:
    return NotFound(
        code="procedures.form_unknown",
        what="Không có mẫu giấy này.",
        mend="Hãy chọn một mẫu giấy trên trang của hồ sơ.",
    )


def _for_officials(sheet: Sheet) -> NotAllowed:
    return NotAllowed(
        code="procedures.form_inside",
        what=f"{sheet.title} chỉ dành cho cán bộ giải quyết hồ sơ.",
        why="Phiếu ghi việc giao, nhận hồ sơ trong nội bộ các cơ quan.",
        mend="Hãy theo dõi các bước giải quyết trên trang của hồ sơ.",
    )


def _not_made() -> Conflict:
    return Conflict(
        code="procedures.form_not_made",
        what="Hồ sơ chưa có giấy này.",
        why="Giấy chỉ có sau khi cơ quan đã làm việc mà giấy ghi lại.",
        mend="Hãy xem tình trạng hiện tại của hồ sơ.",
    )
