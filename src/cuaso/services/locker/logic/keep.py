from datetime import date
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import contracts
from cuaso.services.locker.logic import viewing
from cuaso.services.locker.models import Paper


def keep(
    *,
    owner_id: UUID,
    kind: str,
    title: str,
    file_id: UUID,
    provenance: contracts.Provenance,
    verify_code: str,
    valid_until: date | None,
    actor: Actor,
) -> contracts.Paper:
    """Keep a result in its owner's locker; the same dossier and kind are kept once.

    Source: decree 45/2020/NĐ-CP, articles 13 and 16.
    """
    with transaction.atomic():
        row, fresh = Paper.objects.get_or_create(
            dossier_id=provenance.dossier_id,
            kind=kind,
            owner_id=owner_id,
            replaced_at=None,
            defaults={
                "title": title,
                "file_id": file_id,
                "sha256": files.info(file_id).sha256,
                "number": provenance.number,
                "agency_id": provenance.agency_id,
                "agency_name": provenance.agency_name,
                "dossier_code": provenance.dossier_code,
                "issued_date": provenance.issued_date,
                "valid_from": provenance.issued_date,
                "valid_until": valid_until,
                "legal_value": provenance.legal_value,
                "signed_by": provenance.signed_by,
                "verify_code": verify_code,
                "kept_at": clock.now(),
            },
        )
        if fresh:
            signing.keep_lasting(file_id=file_id)
            subject = Subject(kind="locker.paper", id=row.id)
            audit.record(
                actor=actor,
                act="locker.kept",
                subject=subject,
                content={"title": title, "sha256": row.sha256, "number": row.number},
            )
            audit.publish(
                topic="locker.kept",
                subject=subject,
                payload={"owner_id": str(owner_id), "kind": kind},
            )
    return viewing.paper(row)
