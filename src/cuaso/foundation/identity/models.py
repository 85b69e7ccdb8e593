"""Who may sign in. Who a person is stands in the directory."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from cuaso.foundation.identity.provider import models as provider
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
    provider.SpentProof,
)


class AccountStock(BaseUserManager["Account"]):
    """Finds accounts; a user name is kept in lower case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=self.model.normalize_username(username or "").lower())


class Account(AbstractBaseUser):
    """A way in for one person of the directory; carries no rights of its own."""

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
