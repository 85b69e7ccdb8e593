"""Who may sign in. Who a person is stands in the directory."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from cuaso.foundation.identity.provider import models as provider
from cuaso.foundation.identity.saml import models as saml
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id

# Django looks for tables here alone; those of the OpenID provider stand in its own room.
PROVIDER_TABLES = (
    provider.SigningKey,
    provider.Client,
    provider.SignOn,
    provider.Grant,
    provider.Token,
    provider.PushedRequest,
    provider.DeviceRequest,
    provider.Consent,
    provider.LogoutNotice,
    provider.SystemCertificate,
    provider.SpentProof,
)

SAML_TABLES = (
    saml.AssertionKey,
    saml.Partner,
    saml.PartnerName,
    saml.ParkedSignIn,
    saml.PartnerSession,
    saml.LeaveWalk,
)


class AccountStock(BaseUserManager["Account"]):
    """Finds accounts; a user name is kept in lower case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=self.model.normalize_username(username or "").lower())


class Account(AbstractBaseUser):
    """A way in for one person of the directory; carries no rights of its own."""

    # When it was last used stands with its sessions, its browsers and in the ledger.
    last_login = None

    class Kind(models.TextChoices):
        CITIZEN = "citizen", "Công dân"
        OFFICIAL = "official", "Cán bộ"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    display_name = models.CharField(max_length=200)
    person_id = models.UUIDField()
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "person_id", "kind"]

    objects = AccountStock()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person_id", "kind"], name="identity_one_way_in"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["citizen", "official"]), name="identity_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")),
                name="identity_username_lower",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.display_name


class Counted(models.Model):
    """A row of Django's database cache: rate limits and spent codes, shared by all processes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "identity_counted"

    def __str__(self) -> str:
        return self.cache_key


class Tally(models.Model):
    """When something was tried under a name, as long as it counts; the name's SHA-256 alone.

    `tries` is how many counted at the last try, that one with them; `until` ends the row.
    """

    name_hash = models.BinaryField(primary_key=True)
    tries = models.IntegerField()
    moments = ArrayField(models.DateTimeField(), default=list)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return bytes(self.name_hash).hex()


class PersonCertificate(models.Model):
    """A certificate that its owner has shown and wants to sign in with; known by its SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    thumbprint = models.CharField(max_length=64)
    subject = models.TextField()
    issuer = models.TextField()
    certificate_pem = models.TextField(default="", blank=True)
    valid_until = models.DateTimeField()
    warned_days = models.PositiveSmallIntegerField(null=True)
    added_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["thumbprint"],
                condition=models.Q(ended_at=None),
                name="identity_one_certificate",
            )
        ]

    def __str__(self) -> str:
        return self.subject


class CertifiedSession(models.Model):
    """A session that stands on a certificate: it ends when the certificate is revoked."""

    session_key = models.CharField(max_length=40, primary_key=True)
    certificate = models.ForeignKey(PersonCertificate, on_delete=models.CASCADE, related_name="+")
    since_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.certificate_id)


class KnownCertificate(models.Model):
    """A certificate by which a connected system is known, and how far its end was told.

    `followed`: a later one of the same system and use stands beside it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    system_kind = models.CharField(max_length=20)
    system_id = models.UUIDField()
    use = models.CharField(max_length=10)
    thumbprint = models.CharField(max_length=64)
    until = models.DateTimeField()
    followed = models.BooleanField(default=False)
    warned_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["system_id", "use", "thumbprint"], name="identity_one_known_certificate"
            )
        ]

    def __str__(self) -> str:
        return self.thumbprint


class KnownDevice(models.Model):
    """A browser from which an account was entered; it keeps the mark, the house its SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    mark_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    first_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "mark_hash"], name="identity_one_device")
        ]

    def __str__(self) -> str:
        return self.name


class Recovery(models.Model):
    """A way back into an account, begun at a counter; nothing changes before `ready_at`."""

    class Kind(models.TextChoices):
        FACTORS = "factors", "Mất thiết bị xác thực"
        LINK = "link", "Đổi tài khoản VNeID"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    paper = models.CharField(max_length=100)
    begun_by = models.UUIDField()
    begun_at = models.DateTimeField(default=now)
    ready_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, default="", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(ended_at=None), name="identity_one_recovery"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.account_id}"


class Impersonation(models.Model):
    """An administrator who looks at the house with the eyes of an official of their agencies."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    post_id = models.UUIDField()
    session_key = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    begun_at = models.DateTimeField(default=now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "begun_at"], name="identity_impersonated")
        ]

    def __str__(self) -> str:
        return f"{self.by_id} as {self.account_id}"
