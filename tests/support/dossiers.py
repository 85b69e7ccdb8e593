"""Steps of a dossier's life as tests and benchmarks tell them; every step is an act of the api."""

from collections.abc import Callable, Iterable
from uuid import UUID

from cuaso.capabilities.exchange import api as exchange
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView, DraftView, Submitted
from cuaso.services.procedures.models import Work
from cuaso.wiring.processes import events

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)

BIRTH = {
    "request.office": "21583",
    "requester.full_name": "Võ Thị Hạ Lam",
    "requester.personal_number": "052196000122",
    "requester.relationship": "mother",
    "requester.residence.commune": "21583",
    "requester.residence.street": "12 Nguyễn Huệ",
    "requester.phone": "0900000122",
    "child.full_name": "Trần Võ An Nhiên",
    "child.birth_date": "02/10/2026",
    "child.sex": "female",
    "child.ethnic_group": "01",
    "child.nationality": "VN",
    "child.birth_place": "Bệnh viện Minh Hoạ, phường Quy Nhơn",
    "child.home_town": "phường Quy Nhơn, tỉnh Gia Lai",
    "child.proof": "notice",
    "child.surrogacy": "no",
    "parents.known": "both",
    "parents.married": "yes",
    "parents.marriage_number": "45/2024",
    "parents.marriage_date": "12/03/2024",
    "parents.marriage_agency": "UBND phường Quy Nhơn",
    "mother.full_name": "Võ Thị Hạ Lam",
    "mother.birth_date": "14/05/1996",
    "mother.personal_number": "052196000122",
    "mother.ethnic_group": "01",
    "mother.nationality": "VN",
    "mother.residence.commune": "21583",
    "mother.residence.street": "12 Nguyễn Huệ",
    "father.full_name": "Trần Văn Mẫu",
    "father.birth_date": "09/09/1994",
    "father.personal_number": "052094000123",
    "father.ethnic_group": "01",
    "father.nationality": "VN",
    "father.residence.commune": "21583",
    "father.residence.street": "12 Nguyễn Huệ",
    "pledge.agreed": "yes",
}


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
