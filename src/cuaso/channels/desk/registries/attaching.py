"""Files in the form of a record: stored when they arrive, kept by their ids until it is written."""

from collections.abc import Mapping
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from cuaso.capabilities.registries.contracts import Outline
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import PAPERS, StoredFile
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Problem, Refusal

PREFIX = "tep."
DROPS = "bo."
LIMIT_BYTES = 10 * 1024 * 1024
Typed = dict[str, str | list[str]]


def taken(request: HttpRequest, typed: Typed, *, actor: Actor) -> tuple[Typed, tuple[Problem, ...]]:
    """Return what was typed with the files that arrived, and what is wrong with the others."""
    found, problems = dict(typed), []
    for name in (name for name in request.POST if name.startswith(DROPS)):
        path, dropped = name.removeprefix(DROPS), set(request.POST.getlist(name))
        found[path] = [id for id in _ids(found.get(path, ())) if id not in dropped]
    for name in (name for name in request.FILES if name.startswith(PREFIX)):
        path = name.removeprefix(PREFIX)
        for one in _uploads(request, name):
            try:
                found[path] = [*_ids(found.get(path, ())), str(_store(one, actor).id)]
            except Refusal as refusal:
                problems.append(Problem(field=path, say=str(refusal)))
    return found, tuple(problems)


def _uploads(request: HttpRequest, name: str) -> "list[UploadedFile[bytes]]":
    return [one for one in request.FILES.getlist(name) if isinstance(one, UploadedFile)]


def _ids(values: object) -> list[str]:
    listed = [values] if isinstance(values, str) else list(values) if values else []  # type: ignore[call-overload]
    return [one for one in listed if one]


def _store(upload: "UploadedFile[bytes]", actor: Actor) -> StoredFile:
    return files.store(
        actor=actor,
        name=upload.name or "tep",
        declared_type=upload.content_type or "application/octet-stream",
        chunks=upload.chunks(),
        limit_bytes=LIMIT_BYTES,
        allowed=PAPERS,
    )


def kept(texts: Mapping[str, str | list[str]], outline: Outline) -> dict[str, list[StoredFile]]:
    """Return the files that a form holds, by the path of their input."""
    held: dict[str, list[StoredFile]] = {}
    for field in outline.fields:
        path = f"record.{field.path}"
        if field.files and texts.get(path):
            known = files.infos(tuple(_uuids(_ids(texts[path]))))
            held[path] = list(known.values())
    return held


def _uuids(ids: list[str]) -> list[UUID]:
    found = []
    for one in ids:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found
