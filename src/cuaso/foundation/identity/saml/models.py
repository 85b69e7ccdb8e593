"""Who trusts our assertions (SAML 2.0), and whom we have spoken of to them. Columns only."""

from typing import ClassVar

from django.db import models

from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id


class AssertionKey(models.Model):
    """A key that signs messages, with its own certificate; the private half is encrypted.

    The certificate stands in our metadata at once and the key signs from `begins_at`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    certificate_pem = models.TextField()
    sealed = models.TextField()
    published_at = models.DateTimeField(default=now)
    begins_at = models.DateTimeField()
    until = models.DateTimeField()


class Partner(models.Model):
    """A system that takes our assertions, as its metadata and an administrator describe it."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Chờ duyệt"
        APPROVED = "approved", "Đang dùng"
        REFUSED = "refused", "Bị từ chối"
        CLOSED = "closed", "Đã khóa"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entity_id = models.CharField(max_length=1024)
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices)
    certificates = models.JSONField(default=list)
    encryption_certificate = models.TextField(default="", blank=True)
    consumers = models.JSONField(default=list)
    logout_redirect = models.TextField(default="", blank=True)
    logout_post = models.TextField(default="", blank=True)
    logout_soap = models.TextField(default="", blank=True)
    logout_answer = models.TextField(default="", blank=True)
    attributes = models.JSONField(default=list)
    signed_only = models.BooleanField(default=True)
    contact = models.CharField(max_length=200, default="", blank=True)
    agency_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["entity_id"],
                condition=models.Q(status__in=["waiting", "approved"]),
                name="identity_one_partner",
            )
        ]


class PartnerName(models.Model):
    """By what name one partner knows one account: random, and another one at each partner."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64, unique=True)
    given_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "account"], name="identity_one_partner_name")
        ]


class ParkedSignIn(models.Model):
    """A partner's request that waits while its person signs in; good for one answer."""

    hash = models.BinaryField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    request_id = models.CharField(max_length=256)
    consumer = models.TextField()
    relay_state = models.TextField(default="", blank=True)
    prompt = models.JSONField(default=list)
    contexts = models.JSONField(default=list)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class PartnerSession(models.Model):
    """A sign-on that a partner has been told of; `id` is the SessionIndex that it knows.

    A row whose sign-on has ended and whose `told_at` is empty is a notice that is still owed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    sign_on = models.ForeignKey("identity.SignOn", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64)
    begun_at = models.DateTimeField(default=now)
    told_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, default=now)
    trouble = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partner", "sign_on"], name="identity_one_partner_session"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(told_at=None),
                name="identity_partner_owed",
            )
        ]


class LeaveWalk(models.Model):
    """A browser on its way from partner to partner to sign its person out at each.

    `asked` is the partner whose answer is awaited, `origin` the partner that began it all,
    `then` where the browser goes at last when no partner did.
    """

    hash = models.BinaryField(primary_key=True)
    sign_on = models.ForeignKey("identity.SignOn", on_delete=models.CASCADE, related_name="+")
    asked = models.ForeignKey(PartnerSession, on_delete=models.CASCADE, related_name="+", null=True)
    message_id = models.CharField(max_length=64, default="", blank=True)
    origin = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+", null=True)
    origin_request = models.CharField(max_length=256, default="", blank=True)
    origin_relay = models.TextField(default="", blank=True)
    left_out = models.JSONField(default=list)
    then = models.TextField(default="", blank=True)
    expires_at = models.DateTimeField(db_index=True)
