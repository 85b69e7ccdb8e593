import hashlib
import secrets

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import ANONYMOUS
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import contracts
from cuaso.services.locker.logic import guard, read, viewing
from cuaso.services.locker.models import Paper


def check(*, code: str, second_fact: str) -> contracts.Verification:
    """Say whether a printed paper is genuine and in force.

    `second_fact` is the number printed on the paper. The answer never contains the document or
    the owner's name; a wrong code and a wrong number are answered alike.
    """
    code = code.strip().upper()
    target = hashlib.sha256(f"check:{code}".encode()).hexdigest()
    guard.refuse_when_tired(target=target)
    kept = Paper.objects.filter(verify_code=code).first()
    if kept is None or not _same_number(kept.number, second_fact):
        guard.note_failure(target=target)
        return contracts.Verification(
            ok=False,
            sentence="Không có giấy tờ nào khớp với mã và số này. "
            "Hãy kiểm tra lại mã dưới hình QR và số ghi trên giấy.",
        )
    _log(kept)
    return _answer(kept)


def _same_number(number: str, typed: str) -> bool:
    def bare(value: str) -> str:
        return "".join(value.split()).casefold()

    return bool(number) and secrets.compare_digest(bare(number).encode(), bare(typed).encode())


def _answer(kept: Paper) -> contracts.Verification:
    on = clock.today()
    return contracts.Verification(
        ok=read.in_force(kept, on=on),
        sentence=f"Giấy tờ do {kept.agency_name} cấp ngày {kept.issued_date:%d/%m/%Y}. "
        f"{viewing.validity(kept)}.{_why_revoked(kept)}",
        title=kept.title.rpartition(" – ")[0] or kept.title,
        agency_name=kept.agency_name,
        number=kept.number,
        issued_date=kept.issued_date,
    )


def _why_revoked(kept: Paper) -> str:
    return f" Lý do: {kept.revoked_reason.rstrip('.')}." if kept.revoked_at else ""


def _log(kept: Paper) -> None:
    with transaction.atomic():
        audit.log_look(
            actor=ANONYMOUS,
            person_id=kept.owner_id,
            subject=Subject(kind="locker.paper", id=kept.id),
            purpose="Kiểm tra giấy tờ bằng mã QR",
        )
