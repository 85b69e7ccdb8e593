"""What procedures show to others: frozen views, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from cuaso.services.procedures.act_contracts import (
    ApologyView,
    CaseChangeView,
    ConsultationView,
    DuplicateView,
    OpinionView,
    PauseView,
    ReplacedView,
    StopView,
    SupplementView,
    TransferView,
)

DueState = Literal["ok", "soon", "late", "paused", "done", "none"]


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A value that the law gives on a day; `unverified` where no official text was read.

    `say_en` is `""` where the declaration has no English for it.
    """

    say: str
    source: str
    unverified: bool = False
    say_en: str = ""


@dataclass(frozen=True, kw_only=True)
class ProcedureCard:
    """One procedure in a list of finds; `short_title` is how people say it."""

    code: str
    title: str
    short_title: str
    title_en: str
    field: str
    level: str
    online: str
    limit_say: str
    fee_say: str
    fee_say_en: str = ""


@dataclass(frozen=True, kw_only=True)
class LifeEvent:
    """A moment in a life ("Sinh con") and the procedures that belong to it."""

    id: str
    title: str
    title_en: str
    procedures: tuple[ProcedureCard, ...]


@dataclass(frozen=True, kw_only=True)
class ComponentView:
    """One paper of a dossier: what it is, when it is asked for, what may replace it."""

    id: str
    title: str
    note: str
    copies_say: str
    required: bool
    conditional: bool
    kind: str
    accepted: tuple[str, ...]
    replaced_by: str
    shown_only: bool = False
    title_en: str = ""


@dataclass(frozen=True, kw_only=True)
class ProcedureView:
    """A procedure as it stands on one day."""

    code: str
    title: str
    short_title: str
    title_en: str
    field: str
    level: str
    online: str
    audiences: tuple[str, ...]
    guide: tuple[str, ...]
    components: tuple[ComponentView, ...]
    limits: tuple[Cited, ...]
    fees: tuple[Cited, ...]
    legal: tuple[str, ...]
    result_title: str
    agency_say: str
    version_from: date
    decision: str
    unverified: int
    place_path: str = ""
    agency_say_en: str = ""
    result_title_en: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """A paper in a draft or a dossier; `state` is the file's (pending, clean, infected …)."""

    id: UUID
    component: str
    title: str
    file_id: UUID
    name: str
    media_type: str
    size: int
    state: str
    source_say: str


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """A draft as its owner fills it. `form` is what `declarations.forms.describe` gives.

    `moved`: sentences on places that were merged or split while the draft waited.
    """

    id: UUID
    procedure: ProcedureView
    form: object
    values: Mapping[str, object]
    papers: tuple[PaperView, ...]
    missing: tuple[str, ...]
    missing_components: tuple[str, ...]
    agency_name: str
    party_name: str
    updated_at: datetime
    prefilled_at: datetime | None
    prefill_say: str
    tracking_code: str = ""
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """The receipt of a submission; the same key always gives the same receipt."""

    dossier_id: UUID
    tracking_code: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DueView:
    """When a result is due and why: `steps` are the sentences of the reckoning."""

    state: DueState
    due_at: datetime | None
    remaining_say: str
    steps: tuple[str, ...] = ()
    source: str = ""
    original_due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One declared value with where it came from."""

    label: str
    value: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class FactGroup:
    """The facts of one section of a form."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """One act in a dossier's life, in plain words."""

    at: datetime
    who: str
    say: str
    detail: str = ""
    entry_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WorkView:
    """One step that waits for someone, or is done."""

    id: UUID
    element: str
    title: str
    role: str
    agency_name: str
    holder_name: str
    since_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    delegated_by_name: str = ""


@dataclass(frozen=True, kw_only=True)
class ActOffer:
    """An act that this actor may do now and its `fields`; `rare`: not of the step at hand."""

    act: str
    title: str
    main: bool = False
    rare: bool = False
    hint: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResultView:
    """The result as it becomes: draft, signed by the person, numbered and sealed, issued."""

    title: str
    state: str
    state_say: str
    number: str
    number_date: date | None
    signer: str
    signed_at: datetime | None
    issued_at: datetime | None
    file_id: UUID | None
    locker_paper_id: UUID | None
    verify_code: str
    revoked_at: datetime | None = None
    revoked_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing the house checked for the officer: ok, soon (look at it) or late (wrong)."""

    state: Literal["ok", "soon", "late"]
    say: str


@dataclass(frozen=True, kw_only=True)
class DossierView:
    """A dossier as this actor may see it.

    `together_with`: who submitted, where the reader only applies together with them. `on_paper`:
    required papers that the counter took without scanning them, shown to officials. Empty, where it
    does not arise: `signing_agency_name` (another agency signs), `delivery_say`, `sync_say`.
    """

    id: UUID
    tracking_code: str
    dossier_code: str
    procedure_code: str
    procedure_title: str
    title: str
    status: int
    status_say: str
    plain_say: str
    applicant_name: str
    party_name: str
    helper_name: str
    subject_name: str
    channel: str
    channel_say: str
    agency_name: str
    received_agency_name: str
    submitted_at: datetime
    received_at: datetime | None
    finished_at: datetime | None
    due: DueView
    facts: tuple[FactGroup, ...]
    papers: tuple[PaperView, ...]
    works: tuple[WorkView, ...]
    acts: tuple[ActOffer, ...]
    log: tuple[LogLine, ...]
    opinions: tuple[OpinionView, ...]
    checks: tuple[Check, ...]
    consultations: tuple[ConsultationView, ...]
    supplement: SupplementView | None
    result: ResultView | None
    drawing: str
    fee_say: str
    editable: Mapping[str, str | list[str]]
    why_visible: str
    needs_purpose: bool
    regime_say: str
    version: int
    apologies: tuple[ApologyView, ...] = ()
    pauses: tuple[PauseView, ...] = ()
    case_changes: tuple[CaseChangeView, ...] = ()
    stop: StopView | None = None
    transfers: tuple[TransferView, ...] = ()
    duplicates: tuple[DuplicateView, ...] = ()
    earlier_results: tuple[ReplacedView, ...] = ()
    co_applicants: tuple[str, ...] = ()
    together_with: str = ""
    signing_agency_name: str = ""
    on_paper: tuple[str, ...] = ()
    delivery_say: str = ""
    sync_say: str = ""


@dataclass(frozen=True, kw_only=True)
class TrackView:
    """What anyone who holds the code and the second fact may read: no personal content."""

    code: str
    procedure_title: str
    status_say: str
    plain_say: str
    agency_name: str
    submitted_at: datetime
    due: DueView
    log: tuple[LogLine, ...]


@dataclass(frozen=True, kw_only=True)
class DossierRow:
    """One line of a list of dossiers."""

    id: UUID
    code: str
    tracking_code: str
    title: str
    procedure_title: str
    applicant_name: str
    status: int
    status_say: str
    step: str
    holder_name: str
    due: DueView
    submitted_at: datetime
    channel_say: str
    mine: bool = False
    version: int = 0
    together_with: str = ""


@dataclass(frozen=True, kw_only=True)
class DossierPage:
    """One page of a keyset list; `next` is the cursor of the following page, empty at the end.

    views: name, title and count of each list; None where a count would read a whole large table.
    """

    rows: tuple[DossierRow, ...]
    next: str = ""
    count: int = 0
    capped: bool = False
    views: tuple[tuple[str, str, int | None], ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class WalkIn:
    """A person at the counter, with paper: who applied, who helped, whom it concerns."""

    procedure_code: str
    applicant_personal_number: str
    applicant_name: str
    applicant_phone: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    files: tuple[tuple[str, UUID], ...] = ()


@dataclass(frozen=True, kw_only=True)
class SyncFacts:
    """What another front may tell the applicant of a dossier: where it stands, no form value.

    `supplement_items` and `supplement_reason` belong to the open request; `result_file_id` is the
    signed and sealed file once it is issued.
    """

    id: UUID
    tracking_code: str
    dossier_code: str
    procedure_code: str
    status: int
    version: int
    agency_id: UUID
    submitted_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    reason: str = ""
    supplement_items: tuple[str, ...] = ()
    supplement_reason: str = ""
    result_state: str = ""
    result_title: str = ""
    result_number: str = ""
    result_date: date | None = None
    result_file_id: UUID | None = None
    sync_state: str = "none"
