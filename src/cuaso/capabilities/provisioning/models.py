"""Rows of provisioning: what other systems are shown, who they are, and how far they have it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from cuaso.kernel.identifiers import new_id


class System(models.Model):
    """A system outside that reads, or keeps, people and units. Its token lies here as a hash.

    `client_id` is its name at the OpenID provider, whose tokens with the scope `scim` it may show.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    agency_id = models.UUIDField(null=True)
    may_write = models.BooleanField(default=False)
    client_id = models.CharField(max_length=200, blank=True, default="")
    token_sha256 = models.CharField(max_length=64, unique=True)
    token_ends_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client_id"],
                condition=models.Q(ended_at=None, client_id__gt=""),
                name="provisioning_system_client",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Photo(models.Model):
    """One row an account whose holder lets connected systems show their face."""

    account_id = models.UUIDField(primary_key=True)
    file_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    consented_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)


class Entry(models.Model):
    """One person with an account, agency, unit or post, as it is shown outside.

    `said` is what a system said in its own words (see `logic.said`), `facts` what the house knows.
    `digest` is of all that is shown; `revision` orders changes for followers, `revised` is the
    digest at that revision. `gone_at`: shown no more.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=150)
    external_id = models.CharField(max_length=200, blank=True)
    person_id = models.UUIDField(null=True)
    title = models.CharField(max_length=200, blank=True)
    display_name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    active = models.BooleanField(default=True)
    agency_ids = ArrayField(models.UUIDField(), default=list)
    group_ids = ArrayField(models.UUIDField(), default=list)
    facts = models.JSONField(default=dict)
    said = models.JSONField(default=dict)
    folded = models.TextField()
    sort_key = models.TextField()
    made_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)
    revised = models.CharField(max_length=64, blank=True)
    revision = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "name"], name="provisioning_entry_name"),
            models.Index(fields=["kind", "folded"], name="provisioning_entry_folded"),
            models.Index(fields=["external_id"], name="provisioning_entry_external"),
            models.Index(fields=["email"], name="provisioning_entry_email"),
            models.Index(fields=["person_id"], name="provisioning_entry_person"),
            models.Index(fields=["revision"], name="provisioning_entry_revision"),
            models.Index(
                fields=["id"],
                condition=~models.Q(digest=models.F("revised")),
                name="provisioning_entry_unrevised",
            ),
            GinIndex(fields=["agency_ids"], name="provisioning_entry_agencies"),
            GinIndex(fields=["group_ids"], name="provisioning_entry_groups"),
        ]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """One row of the directory or of accounts that has changed, written by triggers in its act."""

    kind = models.CharField(max_length=8)
    subject_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Seen(models.Model):
    """One row: the last day whose beginnings and ends of posts have been looked at."""

    day = models.DateField()

    def __str__(self) -> str:
        return str(self.day)


class Follower(models.Model):
    """Somebody who is told of changes: an LDAP server or a system with SCIM.

    `revision` is how far it has everything. `secret` is the sealed token of its SCIM server.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    way = models.CharField(max_length=8)
    address = models.CharField(max_length=300)
    secret = models.TextField(blank=True)
    agency_id = models.UUIDField(null=True)
    revision = models.BigIntegerField(default=0)
    trouble = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Placed(models.Model):
    """Under which name a follower has an entry, and the digest of what it has."""

    follower = models.ForeignKey(Follower, on_delete=models.PROTECT, related_name="placed")
    entry_id = models.UUIDField()
    remote = models.CharField(max_length=400)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "entry_id"], name="provisioning_placed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.remote
