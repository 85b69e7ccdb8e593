"""Who may send people to us to sign in, and what was given to whom. Columns only."""

from typing import ClassVar

from django.db import models

from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id

HASH_BYTES = 32


class SigningKey(models.Model):
    """A key of ID tokens and logout tokens; its private half is encrypted.

    It is published at once, signs from `begins_at` until a later key of its algorithm begins,
    and stays published until the last token under it has ended. A withdrawn key does neither.
    """

    kid = models.CharField(max_length=64, primary_key=True)
    algorithm = models.CharField(max_length=10)
    public = models.JSONField()
    sealed = models.TextField()
    published_at = models.DateTimeField(default=now)
    begins_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class Client(models.Model):
    """A system that has people signed in here. Secrets are kept as SHA-256 of 256 random bits."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Chờ duyệt"
        APPROVED = "approved", "Đang dùng"
        REFUSED = "refused", "Bị từ chối"
        CLOSED = "closed", "Đã khóa"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client_id = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices)
    auth_method = models.CharField(max_length=40)
    secret_hash = models.BinaryField(null=True)
    old_secret_hash = models.BinaryField(null=True)
    old_secret_until = models.DateTimeField(null=True)
    jwks = models.JSONField(default=dict)
    jwks_uri = models.TextField(default="", blank=True)
    jwks_read_at = models.DateTimeField(null=True)
    certificate_thumbprints = models.JSONField(default=list)
    redirect_uris = models.JSONField(default=list)
    post_logout_redirect_uris = models.JSONField(default=list)
    backchannel_logout_uri = models.TextField(default="", blank=True)
    grant_types = models.JSONField(default=list)
    scopes = models.JSONField(default=list)
    serves = models.JSONField(default=list)
    may_call = models.JSONField(default=list)
    id_token_algorithm = models.CharField(max_length=10, default="RS256")
    first_party = models.BooleanField(default=False)
    pushed_only = models.BooleanField(default=False)
    bound_only = models.BooleanField(default=False)
    fapi = models.BooleanField(default=False)
    contact = models.CharField(max_length=200, default="", blank=True)
    agency_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True)


class SignOn(models.Model):
    """One session of a person over all systems: `id` is the `sid` of tokens.

    It hangs on the house's own session; without that row nothing below it is valid.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40)
    auth_at = models.DateTimeField()
    acr = models.CharField(max_length=60)
    amr = models.JSONField(default=list)
    started_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(default=now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["session_key"],
                condition=models.Q(ended_at=None),
                name="identity_one_sign_on",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "ended_at"], name="identity_sign_on_account")
        ]


class Grant(models.Model):
    """What one person, or nobody but the system itself, has given one client.

    An authorization code is a grant that nobody has fetched yet. Ending a grant ends the whole
    family of its tokens.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        "identity.Account", on_delete=models.CASCADE, related_name="+", null=True
    )
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="+", null=True)
    code_hash = models.BinaryField(null=True, unique=True)
    code_until = models.DateTimeField(null=True)
    code_used_at = models.DateTimeField(null=True)
    challenge = models.CharField(max_length=128, default="", blank=True)
    redirect_uri = models.TextField(default="", blank=True)
    nonce = models.TextField(default="", blank=True)
    scopes = models.JSONField(default=list)
    audience = models.JSONField(default=list)
    claims = models.JSONField(default=dict)
    capacity_key = models.CharField(max_length=60, default="", blank=True)
    key_thumbprint = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sign_on"], name="identity_grant_sign_on"),
            models.Index(fields=["created_at"], name="identity_grant_created"),
        ]


class Token(models.Model):
    """An access or refresh token, known by its SHA-256 alone.

    `bound` is the thumbprint of the key (`jkt:`) or certificate (`x5t:`) that must come with it.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", "Truy cập"
        REFRESH = "refresh", "Làm mới"

    hash = models.BinaryField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+")
    scopes = models.JSONField(default=list)
    audience = models.JSONField(default=list)
    bound = models.CharField(max_length=80, default="", blank=True)
    issued_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["expires_at"], name="identity_token_expires"),
        ]


class PushedRequest(models.Model):
    """An authorization request that was handed in before the browser came (RFC 9126)."""

    hash = models.BinaryField(primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    words = models.JSONField()
    key_thumbprint = models.CharField(max_length=64, default="", blank=True)
    by_client = models.BooleanField(default=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class DeviceRequest(models.Model):
    """A device that waits until its person has said yes on another one (RFC 8628)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device_hash = models.BinaryField(unique=True)
    user_code = models.CharField(max_length=12, unique=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    scopes = models.JSONField(default=list)
    audience = models.JSONField(default=list)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+", null=True)
    refused_at = models.DateTimeField(null=True)
    spent_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    interval_seconds = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField(db_index=True)


class Consent(models.Model):
    """What a person lets one system of others see, until they take it back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    scopes = models.JSONField(default=list)
    given_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "client"], name="identity_one_consent")
        ]


class LogoutNotice(models.Model):
    """A system that must hear that a session has ended; written in the ending's transaction."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="+")
    written_at = models.DateTimeField(default=now)
    next_try_at = models.DateTimeField(null=True, default=now)
    tries = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "sign_on"], name="identity_one_notice")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(told_at=None),
                name="identity_notice_due",
            )
        ]


class SystemCertificate(models.Model):
    """A certificate that the house's own authority has issued to a system, until it ends it."""

    thumbprint = models.CharField(max_length=64, primary_key=True)
    client_id = models.CharField(max_length=100)
    names = models.JSONField(default=list)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class SpentProof(models.Model):
    """The identifier of an assertion or a proof that must not come a second time."""

    hash = models.BinaryField(primary_key=True)
    expires_at = models.DateTimeField(db_index=True)
