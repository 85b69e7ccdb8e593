"""Steps of a dossier's life as tests and benchmarks tell them; every step is an act of the api."""

from collections.abc import Callable, Iterable
from uuid import UUID

from cuaso.capabilities.exchange import api as exchange
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.act_models import (
    Apology,
    CaseChange,
    Pause,
    ReplacedResult,
    Transfer,
)
from cuaso.services.procedures.contracts import DossierView, DraftView, Submitted
from cuaso.services.procedures.models import (
    Consultation,
    Dossier,
    Opinion,
    Paper,
    Result,
    SupplementRequest,
    Work,
)
from cuaso.wiring.processes import events
from tests.support.answers import BIRTH, MARITAL, PDF


def upload(actor: Actor, name: str = "giay-chung-sinh.pdf", content: bytes = PDF) -> UUID:
    """Store one small PDF as the actor would upload it."""
    stored = files.store(
        actor=actor,
        name=name,
        declared_type="application/pdf",
        chunks=[content],
        limit_bytes=5_000_000,
        allowed=frozenset({"application/pdf"}),
    )
    return stored.id


def submit_birth(actor: Actor, *, key: str = "k1", **changed: str) -> Submitted:
    """Fill, attach and submit a birth registration online; `child__sex` changes `child.sex`."""
    draft = procedures.start_draft(code="1.001193", actor=actor)
    return reach(draft, actor, key=key, **changed)


def reach(draft: DraftView, actor: Actor, *, key: str = "k1", **changed: str) -> Submitted:
    """Bring a begun birth registration to its submission."""
    values = {**BIRTH, **{path.replace("__", "."): value for path, value in changed.items()}}
    procedures.save_draft(id=draft.id, values=values, actor=actor)
    procedures.attach(id=draft.id, component="birth_notice", file_id=upload(actor), actor=actor)
    return procedures.submit(id=draft.id, key=key, actor=actor)


def submit_marital(actor: Actor, *, key: str = "k1", **changed: str) -> Submitted:
    """Fill and submit a wish for a confirmation of marital status; no paper is needed."""
    draft = procedures.start_draft(code="1.004873", actor=actor)
    values = {**MARITAL, **{path.replace("__", "."): value for path, value in changed.items()}}
    procedures.save_draft(id=draft.id, values=values, actor=actor)
    return procedures.submit(id=draft.id, key=key, actor=actor)


def bring_to_signature(dossier_id: UUID, applicant: Actor, official: Callable[..., Actor]) -> None:
    """Bring an online dossier to the leader's desk."""
    procedures.receive(id=dossier_id, actor=official("reception"))
    procedures.propose(id=dossier_id, values={}, note="", actor=official("handler"))
    procedures.confirm_draft(id=dossier_id, accepted=True, note="", actor=applicant)
    let_the_house_work()


def issue(dossier_id: UUID, applicant: Actor, official: Callable[..., Actor]) -> DossierView:
    """Bring an online dossier to its issued result."""
    bring_to_signature(dossier_id, applicant, official)
    procedures.approve(id=dossier_id, actor=official("leader"))
    return procedures.seal(id=dossier_id, actor=official("clerk"))


def rows_of(dossier_id: UUID) -> list[object]:
    """Return every row that an act on the dossier may change, to compare before and after."""
    return [
        list(model.objects.filter(**{path: dossier_id}).order_by("id").values())
        for model, path in (
            (Dossier, "id"),
            (Work, "dossier_id"),
            (Result, "dossier_id"),
            (Paper, "dossier_id"),
            (SupplementRequest, "dossier_id"),
            (Consultation, "dossier_id"),
            (Opinion, "dossier_id"),
            (Apology, "dossier_id"),
            (CaseChange, "dossier_id"),
            (Pause, "dossier_id"),
            (Transfer, "dossier_id"),
            (ReplacedResult, "dossier_id"),
        )
    ]


def let_the_house_work(turns: int = 6) -> None:
    """Deliver events and call the worker's loops until nothing moves."""
    for _ in range(turns):
        moved = sum(loop() or 0 for loop in _loops())
        if not moved:
            return


def _loops() -> Iterable[Callable[[], int | None]]:
    return (events.deliver, exchange.retry_due)


def open_steps(dossier_id: UUID) -> list[str]:
    """Return the elements at which a dossier stands, consultations among them."""
    open_works = Work.objects.filter(dossier_id=dossier_id, done_at=None)
    return list(open_works.order_by("since_at", "id").values_list("element", flat=True))


def see(dossier_id: UUID, actor: Actor) -> DossierView:
    return procedures.dossier(id=dossier_id, actor=actor)
