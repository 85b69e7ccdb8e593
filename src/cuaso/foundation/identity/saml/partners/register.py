"""Enter a system into the list of those that may take our assertions."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.saml.models import Partner
from cuaso.foundation.identity.saml.partners.read_metadata import (
    Described,
    read_metadata,
    unknown_names,
)
from cuaso.foundation.identity.saml.terms import ATTRIBUTES
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

_LONGEST_NAME = 200


def apply_partner(
    *,
    actor: Actor,
    name: str,
    metadata: str,
    attributes: tuple[str, ...],
    contact: str = "",
) -> UUID:
    """Register a system that waits for an administrator's yes; raise Invalid or Conflict.

    Its requests must be signed, unless its metadata says that it signs none.
    """
    described = read_metadata(metadata)
    _check(name, attributes)
    row = _row(described, name=name.strip(), attributes=attributes)
    row.contact, row.agency_id = contact.strip()[:_LONGEST_NAME], actor.agency_id
    with transaction.atomic():
        live = [Partner.Status.WAITING, Partner.Status.APPROVED]
        if Partner.objects.filter(entity_id=row.entity_id, status__in=live).exists():
            raise Conflict(
                code="identity.partner_exists",
                what="Chưa đăng ký được hệ thống.",
                why="Hệ thống có mã thực thể này đã được đăng ký.",
                mend="Hãy khóa bản đăng ký đang có trước khi đăng ký lại.",
            )
        row.save(force_insert=True)
        audit.record(
            actor=actor,
            act="identity.partner_registered",
            subject=Subject(kind="identity.partner", id=row.id),
            content={
                "entity_id": row.entity_id,
                "name": row.name,
                "consumers": [address for _, address in described.consumers],
                "attributes": list(attributes),
            },
        )
    return row.id


def _check(name: str, attributes: tuple[str, ...]) -> None:
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise Invalid(
            code="identity.partner_unnamed",
            what="Chưa đăng ký được hệ thống.",
            why="Hệ thống chưa có tên, hoặc tên dài hơn 200 ký tự.",
            mend="Hãy đặt tên để người dùng nhận ra hệ thống.",
            problems=(Problem(field="name", say="Hãy đặt tên hệ thống, dài nhất 200 ký tự."),),
        )
    refusal = unknown_names(attributes, ATTRIBUTES)
    if refusal is not None:
        raise refusal


def _row(told: Described, *, name: str, attributes: tuple[str, ...]) -> Partner:
    return Partner(
        id=new_id(),
        entity_id=told.entity_id,
        name=name,
        status=Partner.Status.WAITING,
        certificates=list(told.certificates),
        encryption_certificate=told.encryption_certificate,
        consumers=[[index, address] for index, address in told.consumers],
        logout_redirect=told.logout_redirect,
        logout_post=told.logout_post,
        logout_soap=told.logout_soap,
        logout_answer=told.logout_answer,
        attributes=[one for one in ATTRIBUTES if one in attributes],
        signed_only=told.signs,
    )
