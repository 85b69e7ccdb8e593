"""One archive of everything that is kept of a person, for that person."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.template.loader import render_to_string

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Unavailable
from cuaso.kernel.subjects import Subject
from cuaso.services.accounts.contracts import Archive, Kept
from cuaso.services.accounts.logic.gather import Part, gather, own_files
from cuaso.services.accounts.logic.own_capacity import require_oneself
from cuaso.services.accounts.logic.stays import stays

FORMAT: Final = "cuaso-du-lieu-ca-nhan/1"
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)


def export(*, actor: Actor) -> Archive:
    """Return a ZIP with `du-lieu.json`, `doc.html` and the person's own files.

    Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 gives a person a copy of their data. Raises
    NotAllowed for whoever does not act for themself; the act stands in the ledger.
    """
    person_id = require_oneself(actor)
    parts, remains = gather(actor, person_id=person_id), stays(actor, person_id=person_id)
    name = directory.person(person_id).name
    told = {
        "format": FORMAT,
        "made_at": clock.now(),
        "person": name,
        "data": {part.key: part.rows for part in parts},
        "kept": [vars(one) for one in remains],
    }
    page = render_to_string("accounts/archive.html", _page(parts, remains, name))
    content = _zipped(
        {
            "du-lieu.json": json.dumps(told, ensure_ascii=False, indent=1, default=_said).encode(),
            "doc.html": page.encode(),
            **dict(_contents(person_id)),
        }
    )
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        audit.record(
            actor=actor,
            act="accounts.exported",
            subject=Subject(kind="directory.person", id=person_id),
            content={"sha256": digest, "bytes": len(content)},
        )
    day = clock.today().isoformat()
    return Archive(name=f"du-lieu-cua-toi-{day}.zip", content=content, sha256=digest)


def _contents(person_id: Any) -> Iterator[tuple[str, bytes]]:  # noqa: ANN401 the caller's own id
    """Yield the person's files; one that cannot be opened is named in the data alone."""
    for one in own_files(person_id):
        try:
            yield f"tep/{one.id}/{one.name}", files.read_clean(one.id)
        except (Conflict, Unavailable):
            continue


def _page(parts: tuple[Part, ...], remains: tuple[Kept, ...], name: str) -> dict[str, object]:
    shown = [
        (
            part.title,
            [
                [(part.titles[key], _lines(value)) for key, value in row.items()]
                for row in part.rows
            ],
        )
        for part in parts
    ]
    return {"name": name, "made_at": clock.now(), "parts": shown, "remains": remains}


def _lines(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{key}: {_said(inner)}" for key, inner in value.items()]
    if isinstance(value, list | tuple):
        return [str(_said(one)) for one in value]
    return [str(_said(value))] if value not in ("", None) else []


def _said(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(clock.VIETNAM).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else str(value)


def _zipped(members: Mapping[str, bytes]) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=_MOMENT), content)
    return box.getvalue()
