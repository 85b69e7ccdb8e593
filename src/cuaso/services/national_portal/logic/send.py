"""Send what waits: in order per dossier, outside any transaction, until the portal has it."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from cuaso.capabilities.exchange.api import peers
from cuaso.capabilities.exchange.contracts import PeerAnswer
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import Refusal, Unavailable
from cuaso.services.national_portal.logic import surroundings, wire
from cuaso.services.national_portal.models import Update
from cuaso.services.procedures import api as procedures

# Longer than sending a result and its status may take.
LEASE = timedelta(minutes=2)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30))
REFUSES = 400
CONFLICT = 409


class _Refused(Exception):
    """The portal will never take this as it stands."""


def send_due(limit: int = 100) -> int:
    """Send what is due, one after another; return how many the portal took.

    An update waits until all earlier ones of its dossier are there. When the portal does not
    answer, the rest stays untouched until the next turn: an outage costs one try a turn. Raises
    RuntimeError inside a transaction.
    """
    if not surroundings.base():
        return 0
    for sent in range(limit):
        row = _take()
        if row is None or not _send(row):
            return sent
    return limit


def _take() -> Update | None:
    """Lease the first update that is due and whose earlier ones are all there."""
    earlier = Update.objects.filter(link=OuterRef("link"), version__lt=OuterRef("version"))
    with transaction.atomic(durable=True):
        row = (
            Update.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("link")
            .filter(~Exists(earlier.exclude(state="sent")))
            .filter(state__in=["waiting", "sending"], next_try_at__lte=clock.now())
            .order_by("next_try_at", "id")
            .first()
        )
        if row is not None:
            row.state, row.next_try_at = "sending", clock.now() + LEASE
            row.save(update_fields=["state", "next_try_at"])
    return row


def _send(row: Update) -> bool:
    """Send one update; say whether to go on with the next."""
    try:
        _hand_over(row)
    except Unavailable as trouble:
        _put_off(row, str(trouble.what))
        return False
    except (_Refused, Refusal) as refusal:
        _give_up(row.id, str(refusal))
        return True
    _mark_sent(row.id)
    return True


def _hand_over(row: Update) -> None:
    code = row.link.code
    if row.file_id is not None and not _file_is_there(row):
        stored = files.info(row.file_id)
        content = files.read_clean(row.file_id)
        body = wire.result_file(name=stored.name, sha256=stored.sha256, content=content)
        _post(wire.results_path(code), body, key=f"{code}/{stored.sha256}")
    answer = _post(wire.statuses_path(code), row.said, key=f"{code}/{row.version}")
    if answer.body.get("version") != row.version:
        raise wire.senseless()


def _file_is_there(row: Update) -> bool:
    same = Update.objects.filter(link=row.link, file_id=row.file_id, state="sent")
    return same.exists()


def _post(path: str, body: dict[str, object], *, key: str) -> PeerAnswer:
    answer = peers.ask(surroundings.PEER, "POST", path, body=body, key=key)
    if answer.status < REFUSES:
        return answer
    if _has_newer(answer, body):
        return PeerAnswer(status=answer.status, body={"version": body.get("version")})
    raise _Refused(_reason(answer))


def _has_newer(answer: PeerAnswer, body: dict[str, object]) -> bool:
    """Say whether the portal has a later version already: then this one is past."""
    there, ours = answer.body.get("version"), body.get("version")
    newer = isinstance(there, int) and isinstance(ours, int) and there >= ours
    return answer.status == CONFLICT and newer


def _reason(answer: PeerAnswer) -> str:
    told = str(answer.body.get("error") or "không nêu lý do")[:300]
    return f"Cổng Dịch vụ công quốc gia từ chối (mã {answer.status}): {told}"


def _mark_sent(id: UUID) -> None:
    with transaction.atomic():
        row = _locked(id)
        had_trouble, row.trouble = bool(row.trouble), ""
        row.state, row.sent_at, row.next_try_at = "sent", clock.now(), None
        row.tries += 1
        row.save()
        left = Update.objects.filter(link=row.link).exclude(state="sent").exists()
        procedures.note_sync(id=row.link.dossier_id, state="waiting" if left else "synced")
        audit.record(
            actor=surroundings.HOUSE,
            act="national_portal.synced",
            subject=surroundings.subject(row.link),
            content={"code": row.link.code, "version": row.version, "status": row.status},
        )
    if had_trouble:
        # The portal is back: nobody waits for the end of a long pause.
        Update.objects.filter(state="waiting", next_try_at__gt=clock.now()).update(
            next_try_at=clock.now()
        )


def _put_off(row: Update, trouble: str) -> None:
    pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
    Update.objects.filter(id=row.id, state="sending").update(
        state="waiting",
        tries=row.tries + 1,
        trouble=trouble,
        next_try_at=clock.now() + pause,
    )


def _give_up(id: UUID, trouble: str) -> None:
    with transaction.atomic():
        row = _locked(id)
        row.state, row.trouble, row.next_try_at = "failed", trouble, None
        row.tries += 1
        row.save()
        procedures.note_sync(id=row.link.dossier_id, state="failed")
        audit.record(
            actor=surroundings.HOUSE,
            act="national_portal.sync_failed",
            subject=surroundings.subject(row.link),
            content={"code": row.link.code, "version": row.version, "trouble": trouble},
        )


def _locked(id: UUID) -> Update:
    return Update.objects.select_for_update(of=("self",)).select_related("link").get(id=id)
