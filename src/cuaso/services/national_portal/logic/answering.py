"""What an applicant does later at the portal with a dossier that they submitted there."""

from collections.abc import Callable

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound, Unavailable
from cuaso.services.national_portal.contracts import Receipt, Sealed
from cuaso.services.national_portal.logic import arrivals, party, surroundings
from cuaso.services.national_portal.models import Link
from cuaso.services.procedures import api as procedures


def link_of(code: str) -> Link:
    """Return the dossier that was submitted there under a code; raise NotFound."""
    link = Link.objects.filter(code=code, origin="national").first()
    if link is None:
        raise NotFound(
            code="national_portal.dossier_unknown",
            what=f"Tỉnh không có hồ sơ nào mang mã {code} của Cổng Dịch vụ công quốc gia.",
            mend="Hãy kiểm tra mã, hoặc gửi lại hồ sơ trước.",
        )
    return link


def once(
    link: Link,
    *,
    kind: str,
    key: str,
    sha256: str,
    sealed: Sealed,
    act: Callable[[Actor], object],
) -> Receipt:
    """Do an act of the applicant once per message, in one transaction with its answer."""
    key = f"{link.code}/{key}"
    with transaction.atomic():
        row = arrivals.claim(kind, key, sha256=sha256, sealed=sealed)
        if row is not None:
            act(party.acting_again(link))
            given = receipt(link)
            arrivals.answer(row, given)
            audit.record(
                actor=surroundings.PORTAL,
                act=f"national_portal.{kind}_received",
                subject=surroundings.subject(link),
                content={"key": key, "sha256": sha256, "signed_with": row.key_id},
            )
            return given
    known = arrivals.known(kind, key, sha256=sha256)
    if known is None:
        raise Unavailable(
            code="national_portal.at_work", what="Thông điệp này đang được xử lý.",
            mend="Hãy gửi lại sau ít giây.",
        )  # fmt: skip
    return known


def receipt(link: Link) -> Receipt:
    """Return what the portal is answered of a dossier as it stands now."""
    facts = procedures.sync_facts(link.dossier_id)
    return Receipt(
        code=link.code, tracking_code=facts.tracking_code, status=facts.status, at=clock.now()
    )
