"""Queue what the national database must know of officials, in the act's own transaction."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from cuaso.capabilities.exchange.api import peers
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import NationalFile
from cuaso.kernel import clock
from cuaso.services.personnel.logic import wire
from cuaso.services.personnel.logic.house import NATIONAL
from cuaso.services.personnel.models import Message

ON_ITS_WAY: Final = ("waiting", "sending")


def note_told(change_id: UUID) -> int:
    """Queue the records that a change wrote; how many. The same again, and a change of what the
    other side is not told, queue nothing.
    """
    if not peers.address(NATIONAL):
        return 0
    return sum(_note(file) for file in registries.told_of(change_id))


def values_of(file: NationalFile) -> dict[str, str]:
    """Return the values of a record as they are told."""
    return {path: one.value for path, one in file.fields.items()}


def _note(file: NationalFile) -> bool:
    said = {} if file.gone else values_of(file)
    last = last_of(file.code)
    known = last is not None and last.state in {*ON_ITS_WAY, "sent"}
    if file.gone and (last is None or last.withdrawn):
        return False
    if known and last is not None and last.said_sha256 == wire.sha256_of(said):
        return False
    queue(
        code=file.code,
        registry=file.registry,
        record_id=file.id,
        said=said,
        least_version=file.revision,
        withdrawn=file.gone,
    )
    return True


def queue(
    *,
    code: str,
    registry: str,
    record_id: UUID | None,
    said: Mapping[str, str],
    least_version: int,
    withdrawn: bool = False,
    based_on: str | None = None,
) -> Message:
    """Queue one message; those of the same official that were not sent are passed by it.

    `based_on` is the hash of what a person saw there and decided to write over, "" for nothing.
    """
    last = last_of(code)
    Message.objects.filter(code=code, state__in=["waiting", "failed"]).update(
        state="passed", said={}
    )
    return Message.objects.create(
        code=code,
        registry=registry,
        record_id=record_id,
        version=max(least_version, last.version + 1 if last else 1),
        said=dict(said),
        withdrawn=withdrawn,
        decided=based_on is not None,
        based_on=based_on or "",
        said_sha256=wire.sha256_of(said),
        next_try_at=clock.now(),
        made_at=clock.now(),
    )


def last_of(code: str) -> Message | None:
    """Return the newest message on an official, None for none."""
    return Message.objects.filter(code=code).order_by("-version").first()
