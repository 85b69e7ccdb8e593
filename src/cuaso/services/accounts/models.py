"""Rows of the accounts service."""

from django.db import models

from cuaso.kernel.identifiers import new_id


class RegisterCheck(models.Model):
    """One row an account: how it stands against the registers; `waiting` is asked again."""

    account_id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="waiting")
    differing = models.JSONField(default=list)
    businesses = models.PositiveSmallIntegerField(default=0)
    evidence_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="waiting"),
                name="accounts_check_due",
            ),
            models.Index(fields=["person_id"], name="accounts_check_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "agrees", "differs", "unknown"]),
                name="accounts_check_state",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.state}"


class Erasure(models.Model):
    """What was erased at a person's wish, and what stays by which law; no personal content."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    asked_at = models.DateTimeField()
    reason = models.TextField()
    erased = models.JSONField()
    kept = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["person_id", "asked_at"], name="accounts_erasure_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.asked_at}"
