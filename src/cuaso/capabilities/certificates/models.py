"""The authority, the names it may certify, what it has issued, who asks. Columns only."""

from typing import ClassVar

from django.db import models

from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id


class Authority(models.Model):
    """The province's authority for systems; its private key lies in a provider of signing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    certificate_pem = models.TextField()
    provider = models.CharField(max_length=16)
    handle = models.CharField(max_length=90)
    begun_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    list_number = models.BigIntegerField(default=0)
    list_der = models.BinaryField(null=True)
    list_made_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(ended_at=None),
                name="certificates_one_authority",
            )
        ]


class Name(models.Model):
    """A DNS name that may be certified, and for which system."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=253)
    client_id = models.CharField(max_length=100)
    contact = models.CharField(max_length=200, default="", blank=True)
    added_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(ended_at=None), name="certificates_one_name"
            )
        ]


class ExternalKey(models.Model):
    """The public name of a key with which one system may open one ACME account; the key itself
    is derived, not kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kid = models.CharField(max_length=40, unique=True)
    client_id = models.CharField(max_length=100)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class AcmeAccount(models.Model):
    """Who asks by ACME: known by the thumbprint of a key. `client_id`: a system's own account, for
    its own names alone; `""` for an account that proves names only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thumbprint = models.CharField(max_length=64, unique=True)
    jwk = models.JSONField()
    contact = models.JSONField(default=list)
    client_id = models.CharField(max_length=100, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)


class Certificate(models.Model):
    """An issued certificate; `serial` in lower-case hexadecimal without leading zeros."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(AcmeAccount, on_delete=models.PROTECT, related_name="+", null=True)
    serial = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    client_id = models.CharField(max_length=100)
    way = models.CharField(max_length=8)
    certificate_pem = models.TextField()
    thumbprint = models.CharField(max_length=64, unique=True)
    valid_from_at = models.DateTimeField()
    valid_to_at = models.DateTimeField(db_index=True)
    issued_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(max_length=32, default="", blank=True)
    warned_days = models.PositiveSmallIntegerField(null=True)


class AcmeOrder(models.Model):
    """A certificate that an account wants; each name is proven by one challenge."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(AcmeAccount, on_delete=models.CASCADE, related_name="+")
    names = models.JSONField()
    client_id = models.CharField(max_length=100)
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="+", null=True
    )
    finalized_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)


class AcmeChallenge(models.Model):
    """The proof of one name of an order: the authorization and its only challenge in one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(AcmeOrder, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=253)
    token = models.CharField(max_length=64)
    proven_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, default="", blank=True)


class AcmeNonce(models.Model):
    """A nonce that has been given out and not come back yet."""

    hash = models.BinaryField(primary_key=True)
    expires_at = models.DateTimeField(db_index=True)
