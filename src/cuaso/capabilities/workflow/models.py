"""Rows of the workflow engine."""

from django.db import models

from cuaso.kernel.identifiers import new_id


class Spec(models.Model):
    """The bytes of a drawing, once for all versions that share them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    xml = models.TextField()
    stored_at = models.DateTimeField()


class FlowVersion(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    spec = models.ForeignKey(Spec, on_delete=models.PROTECT, related_name="+")
    deployed_at = models.DateTimeField()
    deployed_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="workflow_version_once"),
        ]


class Instance(models.Model):
    """`state` is SpiffWorkflow's without the spec; its tasks are a list because jsonb
    forgets the order of keys and a child must be read after its parent.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    flow = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    status = models.CharField(max_length=12, default="running")
    version = models.PositiveIntegerField(default=0)
    state = models.JSONField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="workflow_instance_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="running", ended_at=None)
                | models.Q(status__in=["finished", "cancelled"], ended_at__isnull=False),
                name="workflow_instance_status",
            ),
        ]


class Waiting(models.Model):
    """A step from when its token came until it went: done by somebody, or withdrawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField()
    element = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    lane = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=8)
    message = models.CharField(max_length=200, blank=True, default="")
    operation = models.CharField(max_length=200, blank=True, default="")
    attached_to = models.CharField(max_length=120, blank=True, default="")
    since_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True, default="")
    done_by_person = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "token", "element"], name="workflow_token_once"
            ),
            models.CheckConstraint(
                condition=models.Q(done_at=None) | models.Q(withdrawn_at=None),
                name="workflow_waiting_one_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["instance", "since_at"],
                condition=models.Q(done_at=None, withdrawn_at=None),
                name="workflow_waiting_open",
            ),
        ]


class Due(models.Model):
    """A moment at which a timer of the drawing fires. `wake_at` is `due_at`, later after a
    failure; `trouble` says what failed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField()
    element = models.CharField(max_length=120)
    attached_to = models.CharField(max_length=120, blank=True, default="")
    due_at = models.DateTimeField()
    wake_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True, default="")
    fired_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "token", "element"], name="workflow_due_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["wake_at"],
                condition=models.Q(fired_at=None, withdrawn_at=None),
                name="workflow_due_open",
            ),
        ]
