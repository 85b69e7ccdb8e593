from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cuaso.kernel.identifiers import new_id


class Door(models.Model):
    """A second door held open for one reader: what they may see there, until when, and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hash = models.CharField(max_length=64, unique=True)
    facts = models.JSONField()
    purpose = models.CharField(max_length=300)
    purpose_code = models.CharField(max_length=40, blank=True)
    person_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.post_id} {self.until_at}"


class Lease(models.Model):
    """A right beyond one's post, for a time: asked for, decided, used, looked at again, ended."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ quyết định")
        GRANTED = "granted", _("Đã cấp")
        REFUSED = "refused", _("Không cấp")
        ENDED = "ended", _("Đã kết thúc")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    post_id = models.UUIDField()
    role = models.CharField(max_length=20)
    agency_id = models.UUIDField()
    reason = models.CharField(max_length=500)
    basis = models.CharField(max_length=300, blank=True)
    emergency = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices)
    asked_at = models.DateTimeField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_by_person_id = models.UUIDField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    check_date = models.DateField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="access_lease_has_a_term"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person_id", "until_at"], name="access_lease_person"),
            models.Index(fields=["agency_id", "state"], name="access_lease_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.state}"


class RolePair(models.Model):
    """Two roles that nobody holds together over one agency, from a day on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    one = models.CharField(max_length=20)
    other = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    unverified = models.BooleanField(default=False)
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="access_pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one} {self.other}"


class PairCheck(models.Model):
    """What was said of a person who holds both roles of a pair: why, and until when it is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    one = models.CharField(max_length=20)
    other = models.CharField(max_length=20)
    reason = models.CharField(max_length=500)
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=200)
    check_date = models.DateField()

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "one", "other"], name="access_pair_checked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.one} {self.other}"


class Mandate(models.Model):
    """Who may sign for whom: dated, with the decision that it rests on."""

    class Form(models.TextChoices):
        KT = "KT", _("Ký thay")
        TM = "TM", _("Thay mặt")
        TL = "TL", _("Thừa lệnh")
        TUQ = "TUQ", _("Thừa ủy quyền")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.CharField(max_length=3, choices=Form.choices)
    post_id = models.UUIDField()
    principal_post_id = models.UUIDField(null=True)
    agency_id = models.UUIDField()
    matters = ArrayField(models.CharField(max_length=120), default=list)
    basis = models.CharField(max_length=300)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(form="TUQ") | models.Q(until_at__isnull=False),
                name="access_mandate_tuq_has_a_term",
            ),
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(until_at__gt=models.F("from_at")),
                name="access_mandate_has_a_term",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["post_id"], name="access_mandate_post")]

    def __str__(self) -> str:
        return f"{self.form} {self.post_id}"


class SystemRule(models.Model):
    """What officials may do with the things that another system keeps: its policy, told to us."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    system = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    denies = models.BooleanField(default=False)
    acts = ArrayField(models.CharField(max_length=40))
    roles = ArrayField(models.CharField(max_length=20), default=list)
    reach = models.CharField(max_length=10)
    data_classes = ArrayField(models.CharField(max_length=40), default=list)
    purposes = ArrayField(models.CharField(max_length=40), default=list)
    say = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind"], name="access_rule_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class OutsideThing(models.Model):
    """A thing of another system as it describes it when it asks; nothing of it is kept."""

    id = models.CharField(primary_key=True, max_length=200)
    agency_id = models.UUIDField(null=True)
    owner_id = models.UUIDField(null=True)
    place_code = models.CharField(max_length=20)
    data_class = models.CharField(max_length=40)
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return self.id
