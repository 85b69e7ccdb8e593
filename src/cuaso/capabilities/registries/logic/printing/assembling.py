"""What a template is given: the fields that it names and no others, the agency, the signer."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from cuaso.capabilities.registries.logic.seeing import records, rights
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import type_of
from cuaso.declarations.record_papers import Paper
from cuaso.declarations.registries import RECORD
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed

GROUP: Final = 4


def of_record(built: Built, row: Row, one: Paper) -> dict[str, Any]:
    """Return what the template reads of a record, and nothing that it does not name."""
    clean = values.cleaned(built, row)
    texts = built.declared.form.texts(clean, values.context(built))
    read: dict[str, dict[str, Any]] = {"record": {}, "texts": {}, "rows": {}}
    for kind, name, _line in one.reads():
        if kind == "rows":
            read[kind][name] = texts.get(name) or []
        elif kind == "texts":
            read[kind][name] = texts[RECORD].get(name) or ""
        else:
            read[kind][name] = _typed(built, name, clean.stored[RECORD].get(name))
    return read


def _typed(built: Built, name: str, value: Any) -> Any:  # noqa: ANN401 any JSON
    """Return a value as JSON; what is not there is "", also each part of it."""
    parts = type_of(built.declared.fields[name]).parts(built.declared.fields[name])
    if parts:
        held: Mapping[str, Any] = value or {}
        return {part: "" if blank(held.get(part)) else held[part] for part in parts}
    return "" if blank(value) else value


def refuse_masked(built: Built, one: Paper, actor: Actor) -> None:
    """Raise NotAllowed where the template reads a field that the actor does not read in full:
    a paper never says less than it seems to.
    """
    hidden = {path.partition(".")[0] for path in rights.masked(built, actor)}
    read = [name for _kind, name, _line in one.reads()]
    first = next((name for name in (*read, one.number) if name in hidden), "")
    if first:
        group = built.declared.groups.get(first)
        title = group.title if group else built.declared.titled(first)
        raise NotAllowed(
            code="registries.paper_masked",
            what=f"Ông/bà không in được “{one.title}”.",
            why=f"Giấy này in “{title}”, là thông tin mà ông/bà chỉ được đọc một phần.",
            mend="Hãy nhờ người được đọc đầy đủ thông tin này in giấy.",
        )


def number_of(built: Built, row: Row, one: Paper) -> str:
    """Return the number of the paper: what its field says, else the key of the record."""
    column = next(values.under(built, one.number or built.declared.key[0]))
    return records.say(column.one, column.read(row), values.context(built)) if column.one else ""


def issuer_of(built: Built, row: Row, one: Paper) -> UUID:
    """Return the agency in whose name the paper goes out."""
    if one.signer is not None and one.signer.agency:
        return directory.agency_by_key(one.signer.agency).id
    kept = one.signer is not None and one.signer.of == "nơi giữ"
    return row.row_agency if kept else built.owner_id


def around(one: Paper, *, agency_id: UUID, number: str, code: str) -> dict[str, Any]:
    """Return what every paper says beside its record: agency, number, places, code."""
    agency = directory.agency(agency_id)
    parent = directory.agency(agency.parent_id).name if agency.parent_id else ""
    return {
        "agency": {"name": agency.name, "short_name": agency.short_name, "parent": parent},
        "province": directory.province().name,
        "place": directory.place(agency.place_code).name,
        "paper": {
            "title": one.title,
            "number": number,
            "code": "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP)),
            "verify_at": f"{settings.PUBLIC_URL}/xac-minh/so/",
            "sealed": bool(one.seal),
        },
        "places": {name: dict(box) for name, box in one.places.items()},
    }


def signer(one: Paper, *, title: str, name: str) -> dict[str, str]:
    """Return the words of the signing block; a committee's title stands without the committee."""
    said = title.removesuffix(" Ủy ban nhân dân")
    authority = one.signer.authority if one.signer else ""
    return {"title": said, "name": name} | ({"authority": authority} if authority else {})


def usual_signer(one: Paper, agency_id: UUID) -> dict[str, str]:
    """Return the signing block over the name of whoever holds the post now, before it is signed."""
    if one.signer is None:
        return {"title": "", "name": ""}
    holders = directory.holders(agency_id, one.signer.role)
    if not holders:
        return signer(one, title="", name="")
    return signer(one, title=holders[0].post.title, name=holders[0].person.name)


def address(built: Built, row: Row, actor: Actor, *, number: str, code: str) -> str:
    """Return the whole address that the QR opens: the record's own verification where it has both
    values and the actor reads them, else that of the paper.
    """
    given = (number, code)
    verify = built.declared.verify
    if verify is not None and not set(verify.by) & rights.masked(built, actor):
        own = tuple(getattr(row, built.column(path).name) for path in verify.by)
        given = (str(own[0]), str(own[1])) if all(own) else given
    asked = urlencode({"n": given[0], "m": given[1]})
    return f"{settings.PUBLIC_URL}/xac-minh/so/{built.key}/?{asked}"


def template_of(one: Paper) -> Path:
    """Return the template as a file; it is written once and kept under the sum of its text."""
    sum_ = hashlib.sha256(one.text.encode()).hexdigest()
    path = Path(settings.VAR) / "templates" / sum_ / f"{one.template}.typ"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(one.text, encoding="utf-8")
        fresh.replace(path)
    return path
