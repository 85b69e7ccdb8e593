"""Store the scans of a paper dossier; between two tries of a form they travel as a sealed list."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import PAPERS
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem, Refusal

LIMIT_BYTES = 10 * 1024 * 1024
MOST = 20
PREFIX = "scan."


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One stored scan under a component of the procedure."""

    component: str
    file_id: UUID
    name: str


def taken(request: HttpRequest, *, actor: Actor) -> tuple[Scan, ...]:
    """Return the scans of earlier tries that the officer still wants."""
    dropped = set(request.POST.getlist("drop_scan"))
    return tuple(
        scan
        for scan in _unsealed(request.POST.get("scans", ""), actor=actor)
        if str(scan.file_id) not in dropped
    )


def store(request: HttpRequest, *, actor: Actor) -> tuple[tuple[Scan, ...], tuple[Problem, ...]]:
    """Store what came with the form; a file that cannot be kept becomes a problem of its input."""
    stored: list[Scan] = []
    problems: list[Problem] = []
    for component, uploads in _arrived(request):
        field = f"papers.{component}"
        if len(uploads) > MOST:
            say = _("Mỗi lần chỉ nhận %(most)s tệp.") % {"most": MOST}
            problems.append(Problem(field=field, say=say))
            continue
        for one in uploads:
            try:
                stored.append(_store(one, component=component, actor=actor))
            except Refusal as refusal:
                problems.append(Problem(field=field, say=str(refusal)))
    return tuple(stored), tuple(problems)


def _arrived(request: HttpRequest) -> list[tuple[str, "list[UploadedFile[bytes]]"]]:
    return [
        (
            name.removeprefix(PREFIX),
            [one for one in request.FILES.getlist(name) if isinstance(one, UploadedFile)],
        )
        for name in request.FILES
        if name.startswith(PREFIX)
    ]


def _store(upload: "UploadedFile[bytes]", *, component: str, actor: Actor) -> Scan:
    kept = files.store(
        actor=actor,
        name=upload.name or "tep",
        declared_type=upload.content_type or "application/octet-stream",
        chunks=upload.chunks(),
        limit_bytes=LIMIT_BYTES,
        allowed=PAPERS,
    )
    return Scan(component=component, file_id=kept.id, name=kept.name)


def refuse(problems: Sequence[Problem]) -> None:
    """Raise Invalid when there are problems."""
    if problems:
        raise Invalid(
            code="desk.scans_unfit",
            what=_("Có tệp chưa nhận được."),
            mend=_("Hãy sửa từng chỗ được nêu. Những gì đã điền và đã tải lên vẫn còn."),
            problems=tuple(problems),
        )


def sealed(scans: Sequence[Scan], *, actor: Actor) -> str:
    """Return the list as text that only this officer's next try may bring back."""
    listed = [[scan.component, str(scan.file_id), scan.name] for scan in scans]
    return signing.dumps(listed, salt=_salt(actor), compress=True) if listed else ""


def _unsealed(told: str, *, actor: Actor) -> tuple[Scan, ...]:
    try:
        listed = signing.loads(told, salt=_salt(actor)) if told else []
    except signing.BadSignature:
        return ()
    return tuple(
        Scan(component=component, file_id=UUID(file_id), name=name)
        for component, file_id, name in listed
    )


def _salt(actor: Actor) -> str:
    return f"desk.scans.{actor.person_id}"
