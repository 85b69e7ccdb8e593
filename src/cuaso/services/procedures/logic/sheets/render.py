"""Draw papers as a pack's templates say; names of agencies and places are those of their day."""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from cuaso.capabilities.reports import api as reports
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency, Post
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.services.procedures.act_models import Transfer
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import declared, lists
from cuaso.services.procedures.logic.matter.address import public_url
from cuaso.services.procedures.logic.sheets import handed
from cuaso.services.procedures.models import Dossier, ProcedureVersion, Result

SETTLING = ("handler", "leader", "clerk")
RECEIVING = ("reception",)
DRAWN = ("draft_file_id", "drawn_post_id", "drawn_name")


def draw_draft(dossier: Dossier, result: Result, *, actor: Actor) -> None:
    """Render the result without number, date and marks over the first signer's name, and store it;
    the result then names the draft (`DRAWN`) but is not written.
    """
    signer = first_signer(dossier)
    pdf = result_pdf(dossier, result, signer_post_id=signer.id if signer else None)
    stored = files.store_bytes(
        actor=actor, name="du-thao-ket-qua.pdf", media_type="application/pdf", content=pdf
    )
    result.draft_file_id = stored.id
    result.drawn_post_id = signer.id if signer else None
    result.drawn_name = directory.holder_name(signer.id) if signer else ""


def name_on(dossier: Dossier, result: Result) -> str:
    """Return the name on a draft; for one from before it was kept, today's first signer's."""
    signer = None if result.drawn_name else first_signer(dossier)
    return directory.holder_name(signer.id) if signer else result.drawn_name


def result_pdf(dossier: Dossier, result: Result, *, signer_post_id: UUID | None) -> bytes:
    """Render the result without number, date and marks, over the name of one signer."""
    return reports.render(
        template=template(dossier.procedure, declared.procedure(dossier.procedure).result.template),
        data={
            **about(dossier, at=clock.now()),
            **_of_result(dossier, result, signer_post_id),
            **_of_issuer(dossier),
        },
        qr=_qr(dossier, result),
    )


def content_digest(dossier: Dossier, result: Result) -> str:
    """Return the SHA-256 of all that a result's paper says, whoever signs it; moments of the
    dossier and how its applicant is reached are not part of it.
    """
    said = {
        **about(dossier, at=clock.now()),
        **_of_result(dossier, result, None),
        **_of_issuer(dossier),
        "dossier": dossier.dossier_code,
        "applicant": dossier.applicant_name,
        "templates": dossier.procedure.templates,
    }
    words = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(words.encode()).hexdigest()


def first_signer(dossier: Dossier) -> Post | None:
    """Return the leader's post whose holder's name a draft bears until somebody signs it."""
    posts = directory.held_posts(steps.issuer(dossier), "leader")
    return posts[0] if posts else None


def template(version: ProcedureVersion, name: str) -> Path:
    """Return one of a version's templates as a file; raise NotFound for a missing one."""
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


def about(dossier: Dossier, *, at: datetime) -> dict[str, object]:
    """Return what every paper of a dossier may say, with the agencies as they stood at a moment."""
    on = clock.legal_date(at)
    party = directory.person(dossier.party_id)
    return {
        "procedure": {"code": dossier.procedure.code, "title": dossier.procedure.title},
        "dossier": {
            "code": dossier.dossier_code or "",
            "tracking_code": dossier.tracking_code,
            "title": dossier.title,
            "channel": dossier.channel,
            "submitted_at": local(dossier.submitted_at),
            "received_at": local(dossier.received_at),
            "due_at": local(dossier.due_at),
        },
        "agency": agency_words(settling_agency(dossier, at=at), on=on),
        "received_agency": agency_words(receiving_agency(dossier, at=at), on=on),
        "province": directory.province(on=on).name,
        "applicant": {
            **handed.applicant(dossier, party=party, at=at),
            "phone": directory.person(dossier.person_id).phone,
            "address": party.address,
        },
        "subject_name": dossier.subject_name,
        "values": dossier.values,
        "texts": _texts(dossier.procedure, dossier.values),
        "track_url": public_url(f"/tra-cuu/?ma={dossier.tracking_code}"),
    }


def settling_agency(dossier: Dossier, *, at: datetime) -> Agency:
    """Return the agency that settled the dossier at a moment, whatever moved it later."""
    settling = dossier.agency_id
    for moved_at, came_from in _moves(dossier):
        if moved_at > at:
            settling = came_from
    return _standing(dossier, settling, SETTLING, on=clock.legal_date(at))


def receiving_agency(dossier: Dossier, *, at: datetime) -> Agency:
    """Return the agency that received the dossier, or who stood in its place at a moment."""
    receiving = dossier.received_agency_id
    if receiving is None:
        work = dossier.works.filter(role__in=RECEIVING).order_by("since_at").first()
        receiving = work.agency_id if work else None
    return _standing(dossier, receiving or dossier.agency_id, RECEIVING, on=clock.legal_date(at))


def _moves(dossier: Dossier) -> list[tuple[datetime, UUID]]:
    """Return when the dossier went from which agency to another, the last move first."""
    moves = []
    for one in Transfer.objects.filter(dossier=dossier):
        moves.append((one.moved_at, one.from_agency_id))
        if one.handed_back_at is not None:
            moves.append((one.handed_back_at, one.to_agency_id))
    return sorted(moves, reverse=True)


def _standing(dossier: Dossier, now_id: UUID, roles: tuple[str, ...], *, on: date) -> Agency:
    now = directory.agency(now_id)
    if now.valid.contains(on):
        return now
    worked = dossier.works.filter(role__in=roles).exclude(element=steps.CONSULT)
    ids = worked.exclude(agency_id=None).order_by("-since_at").values_list("agency_id", flat=True)
    others = [directory.agency(id) for id in dict.fromkeys(ids) if id is not None]
    others += directory.successors_of_agency(now_id)
    return next((one for one in others if one.valid.contains(on)), now)


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


def _of_issuer(dossier: Dossier) -> dict[str, object]:
    """Return the agency in whose name the result goes out, and that which proposes it."""
    on = clock.today()
    if dossier.signing_agency_id is None:
        return {}
    return {
        "agency": agency_words(directory.agency(dossier.signing_agency_id), on=on),
        "proposer": agency_words(directory.agency(dossier.agency_id), on=on),
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
    post = directory.post(post_id)
    title = post.title
    if directory.agency(post.agency_id).kind == "committee":
        # Decree 30/2020/NĐ-CP, annex I: the committee stands above, the title alone below it.
        title = title.removesuffix(" Ủy ban nhân dân")
    return {"title": title, "name": directory.holder_name(post_id)}


def agency_words(agency: Agency, *, on: date) -> dict[str, str]:
    """Return how a paper of a day names an agency; `full_name` says the province of that day."""
    parent = directory.agency(agency.parent_id).name if agency.parent_id else ""
    return {
        "name": agency.name,
        "full_name": _full_name(agency, on=on),
        "parent": parent,
        "short_name": agency.short_name,
        "seal_name": agency.seal_name,
        "kind": agency.kind,
        "place": place_name(agency, on=on),
    }


def _full_name(agency: Agency, *, on: date) -> str:
    place = directory.find_place(agency.place_code, on)
    above = directory.find_place(place.parent_code, on) if place and place.parent_code else None
    names = [agency.name]
    while above is not None:
        names.append(above.full_name[:1].lower() + above.full_name[1:])
        above = directory.find_place(above.parent_code, on) if above.parent_code else None
    return ", ".join(names)


def place_name(agency: Agency, *, on: date) -> str:
    """Return the place that stands before a date on paper: the commune's or province's name."""
    place = directory.find_place(agency.place_code, on)
    return place.name if place else ""


def place_and_date(agency: Agency, *, on: date) -> str:
    """Return the line of place and date; single-digit days and the months 1 and 2 get a zero.

    Source: decree 30/2020/NĐ-CP, annex I.
    """
    month = f"{on.month:02d}" if on.month in (1, 2) else str(on.month)
    return f"{place_name(agency, on=on)}, ngày {on:%d} tháng {month} năm {on:%Y}"


def _texts(version: ProcedureVersion, stored: Mapping[str, Any]) -> dict[str, Any]:
    form = declared.form(version)
    return form.texts(form.load(stored), lists.context())


def local(moment: datetime | None) -> str:
    """Return a moment as templates read it: Vietnam's time to the minute, `""` for none."""
    return moment.astimezone(clock.VIETNAM).isoformat(timespec="minutes") if moment else ""
