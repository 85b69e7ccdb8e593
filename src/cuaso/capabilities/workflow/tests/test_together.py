"""Two officials at once, a process killed in between, and any legal way through the flow."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cuaso.capabilities.workflow import api, models
from cuaso.capabilities.workflow.tests.conftest import MOMENT, OFFICER, Desk
from cuaso.capabilities.workflow.tests.flows import BIRTH
from cuaso.capabilities.workflow.tests.outbox import events, payloads
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; an error is a result."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001 it is the result
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_officials_at_once_one_gets_a_conflict_and_nothing_is_doubled() -> None:
    api.deploy(key="birth", xml=BIRTH.encode(), actor=OFFICER)
    desk = Desk()
    task = desk.task("receive")
    act = lambda: api.complete(task_id=task.id, data={}, actor=OFFICER)  # noqa: E731
    results = at_once(act, act, act)
    refused = [r for r in results if isinstance(r, Conflict)]
    assert [r.code for r in refused] == ["workflow.step_closed"] * 2
    assert desk.see().revision == 2
    assert desk.open() == ["examine"]
    assert len(payloads("workflow.task_ready")) == 2


@pytest.mark.django_db(transaction=True)
def test_two_branches_at_once_both_count_and_the_join_opens_once() -> None:
    api.deploy(key="birth", xml=BIRTH.encode(), actor=OFFICER)
    desk = Desk()
    desk.do("receive")
    desk.do("examine", decision="approve")
    consult, number = desk.task("consult"), desk.task("personal_number")
    results = at_once(
        lambda: api.complete(task_id=consult.id, data={"opinion": "x"}, actor=OFFICER),
        lambda: api.complete(task_id=number.id, data={"number": "y"}, actor=OFFICER),
    )
    assert [r for r in results if isinstance(r, Exception)] == []
    assert desk.open() == ["approve"]
    assert {"opinion": "x", "number": "y"}.items() <= desk.see().data.items()


@pytest.mark.django_db(transaction=True)
def test_two_workers_fire_a_timer_once() -> None:
    api.deploy(key="birth", xml=BIRTH.encode(), actor=OFFICER)
    with clock.at(MOMENT):
        desk = Desk()
        desk.do("receive")
        desk.do("examine", decision="approve")
        desk.do("consult")
        desk.do("personal_number")

    def run() -> int:
        with clock.at(MOMENT + timedelta(days=3)):
            return api.run_due()

    assert sorted(str(result) for result in at_once(run, run)) == ["0", "1"]
    assert len(payloads("workflow.timer_fired")) == 1


@pytest.mark.django_db
def test_dying_in_the_middle_of_a_step_leaves_the_state_before_it(
    birth: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = everything(birth)
    monkeypatch.setattr(audit, "record", die)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        birth.do("receive")
    monkeypatch.undo()
    assert everything(birth) == before
    assert birth.do("receive").revision == 2


def everything(desk: Desk) -> list[Any]:
    kept = (models.Instance, models.Waiting, models.Due)
    rows: list[Any] = [list(model.objects.order_by("pk").values()) for model in kept]
    return [*rows, events(), audit.history(desk.subject)]


class AnyWay(RuleBasedStateMachine):
    """Whatever is legal is done in any order; a model of tokens says what must be open."""

    def __init__(self) -> None:
        super().__init__()
        self._undo = transaction.atomic()
        self._undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undo.__exit__(None, None, None)

    @initialize()
    def submit(self) -> None:
        api.deploy(key="birth", xml=BIRTH.encode(), actor=OFFICER)
        self.desk = Desk()
        self.open = Counter({"receive": 1})
        self.ran_late = False
        self.moves = 0

    @precondition(lambda self: self.open)
    @rule(data=st.data(), decision=st.sampled_from(["approve", "supplement", "refuse", ""]))
    def do_some_open_step(self, data: st.DataObject, decision: str) -> None:
        element = data.draw(st.sampled_from(sorted(self.open)))
        by_message = element == "wait_supplement" and decision == "approve"
        if by_message:
            self.desk.hear("supplement_submitted", papers=1)
        else:
            self.desk.do(element, decision=decision)
        self.moves += 1
        self._expect(element, decision)

    def _expect(self, element: str, decision: str) -> None:
        del self.open[element]
        branches = {"consult", "personal_number"}
        after = {
            "receive": ["examine"],
            "examine": {"approve": sorted(branches), "supplement": ["wait_supplement"]}.get(
                decision, []
            ),
            "wait_supplement": ["examine"],
            "consult": [] if branches & set(self.open) else ["approve"],
            "personal_number": [] if branches & set(self.open) else ["approve"],
            "approve": ["seal"],
            "seal": [],
        }
        self.open.update(after[element])

    @precondition(lambda self: self.open)
    @rule()
    def time_passes(self) -> None:
        with clock.at(clock.now() + timedelta(days=30)):
            fired = api.run_due()
        assert fired == (1 if "approve" in self.open and not self.ran_late else 0)
        self.ran_late = self.ran_late or fired == 1
        self.moves += fired

    @precondition(lambda self: self.moves)
    @rule(data=st.data())
    def a_closed_step_stays_closed(self, data: st.DataObject) -> None:
        closed = [s for s in api.steps(self.desk.instance.id) if s.done_at]
        if not closed:
            return
        step = data.draw(st.sampled_from(closed))
        # A refusal fails the whole act that it is part of: this one is its own.
        with pytest.raises(Conflict), transaction.atomic():
            api.complete(task_id=step.id, data={}, actor=OFFICER)

    @invariant()
    def no_token_is_lost_or_doubled(self) -> None:
        seen = self.desk.see()
        assert Counter(task.element for task in seen.waiting) == self.open
        assert (seen.status == "finished") == (not self.open)
        assert seen.revision == self.moves + 1
        assert "role" in api.drawing(seen.id)


@pytest.mark.django_db(transaction=True)
def test_any_legal_way_neither_loses_nor_doubles_a_token() -> None:
    AnyWay.TestCase.settings = settings(
        max_examples=8,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    AnyWay.TestCase().runTest()
