"""Anybody who holds a signed paper of a record asks whether it stands, by its number and code."""

import secrets
from collections.abc import Mapping
from typing import Final

from django.db import transaction

from cuaso.capabilities.registries.contracts import Verified
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.work_models import Paper
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import ANONYMOUS
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import nfc

BY: Final[Mapping[str, tuple[str, ...]]] = {
    "vi": ("Số giấy", "Mã xác minh"),
    "en": ("Number of the paper", "Verification code"),
}
SAY: Final = {
    "vi": "Số in ở đầu giấy, mã xác minh in cùng hình QR.",
    "en": "The number is at the head of the paper, the code is printed with the QR code.",
}
_LONGEST: Final = 200
_SAID: Final = {
    "vi": {
        "stands": "Giấy này do {agency} ban hành và đang có hiệu lực.",
        "ended": "Giấy này do {agency} ban hành nhưng không còn hiệu lực. {why}",
    },
    "en": {
        "stands": "This paper was issued by {agency} and is in force.",
        "ended": "This paper was issued by {agency} but is no longer in force. {why}",
    },
}
_TITLES: Final = {
    "vi": ("Giấy", "Số", "Ngày ban hành", "Người ký"),
    "en": ("Paper", "Number", "Issued on", "Signed by"),
}


def signs_some(built: Built) -> bool:
    """Say whether a registry declares papers that are signed."""
    return any(one.signer for one in built.declared.papers.values())


def verify_paper(built: Built, given: tuple[str, str], language: str) -> Verified | None:
    """Return what is said of a filed paper, None where none has both the number and the code."""
    number, code = (nfc(one)[:_LONGEST].replace("\0", "").strip() for one in given)
    bare = "".join(one for one in code.upper() if one.isalnum())
    filed = Paper.objects.filter(registry_id=built.id, number=number, filed_at__isnull=False)
    found = [one for one in filed[:50] if secrets.compare_digest(one.code.encode(), bare.encode())]
    if not found:
        return None
    paper = found[0]
    if paper.owner_id is not None:
        with transaction.atomic():
            audit.log_look(
                actor=ANONYMOUS,
                person_id=paper.owner_id,
                subject=Subject(kind="registries.paper", id=paper.id),
                purpose=f"Xác minh bằng số và mã ghi trên giấy: {paper.title}.",
                task=built.declared.title,
            )
    return _answer(built, paper, "en" if language == "en" else "vi")


def _answer(built: Built, paper: Paper, language: str) -> Verified:
    gone = built.live.objects.filter(pk=paper.record_id, row_gone=None).exists() is False
    ok = paper.state == Paper.State.FILED and not gone
    why = paper.ended_why or ("Bản ghi đã bị đưa ra khỏi sổ." if language == "vi" else "")
    said = _SAID[language]["stands" if ok else "ended"]
    day = f"{paper.issued_date:%d/%m/%Y}" if paper.issued_date else ""
    facts = (paper.title, paper.number, day, paper.signer)
    return Verified(
        ok=ok,
        state="stands" if ok else "ended",
        sentence=said.format(agency=directory.agency(paper.agency_id).name, why=why).strip(),
        facts=tuple((t, f) for t, f in zip(_TITLES[language], facts, strict=True) if f),
    )
