"""Papers that must last: asked for in the act that issues them, worked on by a job."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.signing.contracts import Archived, ArchivedXml, Lasting, Level
from cuaso.capabilities.signing.logic import lasting_refusals
from cuaso.capabilities.signing.logic.lasting.archive import archive, renew
from cuaso.capabilities.signing.logic.xml.archive import archive_xml, renew_xml
from cuaso.capabilities.signing.models import LastingPaper
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import PDF, XML
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Refusal
from cuaso.kernel.subjects import Subject

HOUSE = system("Cửa Số")
AT_ONCE = 20
# A worker that died gives a paper free again after this long.
CLAIM = timedelta(minutes=10)
# A new stamp that ends as early as the old one, by its authority's chain, gains nothing sooner.
AGAIN = timedelta(days=7)
ENDS_SOON = (
    "Dấu thời gian mới vẫn dựa vào thuật toán hoặc chứng thư sắp hết hạn của tổ chức cấp dấu; "
    "hệ thống đóng dấu lại sau 7 ngày."
)
HOPELESS: Final = frozenset(
    {
        "signing.not_signed",
        "signing.not_stamped",
        "signing.not_a_pdf",
        "signing.encrypted",
        "signing.xml_too_large",
    }
)
log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


def keep_lasting(*, file_id: UUID) -> None:
    """Have a signed PDF or XML made to last (B-LTA) by the next run of the job; asking twice is
    once.

    Belongs in the transaction of the act that issues the file; asks nobody itself.
    """
    now = clock.now()
    row = LastingPaper(file_id=file_id, latest_file_id=file_id, due_at=now, asked_at=now)
    LastingPaper.objects.bulk_create([row], ignore_conflicts=True)


def lasting(*, file_id: UUID) -> Lasting | None:
    """Return how far a file is, by its own id or its newest form's; None if nobody asked."""
    rows = LastingPaper.objects.filter(file_id=file_id)
    row = rows.first() or LastingPaper.objects.filter(latest_file_id=file_id).first()
    return info(row) if row else None


def latest_form(file_id: UUID) -> UUID:
    """Return the newest form of a file that was made to last, the file itself otherwise."""
    rows = LastingPaper.objects.filter(file_id=file_id)
    return rows.values_list("latest_file_id", flat=True).first() or file_id


def renewals(*, within: timedelta) -> tuple[Lasting, ...]:
    """Return papers whose last time stamp is to be renewed within a span, the first due first."""
    rows = LastingPaper.objects.filter(renew_by_at__lte=clock.now() + within)
    return tuple(info(row) for row in rows.order_by("renew_by_at", "id"))


def waiting_papers() -> tuple[Lasting, ...]:
    """Return papers that are not lasting yet, the oldest first, each with what hinders it."""
    return tuple(info(row) for row in LastingPaper.objects.exclude(level="B-LTA"))


def archive_due() -> int:
    """Make papers last, or renew them, whose time has come; return how many came further.

    What is refused stays as it is and says why. It comes again after a growing pause where an
    authority did not answer, and not at all where the file itself cannot last.
    """
    done = 0
    for row in _claimed():
        try:
            made = _made(row)
        except Refusal as refusal:
            _put_off(row, str(refusal), again=refusal.code not in HOPELESS)
            continue
        except Exception:  # one paper's odd bytes stop no other paper
            log.exception("The signed file %s could not be made to last.", row.latest_file_id)
            _put_off(row, str(lasting_refusals.paper_unreadable()), again=True)
            continue
        _take_in(row, made)
        done += 1
    return done


def info(row: LastingPaper) -> Lasting:
    levels: dict[str, Level] = {"B-LT": "B-LT", "B-LTA": "B-LTA"}
    return Lasting(
        file_id=row.file_id,
        latest_file_id=row.latest_file_id,
        level=levels.get(row.level, "B-T"),
        due_at=row.due_at,
        renew_by_at=row.renew_by_at,
        why=row.why,
    )


def _claimed() -> Iterator[LastingPaper]:
    """Return due papers, each claimed only when its turn comes: who dies holds up that one."""
    for _ in range(AT_ONCE):
        row = _claim_next()
        if row is None:
            return
        yield row


def _claim_next() -> LastingPaper | None:
    now = clock.now()
    with transaction.atomic():
        rows = LastingPaper.objects.select_for_update(skip_locked=True).filter(due_at__lte=now)
        row = rows.order_by("due_at", "id").first()
        if row is not None:
            LastingPaper.objects.filter(pk=row.pk).update(due_at=now + CLAIM)
    return row


def _made(row: LastingPaper) -> Archived | ArchivedXml:
    content, again = files.read_clean(row.latest_file_id), row.level == "B-LTA"
    if files.info(row.latest_file_id).media_type == XML:
        return renew_xml(xml=content) if again else archive_xml(xml=content)
    return renew(pdf=content) if again else archive(pdf=content)


def _take_in(row: LastingPaper, made: Archived | ArchivedXml) -> None:
    if isinstance(made, ArchivedXml):
        name, media_type, content = "luu-tru.xml", XML, made.xml
    else:
        name, media_type, content = "luu-tru.pdf", PDF, made.pdf
    stored = files.store_bytes(actor=HOUSE, name=name, media_type=media_type, content=content)
    renewed = row.level == "B-LTA"
    with transaction.atomic():
        row.latest_file_id, row.level = stored.id, made.level
        now = clock.now()
        useless = made.renew_by_at is not None and made.renew_by_at <= now
        row.renew_by_at = made.renew_by_at
        row.due_at = now + AGAIN if useless else made.renew_by_at
        row.algorithms, row.tries = list(made.algorithms), 0
        row.why = ENDS_SOON if useless else ""
        row.archived_at = now
        row.save()
        act = "signing.paper_renewed" if renewed else "signing.paper_archived"
        about = Subject(kind="signing.lasting", id=row.id)
        told = {
            "file_id": str(row.file_id),
            "latest_file_id": str(stored.id),
            "sha256": stored.sha256,
            "level": made.level,
        }
        audit.record(actor=HOUSE, act=act, subject=about, content=told)
        audit.publish(topic=act, subject=about, payload=told)


def _put_off(row: LastingPaper, why: str, *, again: bool) -> None:
    """Come again later. The ledger has it once a reason: not every try of a long outage."""
    pause = min(FIRST_WAIT * 2 ** min(row.tries, 12), LONGEST_WAIT)
    with transaction.atomic():
        changed = row.why != why
        row.tries, row.why, row.due_at = row.tries + 1, why, clock.now() + pause if again else None
        row.save(update_fields=["tries", "why", "due_at"])
        if changed:
            audit.record(
                actor=HOUSE,
                act="signing.archive_put_off",
                subject=Subject(kind="signing.lasting", id=row.id),
                content={"file_id": str(row.file_id), "level": row.level},
                reason=why,
            )
