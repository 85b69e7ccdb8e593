from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from cuaso.kernel.identifiers import new_id
from cuaso.services.procedures import act_models  # noqa: F401 Django finds tables here

# Of a procedure's version: read once a process (`matter.declared`), or where a paper is drawn.
LARGE = ("declaration", "templates", "words", "folded")
LARGE_OF_PROCEDURE = tuple(f"procedure__{name}" for name in LARGE)


class ProcedureVersion(models.Model):
    """One row a procedure as one decision made it, from one day on; it never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=20)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    decision = models.CharField(max_length=120)
    title = models.TextField()
    title_en = models.TextField(blank=True)
    field = models.CharField(max_length=120)
    level = models.CharField(max_length=10)
    pack = models.CharField(max_length=60)
    # JSON as text: jsonb would forget the order in which sections, fields and papers are read.
    declaration = models.TextField()
    templates = models.JSONField(default=dict)
    law = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    folded = models.TextField()
    words = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "from_date", "sha256"], name="procedures_version_once"
            )
        ]
        indexes = [
            models.Index(fields=["code", "-from_date"], name="procedures_version_code"),
            GinIndex(fields=["words"], name="procedures_version_words"),
        ]


class Stamp(models.Model):
    """One row: a value that triggers renew with every new version of a procedure."""

    value = models.UUIDField(default=new_id)

    def __str__(self) -> str:
        return str(self.value)


class Draft(models.Model):
    """One row a form that somebody fills; it becomes at most one dossier."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    party_id = models.UUIDField()
    values = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    prefilled_at = models.DateTimeField(null=True)
    prefill_say = models.TextField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    dossier = models.OneToOneField("Dossier", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-updated_at"], name="procedures_draft_person")
        ]


class Dossier(models.Model):
    """One row a dossier. It keeps the version of the procedure under which it was submitted.

    `person` acted, `party` is whose affair it is, `subject` is whom it concerns, `helper_post`
    helped at the counter. `status` is the national list of ten. `original_due_at` is the due
    moment before it was extended. `signing_agency` signs and issues what the settling `agency`
    proposes, NULL where that signs itself. `paused_say` is the legal ground on which the clock
    stands, "" while it runs or waits for a supplement. `been_at_ids`: the settling, receiving and
    signing agency, and each at which a step ever was; `matter.rows` writes it with each act.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    tracking_code = models.CharField(max_length=24, unique=True)
    # NULL until receipt: "" would not be unique.
    dossier_code = models.CharField(max_length=60, unique=True, null=True)  # noqa: DJ001
    key = models.CharField(max_length=80, unique=True)
    status = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10)
    title = models.TextField()
    person_id = models.UUIDField()
    party_id = models.UUIDField()
    applicant_name = models.TextField()
    subject_id = models.UUIDField(null=True)
    subject_name = models.TextField(blank=True)
    helper_post_id = models.UUIDField(null=True)
    agency_id = models.UUIDField()
    received_agency_id = models.UUIDField(null=True)
    signing_agency_id = models.UUIDField(null=True)
    values = models.JSONField()
    sources = models.JSONField(default=dict)
    flow_instance_id = models.UUIDField(null=True)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_steps = models.JSONField(default=list)
    due_source = models.TextField(blank=True)
    original_due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_say = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)
    waiting_say = models.TextField(blank=True)
    closed_reason = models.TextField(blank=True)
    finance_state = models.CharField(max_length=12, default="none")
    delivery_state = models.CharField(max_length=12, default="none")
    sync_state = models.CharField(max_length=12, default="none")
    version = models.PositiveIntegerField(default=1)
    words = SearchVectorField(null=True)
    been_at_ids = ArrayField(models.UUIDField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["party_id", "-submitted_at"], name="procedures_dossier_party"),
            models.Index(fields=["person_id", "-submitted_at"], name="procedures_dossier_person"),
            models.Index(
                fields=["agency_id", "-submitted_at", "-id"], name="procedures_dossier_agency"
            ),
            models.Index(
                fields=["received_agency_id", "-submitted_at", "-id"],
                name="procedures_dossier_received",
            ),
            # An inspector's list knows no agency.
            models.Index(fields=["-submitted_at", "-id"], name="procedures_dossier_newest"),
            models.Index(
                fields=["agency_id"],
                condition=Q(status__in=[5, 6]),
                name="procedures_dossier_waiting",
            ),
            models.Index(
                fields=["received_agency_id"],
                condition=Q(status__in=[5, 6]),
                name="procedures_dossier_asked",
            ),
            models.Index(
                fields=["subject_id"],
                condition=~Q(subject_id=None),
                name="procedures_dossier_subject",
            ),
            models.Index(
                fields=["due_at", "agency_id"],
                condition=Q(finished_at=None, paused_at=None),
                name="procedures_dossier_running",
            ),
            models.Index(
                fields=["agency_id", "received_at", "id"],
                condition=~Q(received_at=None),
                name="procedures_dossier_settled_at",
            ),
            models.Index(
                fields=["received_agency_id", "received_at", "id"],
                condition=~Q(received_at=None),
                name="procedures_dossier_register",
            ),
            # Both together: words that half the province has are few at one agency.
            GinIndex(fields=["been_at_ids", "words"], name="procedures_dossier_words"),
        ]


class Paper(models.Model):
    """One row a paper in a draft or a dossier: a file, or a locker paper used again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, related_name="+")
    component = models.CharField(max_length=60)
    title = models.TextField()
    file_id = models.UUIDField()
    locker_paper_id = models.UUIDField(null=True)
    source_say = models.TextField(blank=True)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["draft"], name="procedures_paper_draft"),
            models.Index(fields=["dossier"], name="procedures_paper_dossier"),
        ]


class Work(models.Model):
    """One row a step that waits for a role in an agency (or for the applicant, or a machine).

    `post` holds it, `delegated_by` is the post that gave it away. `off_flow`: the flow does not
    know the step, because it corrects a result that was issued.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="works")
    task_id = models.UUIDField(unique=True)
    element = models.CharField(max_length=60)
    title = models.TextField()
    role = models.CharField(max_length=20)
    agency_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    delegated_by_id = models.UUIDField(null=True)
    off_flow = models.BooleanField(default=False)
    # The dossier's: an agency's steps are listed in the order of their dossiers.
    submitted_at = models.DateTimeField()
    since_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["agency_id", "role", "due_at", "id"],
                condition=Q(done_at=None),
                # So that counting what waits reads no rows.
                include=["post_id", "dossier"],
                name="procedures_work_queue",
            ),
            models.Index(fields=["dossier", "since_at"], name="procedures_work_dossier"),
            models.Index(
                fields=["agency_id", "-submitted_at", "-dossier"], name="procedures_work_newest"
            ),
            models.Index(fields=["agency_id", "-done_at"], name="procedures_work_done"),
        ]


class SupplementRequest(models.Model):
    """One row a request for a supplement: the complete list with its reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    items = models.JSONField()
    reason = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["dossier", "-asked_at"], name="procedures_supplement_ask")]

    def binds(self, dossier: Dossier) -> bool:
        """Say whether a further request may only repeat this one: the same side of reception
        asks again.
        """
        return dossier.received_at is None or self.asked_at >= dossier.received_at


class Consultation(models.Model):
    """One row a question to another agency; it has its own clock."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="consultations")
    agency_id = models.UUIDField()
    question = models.TextField()
    answer = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["agency_id", "due_at"],
                condition=Q(answered_at=None),
                name="procedures_consult_open",
            )
        ]


class Opinion(models.Model):
    """One row a remark that an official wrote beside the dossier."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    who = models.TextField()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "at"], name="procedures_opinion_dossier")]


class Result(models.Model):
    """One row a dossier's result on its way from draft to issue.

    States: draft → signing → signed → sealing → issued → revoked; or cancelled. `attempt` names
    the try whose token call is under way, so that a try that comes back too late changes nothing.
    The draft bears `drawn_name`, who held the post `drawn_post_id` when it was drawn.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="result")
    title = models.TextField()
    kind = models.CharField(max_length=60)
    values = models.JSONField()
    state = models.CharField(max_length=12, default="draft")
    attempt = models.UUIDField(null=True)
    attempt_at = models.DateTimeField(null=True)
    draft_file_id = models.UUIDField()
    drawn_post_id = models.UUIDField(null=True)
    drawn_name = models.TextField(blank=True)
    signed_file_id = models.UUIDField(null=True)
    final_file_id = models.UUIDField(null=True)
    signer_post_id = models.UUIDField(null=True)
    signer = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)
    book = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=60, blank=True)
    number_date = models.DateField(null=True)
    issued_at = models.DateTimeField(null=True)
    verify_code = models.CharField(max_length=20, unique=True)
    locker_paper_id = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(blank=True)
    revoked_ground = models.TextField(blank=True)
    revoked_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "number"],
                condition=~Q(number=""),
                name="procedures_result_number_once",
            )
        ]


class NumberBook(models.Model):
    """One row a book of numbers: agency × book × year; `last` was given last, without a gap."""

    agency_id = models.UUIDField()
    book = models.CharField(max_length=150)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "book", "year"], name="procedures_book_once"
            )
        ]


class CodeCounter(models.Model):
    """One row a series of dossier codes: agency code × day."""

    agency_code = models.CharField(max_length=40)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_code", "day"], name="procedures_counter_once")
        ]
