"""Tell the plan: each invented dossier goes through the very acts that people use."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import structlog
from django.conf import settings
from PIL import Image, ImageDraw

from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Refusal
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView, WalkIn
from cuaso.wiring.demonstration.plan import Tale, tales

log = structlog.get_logger("cuaso.demonstration")
HOUSE = system("Cửa Số")
MOST_ACTS = 12


@dataclass
class Plan:
    """The rest of the plan in this process."""

    rest: Iterator[Tale] = field(default_factory=tales)


@cache
def _plan() -> Plan:
    return Plan()


def tell_next() -> int:
    """Tell the next invented dossier of a demonstration; return 0 when there is none.

    Started again it goes on where it stopped: whose person is known is told already.
    """
    if settings.MODE != "demo":
        return 0
    for tale in _plan().rest:
        if directory.find_person(tale.personal_number) is None:
            tell(tale)
            return 1
    return 0


def tell(tale: Tale) -> DossierView | None:
    """Tell one dossier at the moments of its plan; one that the house refuses is left out."""
    try:
        return Telling(tale).tell()
    except Refusal as refusal:
        log.info("tale left out", number=tale.number, reason=str(refusal))
        return None


class Telling:
    """One tale being told; the clock stands at the moment of each act."""

    def __init__(self, tale: Tale) -> None:
        self.tale = tale
        self.at = tale.at
        with clock.at(tale.at):
            person = directory.ensure_person(
                name=tale.applicant,
                personal_number=tale.personal_number,
                birth_date=tale.born,
                sex="female" if tale.female else "male",
                place_code=tale.commune,
                phone=f"09{tale.seed % 10**8:08d}",
                invented=True,
                actor=HOUSE,
            )
        self.citizen = Actor(kind="citizen", name=person.name, person_id=person.id)

    def tell(self) -> DossierView:
        """Submit and do act after act until the tale's fate, or its reach, is fulfilled."""
        with clock.at(self.at):
            view = self._submit()
        for number in range(MOST_ACTS):
            if self.tale.fate == "open" and number >= self.tale.reach:
                break
            element = next((work.element for work in view.works if work.done_at is None), "")
            if not element:
                break
            self.at = min(_later(self.at, self.tale.seed), clock.now())
            with clock.at(self.at):
                view = self._act(view, element, first=number == 0)
        return view

    def _act(self, view: DossierView, element: str, *, first: bool) -> DossierView:
        if first and self.tale.fate in ENDINGS:
            return ENDINGS[self.tale.fate](self, view)
        return ACTS[element](self, view)

    def official(self, role: str) -> Actor:
        """Return who holds a role below the commune's committee on the day of the act."""
        committee = directory.competent_agency(self.tale.commune, "commune")
        holders = directory.holders_below(committee.id, role)
        return directory.actor_for_post(holders[self.tale.seed % len(holders)].post.id)

    def _submit(self) -> DossierView:
        values = self._values()
        if self.tale.channel == "counter":
            walk_in = WalkIn(
                procedure_code=self.tale.procedure,
                applicant_personal_number=self.tale.personal_number,
                applicant_name=self.tale.applicant,
                values=values,
            )
            key = f"demo-{self.tale.number}"
            return procedures.receive_walk_in(
                walk_in=walk_in, actor=self.official("reception"), key=key
            )
        draft = procedures.start_draft(code=self.tale.procedure, actor=self.citizen)
        draft = procedures.save_draft(id=draft.id, values=values, actor=self.citizen)
        for component in draft.missing_components:
            procedures.attach(
                id=draft.id, component=component, file_id=self._scan(), actor=self.citizen
            )
        done = procedures.submit(id=draft.id, key=f"demo-{self.tale.number}", actor=self.citizen)
        return procedures.dossier(id=done.dossier_id, actor=self.citizen)

    def _values(self) -> dict[str, str | list[str]]:
        tale = self.tale
        values = procedures.sample_values(code=tale.procedure, seed=tale.seed, channel=tale.channel)
        own = {
            "request.office": tale.commune,
            "requester.full_name": tale.applicant,
            "requester.personal_number": tale.personal_number,
            "subject.full_name": tale.applicant,
            "subject.personal_number": tale.personal_number,
        }
        return {**values, **{path: text for path, text in own.items() if path in values}}

    def _scan(self) -> UUID:
        return files.store_bytes(
            actor=self.citizen,
            name="giay-to-minh-hoa.pdf",
            media_type="application/pdf",
            content=_scanned_page(),
        ).id


def _receive(tale: Telling, view: DossierView) -> DossierView:
    return procedures.receive(id=view.id, actor=tale.official("reception"))


def _propose(tale: Telling, view: DossierView) -> DossierView:
    return procedures.propose(id=view.id, values={}, note="", actor=tale.official("handler"))


def _confirm(tale: Telling, view: DossierView) -> DossierView:
    return procedures.confirm_draft(id=view.id, accepted=True, note="", actor=tale.citizen)


def _obtain_number(tale: Telling, view: DossierView) -> DossierView:
    procedures.obtain_personal_number(id=view.id, actor=HOUSE)
    return procedures.dossier(id=view.id, actor=tale.citizen)


def _approve(tale: Telling, view: DossierView) -> DossierView:
    return procedures.approve(id=view.id, actor=tale.official("leader"))


def _seal(tale: Telling, view: DossierView) -> DossierView:
    return procedures.seal(id=view.id, actor=tale.official("clerk"))


def _deliver(tale: Telling, view: DossierView) -> DossierView:
    return procedures.deliver(id=view.id, actor=tale.official("reception"))


def _supplement(tale: Telling, view: DossierView) -> DossierView:
    note = "Tôi đã bổ sung theo yêu cầu."
    return procedures.supplement(id=view.id, note=note, files=(), values={}, actor=tale.citizen)


def _ask_supplement(tale: Telling, view: DossierView) -> DossierView:
    role = "handler" if tale.tale.channel == "counter" else "reception"
    return procedures.ask_supplement(
        id=view.id,
        items=["Bản chụp rõ hơn của giấy tờ đã nộp"],
        reason="Bản chụp bị mờ, không đọc được số.",
        actor=tale.official(role),
    )


def _refuse(tale: Telling, view: DossierView) -> DossierView:
    role = "handler" if tale.tale.channel == "counter" else "reception"
    reason = "Hồ sơ không thuộc thẩm quyền giải quyết của xã, phường này."
    return procedures.refuse(id=view.id, reason=reason, actor=tale.official(role))


def _withdraw(tale: Telling, view: DossierView) -> DossierView:
    reason = "Tôi đã làm thủ tục này ở nơi khác."
    return procedures.withdraw(id=view.id, reason=reason, actor=tale.citizen)


Act = Callable[[Telling, DossierView], DossierView]
ACTS: dict[str, Act] = {
    "receive": _receive,
    "examine": _propose,
    "confirm_draft": _confirm,
    "personal_number": _obtain_number,
    "approve": _approve,
    "seal": _seal,
    "deliver": _deliver,
    "wait_supplement": _supplement,
    "wait_supplement_again": _supplement,
}
ENDINGS: dict[str, Act] = {
    "supplement": _ask_supplement,
    "refused": _refuse,
    "withdrawn": _withdraw,
}


def _later(at: datetime, seed: int) -> datetime:
    """Return a moment some office minutes later."""
    return at + timedelta(minutes=9 + seed % 17)


@cache
def _scanned_page() -> bytes:
    """Return a page that says that it is invented, as PDF."""
    page = Image.new("L", (620, 877), 255)
    ImageDraw.Draw(page).text((60, 80), "Giay to minh hoa - khong co that", fill=0)
    held = io.BytesIO()
    page.save(held, format="PDF")
    return held.getvalue()
