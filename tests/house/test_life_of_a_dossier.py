"""KT-d5: whatever people do to a dossier, in any order, legal or not, its state stays sound."""

from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import ANONYMOUS, Actor
from cuaso.kernel.errors import Refusal
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.act_models import Apology, CaseChange, Pause, ReplacedResult
from cuaso.services.procedures.contracts import WalkIn
from cuaso.services.procedures.models import CodeCounter, Dossier, NumberBook, Result, Work
from tests.house.test_limit_cases import holder, submitted
from tests.support.answers import COPY, FATHER, MOTHER, QUY_NHON
from tests.support.dossiers import rows_of, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
REASON = "Vì lý do này của phép thử."
ENDED = {3, 7, 8, 10}
CENTRE, FORESTERS = "ttpvhcc-tinh-gia-lai", "chi-cuc-kiem-lam-gia-lai"
Act = Callable[[UUID, Actor, int | None], object]


def _officials(role: str, place: str = QUY_NHON) -> Actor:
    committee = directory.competent_agency(place, "commune")
    return directory.actor_for_post(directory.holders_below(committee.id, role)[0].post.id)


def _citizen(number: str) -> Actor:
    person = directory.find_person(number)
    return Actor(kind="citizen", name=person.name, person_id=person.id)


def _consult(id: UUID, actor: Actor, version: int | None) -> object:
    asked = _officials("handler", "21592").agency_id
    return procedures.consult(
        id=id, agency_ids=[asked], question=REASON, actor=actor, version=version
    )


def _answer(id: UUID, actor: Actor, version: int | None) -> object:
    seen = Dossier.objects.get(id=id).consultations.order_by("-asked_at", "-id").first()
    return procedures.answer_consultation(
        id=id,
        consultation_id=seen.id if seen else id,
        answer=REASON,
        actor=actor,
        version=version,
    )


def _transfer(id: UUID, actor: Actor, version: int | None) -> object:
    elsewhere = _officials("handler", "21592").agency_id
    return procedures.transfer(
        id=id, agency_id=elsewhere or id, reason=REASON, actor=actor, version=version
    )


ACTS: Mapping[str, Act] = {
    "receive": lambda id, a, v: procedures.receive(id=id, actor=a, version=v),
    "ask": lambda id, a, v: procedures.ask_supplement(
        id=id, items=["Giấy tờ"], reason=REASON, actor=a, version=v
    ),
    "ask nothing": lambda id, a, v: procedures.ask_supplement(
        id=id, items=[" "], reason="", actor=a, version=v
    ),
    "supplement": lambda id, a, _: procedures.supplement(
        id=id, note=REASON, files=[], values={}, actor=a
    ),
    "supplement nonsense": lambda id, a, _: procedures.supplement(
        id=id, note="", files=[], values={"pledge.agreed": "không rõ", "la": "x"}, actor=a
    ),
    "refuse": lambda id, a, v: procedures.refuse(id=id, reason=REASON, actor=a, version=v),
    "claim": lambda id, a, v: procedures.claim(id=id, actor=a, version=v),
    "assign": lambda id, a, v: procedures.assign(
        id=id, post_id=a.post_id or id, actor=a, version=v
    ),
    "opinion": lambda id, a, _: procedures.give_opinion(id=id, text=REASON, actor=a),
    "consult": _consult,
    "answer": _answer,
    "propose": lambda id, a, v: procedures.propose(id=id, values={}, note="", actor=a, version=v),
    "propose nonsense": lambda id, a, v: procedures.propose(
        id=id, values={"request.office": "52"}, note="", actor=a, version=v
    ),
    "confirm": lambda id, a, _: procedures.confirm_draft(id=id, accepted=True, note="", actor=a),
    "dispute": lambda id, a, _: procedures.confirm_draft(
        id=id, accepted=False, note=REASON, actor=a
    ),
    "return": lambda id, a, v: procedures.return_to_handler(
        id=id, reason=REASON, actor=a, version=v
    ),
    "approve": lambda id, a, v: procedures.approve(id=id, actor=a, version=v),
    "seal": lambda id, a, v: procedures.seal(id=id, actor=a, version=v),
    "deliver": lambda id, a, v: procedures.deliver(id=id, actor=a, version=v),
    "withdraw": lambda id, a, _: procedures.withdraw(id=id, reason=REASON, actor=a),
    "extend": lambda id, a, v: procedures.extend(
        id=id, reason=REASON, added="2 ngày làm việc", actor=a, version=v
    ),
    "extend nonsense": lambda id, a, v: procedures.extend(
        id=id, reason=REASON, added="mai", actor=a, version=v
    ),
    "pause": lambda id, a, v: procedures.pause(
        id=id, ground="force_majeure", document=REASON, actor=a, version=v
    ),
    "resume": lambda id, a, v: procedures.resume(id=id, actor=a, version=v),
    "stop": lambda id, a, v: procedures.stop(
        id=id, ground="dispute", reason=REASON, actor=a, version=v
    ),
    "transfer": _transfer,
    "hand back": lambda id, a, v: procedures.hand_back(id=id, reason=REASON, actor=a, version=v),
    "edit": lambda id, a, v: procedures.edit_draft(id=id, values={}, note="", actor=a, version=v),
    "correct": lambda id, a, v: procedures.correct_result(
        id=id, values={}, reason=REASON, actor=a, version=v
    ),
    "revoke": lambda id, a, v: procedures.revoke_result(
        id=id, ground="by_decision", reason=REASON, actor=a, version=v
    ),
    **{
        f"change to case {case}": lambda id, a, v, case=case: procedures.change_case(
            id=id, case=case, reason=REASON, actor=a, version=v
        )
        for case in ("0", "1", "2", "không rõ")
    },
    "delegate": lambda id, a, v: procedures.delegate(
        id=id, post_id=a.post_id or id, note="", actor=a, version=v
    ),
}
# These acts name no version: an applicant's, and a remark beside the dossier.
UNVERSIONED = {"supplement", "opinion", "confirm", "dispute", "withdraw"}
# At each step: who acts rightly, and with what.
RIGHT: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "receive": ("reception", ("receive", "receive", "ask", "refuse")),
    "wait_supplement": ("applicant", ("supplement",)),
    "examine": ("handler", ("propose", "propose", "propose", "ask", "consult", "refuse")),
    "wait_supplement_again": ("applicant", ("supplement",)),
    "consult": ("other handler", ("answer",)),
    "confirm_draft": ("applicant", ("confirm", "confirm", "dispute")),
    "approve": ("leader", ("approve", "approve", "return")),
    "seal": ("clerk", ("seal",)),
    "deliver": ("reception", ("deliver",)),
    "correct": ("handler", ("correct",)),
}
# What may be done beside the step where a dossier stands, by who settles it.
BESIDE = (
    *("extend", "pause", "resume", "stop", "transfer", "hand back", "edit", "correct", "revoke"),
    *("change to case 0", "change to case 1", "change to case 2"),
)
SETTLERS = ("handler", "leader", "other handler", "other leader")
WHO = (
    *("reception", "handler", "leader", "clerk", "applicant", "stranger", "guest"),
    *("other handler", "other leader", "other clerk"),
)


class Life(RuleBasedStateMachine):
    """One dossier; those of earlier examples lie beside it until the test ends."""

    id: UUID

    def __init__(self) -> None:
        super().__init__()
        self.people = {
            "applicant": _citizen(MOTHER),
            "stranger": _citizen(FATHER),
            "guest": ANONYMOUS,
            "other handler": _officials("handler", "21592"),
            "other leader": _officials("leader", "21592"),
            "other clerk": _officials("clerk", "21592"),
            "other reception": _officials("reception", "21592"),
            **{role: _officials(role) for role in ("reception", "handler", "leader", "clerk")},
        }

    @initialize(way=st.sampled_from(["online", "at the counter", "limit by case"]))
    def begin(self, way: str) -> None:
        self.asks_others = way == "online"
        if way == "online":
            self.id = submit_marital(self.people["applicant"]).dossier_id
        elif way == "at the counter":
            self._walk_in()
        else:
            office = {role: holder(FORESTERS, role) for role in ("handler", "leader", "clerk")}
            self.people |= {**office, "reception": holder(CENTRE, "reception")}
            self.id = submitted(self.people["applicant"], "none")

    def _walk_in(self) -> None:
        walk_in = WalkIn(
            procedure_code="2.000815",
            applicant_personal_number=MOTHER,
            applicant_name="Võ Thị Hạ Lam",
            values=COPY,
        )
        view = procedures.receive_walk_in(
            walk_in=walk_in, actor=self.people["reception"], key=str(new_id())
        )
        self.id = view.id

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """Do what the dossier waits for, one of the ways that stand open."""
        work = Work.objects.filter(dossier_id=self.id, done_at=None).order_by("off_flow").first()
        if work is None:
            return
        who, ways = RIGHT[work.element]
        ways = tuple(way for way in ways if way != "consult" or self.asks_others)
        if self._row().paused_say:
            who, ways = "handler", ("resume",)
        act = data.draw(st.sampled_from(ways))
        who = self._at_its_agency(who, work)
        assert self._do(act, who, version=self._row().version), f"{who} could not {act}"

    def _at_its_agency(self, who: str, work: Work) -> str:
        """Return who has the role where the dossier is now: it may have been sent on."""
        if who in ("applicant", "other handler"):
            return who
        if who == "reception":
            there = self.people["other reception"].agency_id
            return "other reception" if work.agency_id == there else who
        there = self.people["other handler"].agency_id
        return f"other {who}" if self._row().agency_id == there else who

    @rule(act=st.sampled_from(BESIDE), who=st.sampled_from(SETTLERS))
    def do_beside(self, act: str, who: str) -> None:
        self._do(act, who, version=self._row().version)

    @rule(
        act=st.sampled_from(sorted(ACTS)),
        who=st.sampled_from(WHO),
        behind=st.sampled_from([None, 0, 1]),
    )
    def anybody_does_anything(self, act: str, who: str, behind: int | None) -> None:
        version = None if behind is None else self._row().version - behind
        self._do(act, who, version=version)

    def _do(self, act: str, who: str, *, version: int | None) -> bool:
        """Do an act; a refused one must have changed nothing. Say whether it was done."""
        before, entries = self._everything(), len(self._entries())
        was = self._row().version
        refusal = self._refusal(act, who, version=version)
        if refusal is not None:
            assert refusal.what
            assert self._everything() == before
            return False
        # Issuing what came online delivers it into the locker as well: two acts.
        assert len(self._entries()) - entries == self._row().version - was
        assert self._row().version - was in ((1, 2) if act == "seal" else (1,))
        assert version in (None, was) or act in UNVERSIONED
        return True

    def _refusal(self, act: str, who: str, *, version: int | None) -> Refusal | None:
        try:
            ACTS[act](self.id, self.people[who], version)
        except Refusal as refusal:
            return refusal
        return None

    def _row(self) -> Dossier:
        return Dossier.objects.get(id=self.id)

    def _entries(self) -> list[str]:
        history = audit.history(Subject(kind="procedures.dossier", id=self.id))
        return [entry.act for entry in history if entry.act.startswith("procedures.")]

    def _everything(self) -> tuple[object, ...]:
        return (
            rows_of(self.id),
            self._entries(),
            list(CodeCounter.objects.values()),
            list(NumberBook.objects.values()),
        )

    @invariant()
    def it_stands_at_one_step_until_it_ends(self) -> None:
        row = self._row()
        open_works = Work.objects.filter(dossier=row, done_at=None)
        main = open_works.exclude(element="consult").count()
        asked = open_works.filter(element="consult").count()
        assert row.status in range(1, 11)
        of_flow = (main - open_works.filter(off_flow=True).count(), asked)
        assert of_flow == (0, 0) if row.status in ENDED else of_flow[0] + min(asked, 1) == 1
        assert (row.finished_at is not None) == (row.status in ENDED | {9})
        assert row.paused_at is None or row.status == 5 or row.paused_say
        paused = Pause.objects.filter(dossier=row, resumed_at=None).count()
        assert paused == (1 if row.paused_say else 0)
        assert Apology.objects.filter(dossier=row).count() <= 1

    @invariant()
    def a_correction_goes_on_only_after_the_end(self) -> None:
        row = self._row()
        beside = Work.objects.filter(dossier=row, off_flow=True, done_at=None)
        under_way = ReplacedResult.objects.filter(dossier=row, replaced_at=None).count()
        assert beside.exclude(element="deliver").count() == under_way
        assert under_way == 0 or row.status in (9, 10)

    @invariant()
    def codes_and_numbers_are_given_in_their_time(self) -> None:
        row = self._row()
        assert (row.dossier_code is not None) == (row.received_at is not None)
        result = Result.objects.filter(dossier=row).first()
        if result is not None:
            assert result.state in ("draft", "signed", "issued", "revoked", "cancelled")
            assert result.attempt is None
            issued = result.state in ("issued", "revoked")
            assert (result.number != "") == issued
            assert (result.signed_file_id is not None) == (issued or result.state == "signed")
            assert (result.locker_paper_id is not None) == issued
        corrected = ReplacedResult.objects.filter(dossier=row, replaced_at=None).exists()
        ended_well = result is not None and result.state in ("issued", "revoked")
        assert (row.status in (9, 10)) == (ended_well or corrected)

    @invariant()
    def each_change_of_the_case_goes_on_from_the_one_before(self) -> None:
        rows = list(CaseChange.objects.filter(dossier=self.id).order_by("changed_at", "id"))
        cases = ["", *(row.to_case for row in rows)]
        assert [row.was_case for row in rows] == cases[:-1]
        assert all(row.was_case != row.to_case for row in rows)
        assert all(min(row.was_due_at, row.due_at) > row.changed_at for row in rows)
        assert self._entries().count("procedures.case_changed") == len(rows)
        open_works = Work.objects.filter(dossier=self.id, done_at=None, off_flow=False)
        assert rows == [] or set(open_works.values_list("due_at", flat=True)) <= {
            self._row().due_at
        }

    @invariant()
    def the_ledger_has_one_entry_for_each_version(self) -> None:
        assert len(self._entries()) == self._row().version - 1


def test_a_dossier_stays_sound_whatever_anybody_does():
    # A few lives are enough each day; `./cuaso soak` lives hundreds.
    few = settings(
        max_examples=settings().max_examples // 12,
        stateful_step_count=16,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=few)
