"""Draw papers: a result as its pack's template says, and the legal forms of the service."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from cuaso.capabilities.reports import api as reports
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency, Holder
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.services.procedures.logic import declared, lists
from cuaso.services.procedures.logic.address import public_url
from cuaso.services.procedures.logic.status import Status
from cuaso.services.procedures.models import Dossier, ProcedureVersion, Result, SupplementRequest

FORMS = {"receipt": "receipt", "supplement": "supplement_request", "refusal": "refusal"}


def result_draft(dossier: Dossier, result: Result, *, actor: Actor) -> UUID:
    """Render the result without number, date and marks; store it; return the file's id."""
    signer = first_signer(dossier)
    pdf = result_pdf(dossier, result, signer_post_id=signer.post.id if signer else None)
    stored = files.store_bytes(
        actor=actor, name="du-thao-ket-qua.pdf", media_type="application/pdf", content=pdf
    )
    return stored.id


def result_pdf(dossier: Dossier, result: Result, *, signer_post_id: UUID | None) -> bytes:
    """Render the result without number, date and marks, over the name of one signer."""
    return reports.render(
        template=_template(
            dossier.procedure, declared.procedure(dossier.procedure).result.template
        ),
        data={**_about(dossier), **_of_result(dossier, result, signer_post_id)},
        qr=_qr(dossier, result),
    )


def first_signer(dossier: Dossier) -> Holder | None:
    """Return the leader whose name a draft bears until somebody signs it."""
    holders = directory.holders(dossier.agency_id, "leader")
    return holders[0] if holders else None


def legal_form(dossier: Dossier, *, form: str) -> bytes:
    """Render one of FORMS as PDF, as it was on the day of its act.

    Raises NotFound for another name, Conflict when that act was not done.
    """
    name = FORMS.get(form)
    if name is None:
        raise NotFound(
            code="procedures.form_unknown",
            what="Không có mẫu giấy này.",
            mend="Hãy chọn giấy tiếp nhận, phiếu bổ sung hoặc phiếu từ chối.",
        )
    told = OCCASIONS[form](dossier)
    if told is None:
        raise Conflict(
            code="procedures.form_not_made",
            what="Hồ sơ chưa có giấy này.",
            why="Giấy chỉ có sau khi cơ quan đã tiếp nhận, yêu cầu bổ sung hoặc từ chối hồ sơ.",
            mend="Hãy xem tình trạng hiện tại của hồ sơ.",
        )
    return reports.render(
        template=_template(dossier.procedure, name),
        data={**_about(dossier), **_of_form(dossier, told)},
    )


def _template(version: ProcedureVersion, name: str) -> Path:
    folder = _folder(version.templates)
    path = folder / f"{name}.typ"
    if not path.exists():
        raise NotFound(
            code="procedures.template_missing",
            what=f"Thủ tục {version.code} chưa có mẫu “{name}”.",
            mend="Hãy bổ sung mẫu vào gói khai báo rồi cài lại.",
        )
    return path


def _folder(templates: Mapping[str, str]) -> Path:
    """Return a folder that holds exactly these texts; it is written once and kept."""
    told = "\0".join(f"{name}\n{text}" for name, text in sorted(templates.items()))
    folder = Path(settings.VAR) / "templates" / hashlib.sha256(told.encode()).hexdigest()
    for name, text in templates.items():
        path = folder / Path(name).name
        if not path.exists():
            _write(path, text)
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(text)
    fresh.replace(path)


def _about(dossier: Dossier) -> dict[str, object]:
    agency = directory.agency(dossier.agency_id)
    return {
        "procedure": {"code": dossier.procedure.code, "title": dossier.procedure.title},
        "dossier": {
            "code": dossier.dossier_code or "",
            "tracking_code": dossier.tracking_code,
            "title": dossier.title,
            "channel": dossier.channel,
            "submitted_at": _local(dossier.submitted_at),
            "received_at": _local(dossier.received_at),
            "due_at": _local(dossier.due_at),
        },
        "agency": _agency(agency),
        "received_agency": _agency(directory.agency(dossier.received_agency_id or agency.id)),
        "applicant": {"name": dossier.applicant_name, "phone": _phone(dossier)},
        "subject_name": dossier.subject_name,
        "values": dossier.values,
        "texts": _texts(dossier.procedure, dossier.values),
        "track_url": public_url(f"/tra-cuu/?ma={dossier.tracking_code}"),
    }


def _of_result(dossier: Dossier, result: Result, signer_post_id: UUID | None) -> dict[str, object]:
    declaration = declared.procedure(dossier.procedure)
    return {
        "values": result.values,
        "texts": _texts(dossier.procedure, result.values),
        "personal_number": result.values.get("personal_number", ""),
        "result": {"title": result.title, "kind": result.kind},
        "places": {name: dict(box) for name, box in declaration.result.places.items()},
        "signer": {"authority": declaration.result.authority, **_signer(signer_post_id)},
        "verify_code": result.verify_code,
    }


def _qr(dossier: Dossier, result: Result) -> str:
    # Circular 01/2023/TT-VPCP: dossier code, procedure code, whose, and the paper's name. Whose is
    # said by the verify code: a printed personal number would travel farther than its owner wants.
    return "\n".join(
        (
            public_url(f"/xac-minh/?ma={result.verify_code}"),
            f"Mã hồ sơ: {dossier.dossier_code}",
            f"Mã TTHC: {dossier.procedure.code}",
            f"Giấy tờ: {result.title}",
        )
    )


def _signer(post_id: UUID | None) -> dict[str, str]:
    if post_id is None:
        return {"title": "", "name": ""}
    return {"title": directory.post(post_id).title, "name": directory.holder_name(post_id)}


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """The act for which a legal form was made."""

    at: datetime
    officer: str
    reason: str = ""
    items: tuple[str, ...] = ()


def _receipt(dossier: Dossier) -> Occasion | None:
    if dossier.received_at is None:
        return None
    return Occasion(at=dossier.received_at, officer=_done_by(dossier, "receive"))


def _supplement(dossier: Dossier) -> Occasion | None:
    asked = SupplementRequest.objects.filter(dossier=dossier).order_by("-asked_at").first()
    if asked is None:
        return None
    return Occasion(
        at=asked.asked_at, officer=asked.asked_by, reason=asked.reason, items=tuple(asked.items)
    )


def _refusal(dossier: Dossier) -> Occasion | None:
    refused = dossier.status in (Status.NOT_RECEIVED, Status.STOPPED)
    if not refused or dossier.finished_at is None:
        return None
    return Occasion(
        at=dossier.finished_at,
        officer=_done_by(dossier, "receive", "examine"),
        reason=dossier.closed_reason,
    )


def _done_by(dossier: Dossier, *elements: str) -> str:
    done = dossier.works.filter(element__in=elements).exclude(done_at=None).order_by("-done_at")
    work = done.first()
    return work.done_by if work else ""


OCCASIONS: dict[str, Callable[[Dossier], Occasion | None]] = {
    "receipt": _receipt,
    "supplement": _supplement,
    "refusal": _refusal,
}


def _of_form(dossier: Dossier, told: Occasion) -> dict[str, object]:
    day = clock.legal_date(told.at)
    return {
        "made_on": day.isoformat(),
        "law": declared.law(dossier.procedure, on=day),
        "due_steps": list(dossier.due_steps),
        "papers": [
            {
                "title": one.component.title,
                "required": one.required,
                "original": one.component.original,
                "copy": one.component.copy_count,
            }
            for one in declared.needed_of_dossier(dossier)
        ],
        "items": list(told.items),
        "reason": told.reason,
        "officer": told.officer,
    }


def _agency(agency: Agency) -> dict[str, str]:
    parent = directory.agency(agency.parent_id).name if agency.parent_id else ""
    return {
        "name": agency.name,
        "parent": parent,
        "short_name": agency.short_name,
        "place": place_name(agency),
    }


def place_name(agency: Agency) -> str:
    """Return the place that stands before a date on paper: the commune's or province's name."""
    place = directory.find_place(agency.place_code)
    return place.name if place else ""


def place_and_date(agency: Agency, *, on: date) -> str:
    """Return the line of place and date; single-digit days and the months 1 and 2 get a zero.

    Source: decree 30/2020/NĐ-CP, annex I.
    """
    month = f"{on.month:02d}" if on.month in (1, 2) else str(on.month)
    return f"{place_name(agency)}, ngày {on:%d} tháng {month} năm {on:%Y}"


def _texts(version: ProcedureVersion, stored: Mapping[str, Any]) -> dict[str, Any]:
    form = declared.form(version)
    return form.texts(form.load(stored), lists.context())


def _local(moment: datetime | None) -> str:
    return moment.astimezone(clock.VIETNAM).isoformat(timespec="minutes") if moment else ""


def _phone(dossier: Dossier) -> str:
    return directory.person(dossier.person_id).phone
