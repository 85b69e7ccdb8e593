"""Enter a system into the list of those that may send people here."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import NewSystem, SystemDraft
from cuaso.foundation.identity.provider.clients.check_draft import check_draft
from cuaso.foundation.identity.provider.hashing import digest, fresh
from cuaso.foundation.identity.provider.models import Client
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Conflict
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject


def register_system(*, actor: Actor, draft: SystemDraft) -> NewSystem:
    """Register a system that may begin at once; raise Invalid or Conflict."""
    return _enter(actor=actor, draft=draft, status=Client.Status.APPROVED)


def apply_system(*, actor: Actor, draft: SystemDraft) -> NewSystem:
    """Register a system that waits for an administrator's yes (RFC 7591)."""
    return _enter(actor=actor, draft=draft, status=Client.Status.WAITING)


def _enter(*, actor: Actor, draft: SystemDraft, status: Client.Status) -> NewSystem:
    check_draft(draft)
    key = new_id()
    secret = fresh() if draft.auth_method.startswith("client_secret_") else ""
    row = _row(draft, key=key, secret=secret, status=status)
    with transaction.atomic():
        if Client.objects.filter(client_id=row.client_id).exists():
            raise Conflict(
                code="identity.system_exists",
                what="Chưa đăng ký được hệ thống.",
                why=f"Mã hệ thống “{row.client_id}” đã có.",
                mend="Hãy chọn mã khác, hoặc dùng hệ thống đang có.",
            )
        row.save(force_insert=True)
        audit.record(
            actor=actor,
            act="identity.system_registered",
            subject=Subject(kind="identity.client", id=key),
            content={
                "client": row.client_id,
                "name": draft.name,
                "status": status.value,
                "redirect_uris": list(draft.redirect_uris),
                "scopes": list(draft.scopes),
            },
        )
    return NewSystem(client_id=row.client_id, secret=secret, registered_at=row.created_at)


def _row(draft: SystemDraft, *, key: UUID, secret: str, status: Client.Status) -> Client:
    return Client(
        id=key,
        client_id=draft.client_id or str(key),
        name=draft.name,
        status=status,
        auth_method=draft.auth_method,
        secret_hash=digest(secret) if secret else None,
        jwks=dict(draft.jwks),
        jwks_uri=draft.jwks_uri,
        certificate_thumbprints=list(draft.certificate_thumbprints),
        redirect_uris=list(draft.redirect_uris),
        post_logout_redirect_uris=list(draft.post_logout_redirect_uris),
        backchannel_logout_uri=draft.backchannel_logout_uri,
        grant_types=list(draft.grant_types),
        scopes=list(draft.scopes),
        serves=list(draft.serves),
        may_call=list(draft.may_call),
        id_token_algorithm=draft.algorithm,
        first_party=draft.first_party,
        pushed_only=draft.pushed_only,
        bound_only=draft.bound_only,
        fapi=draft.fapi,
        contact=draft.contact,
        agency_id=draft.agency_id,
        decided_at=now() if status == Client.Status.APPROVED else None,
    )
