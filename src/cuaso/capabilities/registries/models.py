"""What the engine keeps about registries. The registries' own tables are made from declarations:
`r_<pack>_<name>` holds what a record is, `h_…` what it was; see `logic/storing`.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from cuaso.capabilities.registries import work_models  # noqa: F401 Django finds tables here
from cuaso.capabilities.registries.logic.storing.declared import DeclaredField
from cuaso.kernel.identifiers import new_id


class Registry(models.Model):
    """`key` is `pack/name`; `table` never changes, whatever the registry is called later.

    `reshaped` counts how often a column got another kind or went: who writes by an older count is
    refused. A withdrawn registry rests in the bin; `emptied_at` is when its records were deleted.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=100, unique=True)
    table = models.CharField(max_length=50, unique=True)
    pack = models.CharField(max_length=40)
    owner_id = models.UUIDField()
    reshaped = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_why = models.TextField(blank=True)
    emptied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class Version(models.Model):
    """One declaration of a registry. A published one never changes; see the trigger.

    `hands` are the people and posts who wrote it: whoever approves is none of them. `replacements`
    say, by field and by value, what stands in the place of a value that a new type cannot hold.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        WAITING = "waiting"
        APPROVED = "approved"
        PUBLISHED = "published"
        RETIRED = "retired"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=new_id)
    registry = models.ForeignKey(Registry, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    declared = DeclaredField()
    replacements = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    made_by = models.CharField(max_length=200)
    made_by_post_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    approved_by = models.CharField(max_length=200, blank=True)
    approved_by_post_id = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    hands = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "number"], name="registries_version_number"
            ),
            models.UniqueConstraint(
                fields=["registry"], condition=Q(state="published"), name="registries_one_published"
            ),
            models.UniqueConstraint(
                fields=["registry"],
                condition=Q(state__in=["draft", "waiting", "approved"]),
                name="registries_one_in_the_making",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registry_id} {self.number}"


class Column(models.Model):
    """A column of a registry's table: made once, never renamed, binned before it is dropped.

    `dropped_at` is when it left the records, `forgotten_at` when it leaves their history too; the
    tables lose it a while later, when nobody works with it any more.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    registry = models.ForeignKey(Registry, on_delete=models.PROTECT, related_name="columns")
    path = models.CharField(max_length=130)
    name = models.CharField(max_length=63)
    kind = models.CharField(max_length=60)
    binned_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registry", "name"], name="registries_column_name")
        ]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """One act on records of one registry: who, when, what, why, from what.

    `tx` is the database's own number of the transaction: the feed gives changes in its order and
    stays below transactions that still run, so that no late commit is missed.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    position = models.BigIntegerField(db_default=models.Func(function="registries_next_change"))
    tx = models.BigIntegerField(db_default=models.Func(function="registries_current_tx"))
    registry = models.ForeignKey(Registry, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=20)
    actor_kind = models.CharField(max_length=20)
    actor_name = models.CharField(max_length=200)
    person_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    agency_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    origin = models.CharField(max_length=20)
    origin_id = models.CharField(max_length=100, blank=True)
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="undone")
    records = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["registry", "tx", "position"], name="registries_feed"),
            models.Index(fields=["registry", "-at"], name="registries_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.id}"


class Epoch(models.Model):
    """One row: another number with every published version, never one that was there before.

    Processes compare it with that of the set which they hold.
    """

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Draft(models.Model):
    """An unfinished form of one official: saved, and returned to later."""

    id = models.UUIDField(primary_key=True, default=new_id)
    registry = models.ForeignKey(Registry, on_delete=models.CASCADE, related_name="drafts")
    record_id = models.UUIDField(null=True)
    post_id = models.UUIDField()
    texts = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "post_id", "record_id"],
                nulls_distinct=False,
                name="registries_one_draft",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SavedView(models.Model):
    """A list as somebody wants to see it again: query words of the list's address."""

    id = models.UUIDField(primary_key=True, default=new_id)
    registry = models.ForeignKey(Registry, on_delete=models.CASCADE, related_name="views")
    post_id = models.UUIDField()
    agency_id = models.UUIDField(null=True)
    title = models.CharField(max_length=100)
    query = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "post_id", "title"], name="registries_view_title"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Batch(models.Model):
    """One sheet brought in: what was read, with what outcome, and the change that it made."""

    class State(models.TextChoices):
        READ = "read"
        DONE = "done"
        UNDONE = "undone"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id)
    registry = models.ForeignKey(Registry, on_delete=models.PROTECT, related_name="batches")
    change = models.ForeignKey(Change, on_delete=models.PROTECT, null=True, related_name="batches")
    post_id = models.UUIDField(null=True)
    agency_id = models.UUIDField(null=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.READ)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    answer = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=None, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rows__gte=F("added")), name="registries_batch_counts"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class SheetMapping(models.Model):
    """How an agency's own sheets are read: its headings and its codes, said once, used monthly."""

    id = models.UUIDField(primary_key=True, default=new_id)
    registry = models.ForeignKey(Registry, on_delete=models.CASCADE, related_name="mappings")
    agency_id = models.UUIDField()
    columns = models.JSONField(default=dict)
    codes = models.JSONField(default=dict)
    saved_by = models.CharField(max_length=200)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "agency_id"], name="registries_one_sheet_mapping"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Answer(models.Model):
    """What a program was answered under a key of its own, so that a repeated act is done once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    registry = models.ForeignKey(Registry, on_delete=models.CASCADE, related_name="answers")
    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    sent = models.CharField(max_length=64)
    answer = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "caller", "key"], name="registries_one_answer"
            )
        ]

    def __str__(self) -> str:
        return self.key
