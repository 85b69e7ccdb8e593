"""Tells the stories of packs on the real engines, by the very acts that people use.

Needs a furnished house with the keys of its leaders, a time stamp and a population register that
answer; and one to throw away, for signing stands outside transactions and cannot be taken back.
The house's tests have all of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from cuaso.declarations.forms import flatten
from cuaso.declarations.pack import Pack
from cuaso.declarations.procedures import Procedure
from cuaso.declarations.stories import Story
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Invalid
from cuaso.kernel.identifiers import new_id
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView, WalkIn

HOUSE = system("Cửa Số")
# Where officials of every role are, and who applies: invented, as all of a story is.
COMMUNE: Final = "21583"
APPLICANT: Final = {"name": "Nguyễn Thị Câu Chuyện", "personal_number": "052195000998"}
REASON: Final = "Theo ví dụ của gói khai báo."
PAGE: Final = b"%PDF-1.4\n%%EOF\n"


class Storyteller:
    """The runner of a dossier's acts."""

    @property
    def acts(self) -> frozenset[str]:
        return frozenset(ACTS)

    def run(self, story: Story, pack: Pack) -> Mapping[str, object]:
        """Carry out the story at its moment; return what came about.

        Raises the Refusal of an act that the house refuses.
        """
        with clock.at(_moment(story)):
            stage = Stage(story=story, procedure=_procedure(story, pack))
            for act, detail in _told(story):
                ACTS[act](stage, detail)
            return stage.outcome()


def _moment(story: Story) -> datetime:
    day, _, hour = story.on.partition(" ")
    at = time.fromisoformat(hour) if hour else time(8)
    return datetime.combine(datetime.fromisoformat(day).date(), at, tzinfo=clock.VIETNAM)


def _procedure(story: Story, pack: Pack) -> Procedure:
    found = pack.procedures.get(story.procedure or "")
    if found is None:
        raise Invalid(
            code="stories.no_procedure",
            what=f"Gói {pack.id} không có thủ tục “{story.procedure}”.",
            mend="Hãy sửa mục procedure của ví dụ.",
        )
    return found


def _told(story: Story) -> tuple[tuple[str, object], ...]:
    acts = ({act: None} if isinstance(act, str) else act for act in story.when)
    return tuple(next(iter(act.items())) for act in acts)


@dataclass
class Stage:
    """A story on its way: who plays, and the dossier once there is one."""

    story: Story
    procedure: Procedure
    id: UUID | None = None
    citizen: Actor = field(init=False)

    def __post_init__(self) -> None:
        person = directory.ensure_person(
            name=APPLICANT["name"],
            personal_number=APPLICANT["personal_number"],
            invented=True,
            actor=HOUSE,
        )
        self.citizen = Actor(kind="citizen", name=person.name, person_id=person.id)

    @property
    def channel(self) -> str:
        return str(self.story.given.get("channel", "online"))

    @property
    def code(self) -> str:
        return self.story.procedure or ""

    @property
    def dossier(self) -> UUID:
        if self.id is None:
            raise Invalid(
                code="stories.no_dossier",
                what="Ví dụ chưa có hồ sơ nào.",
                mend="Hãy bắt đầu ví dụ bằng việc “nộp hồ sơ”.",
            )
        return self.id

    def official(self, role: str, *, agency_id: UUID | None = None) -> Actor:
        """Return who holds a role in an agency or below it, the settling one if none is named."""
        agency_id = agency_id or self._settling(role)
        return directory.actor_for_post(directory.holders_below(agency_id, role)[0].post.id)

    def signing(self, role: str) -> Actor:
        """Return who holds a role in the agency that signs, the settling one if none is named."""
        signing = self.procedure.signing
        agency_id = directory.agency_on(signing.agency).id if signing else None
        return self.official(role, agency_id=agency_id)

    def _settling(self, role: str) -> UUID:
        if not self.procedure.competent.agency:
            return directory.competent_agency(COMMUNE, "commune").id
        agency = directory.agency_on(self.procedure.competent.agency)
        return directory.one_stop_centre(agency.id).id if role == "reception" else agency.id

    def desk_or_handler(self) -> Actor:
        return self.official("handler" if self.view().received_at else "reception")

    def view(self) -> DossierView:
        return procedures.dossier(id=self.dossier, actor=self.citizen)

    def values(self) -> dict[str, str | list[str]]:
        """Return the answers that the story gives, at a commune where officials are."""
        given: Any = self.story.given.get("form", {})
        place = self.procedure.competent.place
        values = flatten(given)
        if "sample" in given:
            seed = int(given["sample"])
            values = procedures.sample_values(code=self.code, seed=seed, channel=self.channel)
            values |= flatten(given.get("change", {}))
        return values | ({place: COMMUNE} if place else {})

    def outcome(self) -> Mapping[str, object]:
        """Return what `then` may ask for."""
        view = self.view()
        due = view.due.due_at
        return {
            "status": view.status_say.lower(),
            "steps": [work.element for work in view.works if work.done_at is None],
            "due": f"{due.astimezone(clock.VIETNAM):%Y-%m-%d %H:%M}" if due else "không có",
            "fee": view.fee_say,
            "number": view.result.number if view.result else "",
        }


def _submit(stage: Stage, _: object) -> None:
    if stage.channel != "online":
        stage.id = _take_paper(stage)
        return
    draft = procedures.start_draft(code=stage.code, actor=stage.citizen)
    draft = procedures.save_draft(id=draft.id, values=stage.values(), actor=stage.citizen)
    for component in draft.missing_components:
        scan = files.store_bytes(
            actor=stage.citizen, name="vi-du.pdf", media_type="application/pdf", content=PAGE
        )
        procedures.attach(id=draft.id, component=component, file_id=scan.id, actor=stage.citizen)
    done = procedures.submit(id=draft.id, key=str(draft.id), actor=stage.citizen)
    stage.id = done.dossier_id


def _take_paper(stage: Stage) -> UUID:
    walk_in = WalkIn(
        procedure_code=stage.code,
        applicant_personal_number=APPLICANT["personal_number"],
        applicant_name=APPLICANT["name"],
        values=stage.values(),
    )
    desk = stage.official("reception")
    return procedures.receive_walk_in(walk_in=walk_in, actor=desk, key=str(new_id())).id


def _receive(stage: Stage, _: object) -> None:
    # Paper at the counter is received in the act that takes it.
    if stage.view().received_at is None:
        procedures.receive(id=stage.dossier, actor=stage.official("reception"))


def _ask_supplement(stage: Stage, _: object) -> None:
    procedures.ask_supplement(
        id=stage.dossier, items=[REASON], reason=REASON, actor=stage.desk_or_handler()
    )


def _supplement(stage: Stage, _: object) -> None:
    procedures.supplement(id=stage.dossier, note=REASON, files=(), values={}, actor=stage.citizen)


def _refuse(stage: Stage, _: object) -> None:
    procedures.refuse(id=stage.dossier, reason=REASON, actor=stage.desk_or_handler())


def _examine(stage: Stage, detail: object) -> None:
    if detail not in (None, "propose"):
        raise Invalid(
            code="stories.strange_detail",
            what=f"Ví dụ thẩm tra với “{detail}” thì chưa biết làm gì.",
            mend="Hãy viết “thẩm tra: propose”, hoặc dùng việc riêng như “yêu cầu bổ sung”.",
        )
    procedures.propose(id=stage.dossier, values={}, note="", actor=stage.official("handler"))


def _confirm(stage: Stage, detail: object) -> None:
    procedures.confirm_draft(
        id=stage.dossier, accepted=detail in (None, "accept"), note=REASON, actor=stage.citizen
    )


def _number(stage: Stage, _: object) -> None:
    procedures.obtain_personal_number(id=stage.dossier, actor=HOUSE)


def _consult(stage: Stage, _: object) -> None:
    handler = stage.official("handler")
    asked, _name = procedures.consultable_agencies(id=stage.dossier, actor=handler)[0]
    procedures.consult(id=stage.dossier, agency_ids=[asked], question=REASON, actor=handler)


def _answer(stage: Stage, _: object) -> None:
    seen = procedures.dossier(id=stage.dossier, actor=stage.official("handler"))
    agencies = {agency.name: agency.id for agency in directory.agencies(on=clock.today())}
    for one in seen.consultations:
        if one.answered_at is None:
            procedures.answer_consultation(
                id=stage.dossier,
                consultation_id=one.id,
                answer=REASON,
                actor=stage.official("handler", agency_id=agencies[one.agency_name]),
            )


def _return(stage: Stage, _: object) -> None:
    signs = any(work.element == "approve" and work.done_at is None for work in stage.view().works)
    leader = stage.signing("leader") if signs else stage.official("leader")
    procedures.return_to_handler(id=stage.dossier, reason=REASON, actor=leader)


def _endorse(stage: Stage, _: object) -> None:
    procedures.endorse(id=stage.dossier, actor=stage.official("leader"))


def _approve(stage: Stage, _: object) -> None:
    procedures.approve(id=stage.dossier, actor=stage.signing("leader"))


def _seal(stage: Stage, _: object) -> None:
    procedures.seal(id=stage.dossier, actor=stage.signing("clerk"))


def _deliver(stage: Stage, _: object) -> None:
    # What was submitted online is delivered into the locker by the act that issues it.
    if any(work.element == "deliver" and work.done_at is None for work in stage.view().works):
        procedures.deliver(id=stage.dossier, actor=stage.official("reception"))


def _withdraw(stage: Stage, _: object) -> None:
    procedures.withdraw(id=stage.dossier, reason=REASON, actor=stage.citizen)


ACTS: Final[Mapping[str, Callable[[Stage, object], None]]] = {
    "nộp hồ sơ": _submit,
    "tiếp nhận": _receive,
    "yêu cầu bổ sung": _ask_supplement,
    "bổ sung hồ sơ": _supplement,
    "từ chối": _refuse,
    "thẩm tra": _examine,
    "xác nhận bản thảo": _confirm,
    "cấp số định danh": _number,
    "hỏi ý kiến": _consult,
    "trả lời ý kiến": _answer,
    "ký nháy": _endorse,
    "trả lại": _return,
    "phê duyệt": _approve,
    "đóng dấu": _seal,
    "trả kết quả": _deliver,
    "rút hồ sơ": _withdraw,
}
