"""Turn rows into what a reader sees."""

from cuaso.kernel import clock
from cuaso.services.locker import contracts
from cuaso.services.locker.models import Paper, Share

LEGAL_VALUES = {
    "original": "Bản gốc điện tử, có giá trị như bản giấy",
    "certified_copy": "Bản sao điện tử được chứng thực",
    "copy": "Bản sao, chỉ để tham khảo",
}


def paper(row: Paper) -> contracts.Paper:
    """Return the owner's view of a kept paper."""
    return contracts.Paper(
        id=row.id,
        owner_id=row.owner_id,
        kind=row.kind,
        title=row.title,
        file_id=row.file_id,
        sha256=row.sha256,
        number=row.number,
        agency_name=row.agency_name,
        dossier_code=row.dossier_code,
        issued_date=row.issued_date,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        valid_say=validity(row),
        legal_value=row.legal_value,
        legal_value_say=LEGAL_VALUES[row.legal_value],
        signed_by=row.signed_by,
        verify_code=row.verify_code,
        kept_at=row.kept_at,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
        replaced_at=row.replaced_at,
        replaced_by_number=row.replaced_by_number,
    )


def validity(row: Paper) -> str:
    """Say in words whether the paper is in force today."""
    if row.revoked_at:
        return f"Đã bị thu hồi ngày {clock.legal_date(row.revoked_at):%d/%m/%Y}"
    if row.replaced_at:
        day = clock.legal_date(row.replaced_at)
        return f"Đã được thay bằng giấy số {row.replaced_by_number} ngày {day:%d/%m/%Y}"
    if row.valid_until is None:
        return "Không thời hạn"
    if row.valid_until < clock.today():
        return f"Đã hết hạn ngày {row.valid_until:%d/%m/%Y}"
    return f"Có giá trị đến hết ngày {row.valid_until:%d/%m/%Y}"


def share(row: Share, *, token: str = "") -> contracts.Share:
    """Return a link as its owner sees it; `token` only at the moment when it is made."""
    return contracts.Share(
        id=row.id,
        token=token,
        paper_id=row.paper_id,
        purpose=row.purpose,
        until=row.until_at,
        made_at=row.made_at,
        opened=row.opened,
        revoked_at=row.revoked_at,
        state_say=_state(row),
    )


def _state(row: Share) -> str:
    if row.revoked_at:
        return "Đã thu hồi"
    if row.until_at <= clock.now():
        return "Đã hết hạn"
    return "Đang mở"
