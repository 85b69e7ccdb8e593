"""What single acts leave in a dossier, and what the next would write: questions, pauses ..."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a dossier stands after an act, for who needs no more of it."""

    id: UUID
    version: int
    tracking_code: str
    dossier_code: str
    status: int
    status_say: str


@dataclass(frozen=True, kw_only=True)
class ConsultationView:
    """A question to another agency with its own clock."""

    id: UUID
    agency_name: str
    question: str
    answer: str
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OpinionView:
    """What an official wrote beside the dossier."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ApologyView:
    """An apology to the applicant; with `due_at` it gave a new due moment."""

    said_at: datetime
    said_by: str
    reason: str
    sentence: str
    was_due_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PauseView:
    """A stretch in which the clock stood on a legal ground; no `resumed_at`: it still stands."""

    ground_say: str
    source: str
    document: str
    paused_at: datetime
    paused_by: str
    resumed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CaseChangeView:
    """A due moment that was reckoned anew by another case of the limit; `""` is the usual case."""

    was_case: str
    to_case: str
    limit_say: str
    reason: str
    source: str
    was_due_at: datetime
    due_at: datetime
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class LimitCaseView:
    """A declared case of the time limit; `code` chooses it, `current` holds now."""

    code: str
    label: str
    label_en: str
    limit_say: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class StopView:
    """Why and by whom a dossier was stopped."""

    ground_say: str
    source: str
    reason: str
    stopped_at: datetime
    stopped_by: str


@dataclass(frozen=True, kw_only=True)
class TransferView:
    """A dossier's way from one agency to another, and back when it was handed back."""

    from_name: str
    to_name: str
    reason: str
    moved_at: datetime
    moved_by: str
    handed_back_at: datetime | None
    hand_back_reason: str


@dataclass(frozen=True, kw_only=True)
class DuplicateView:
    """Another dossier of the same procedure for the same party or person. It warns, never blocks.

    `may_open`: the reader has a right to open it.
    """

    id: UUID
    code: str
    title: str
    status_say: str
    agency_name: str
    submitted_at: datetime
    may_open: bool


@dataclass(frozen=True, kw_only=True)
class ReplacedView:
    """An issued result that a later one corrects; in force until `replaced_at`."""

    id: UUID
    title: str
    number: str
    number_date: date | None
    signer: str
    issued_at: datetime | None
    reason: str
    replaced_at: datetime | None
    by_number: str


@dataclass(frozen=True, kw_only=True)
class GroundView:
    """A declared ground on which an act may stand; `unverified` where no law was read."""

    code: str
    label: str
    label_en: str
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class DeputyView:
    """One post that stands for another from a day to a day, both included, in `roles`."""

    id: UUID
    post_id: UUID
    absent_name: str
    absent_title: str
    deputy_post_id: UUID
    deputy_name: str
    deputy_title: str
    from_date: date
    until_date: date
    reason: str
    set_by: str
    in_force: bool
    roles: tuple[str, ...]
    roles_say: str


@dataclass(frozen=True, kw_only=True)
class RecordFact:
    """One field of a record that a result will write; `before` stands there today.

    `tentative`: number and day are given with the seal and may be others then.
    """

    label: str
    value: str
    before: str = ""
    problem: str = ""
    tentative: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordForeseen:
    """A record that a result will write into a registry, and why the registry will refuse it.

    `at_sealing`: written with the seal, which a refusal stops; else it follows the seal. `title` is
    the registry's, `""` where the record that is meant cannot be found.
    """

    title: str
    name: str = ""
    added: bool = True
    step: str = ""
    facts: tuple[RecordFact, ...] = ()
    refused: str = ""
    mend: str = ""
    at_sealing: bool = False


@dataclass(frozen=True, kw_only=True)
class PhonePaper:
    """One draft that a leader was asked for on the phone, and how its result stands now.

    `under_way`: it is held for this or another signature.
    """

    dossier_id: UUID
    subject: str
    result_say: str
    signed: bool
    under_way: bool


@dataclass(frozen=True, kw_only=True)
class PhoneAsk:
    """One consent asked of a leader on the phone; `sentence` says how far it is, `code` is what a
    SIM shows beside its question.
    """

    id: UUID
    state: str
    sentence: str
    asked_at: datetime
    ends_at: datetime
    over: bool
    papers: tuple[PhonePaper, ...]
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class CopyView:
    """One copy that was made of a result; `pages` are those of a part, "" for the whole."""

    file_id: UUID
    form: str
    pages: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, kw_only=True)
class SupplementView:
    """A request for a supplement: the complete list, once, with the reason.

    `binds`: a further request now may only repeat what this one listed.
    """

    items: tuple[str, ...]
    reason: str
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None
    note: str = ""
    binds: bool = False
