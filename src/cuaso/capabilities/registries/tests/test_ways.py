"""The drawn way of a record: who does which step, branches, conditions, what is refused."""

import shutil
from pathlib import Path

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries import jobs
from cuaso.capabilities.registries.tests.berths import (
    BERTH,
    KEY,
    QUAY,
    added,
    days_later,
    handler,
    leader,
    move,
    quay,
    seen,
    steps,
)
from cuaso.capabilities.registries.tests.conftest import official
from cuaso.capabilities.registries.work_models import Course, Turn
from cuaso.capabilities.workflow import api as workflow
from cuaso.declarations import packs
from cuaso.foundation.audit.contracts import Event
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed
from cuaso.kernel.subjects import Subject

__all__ = ["handler", "leader", "quay"]


def moves(id, actor: Actor) -> list[str]:
    return [one.name for one in seen(id, actor).moves]


def test_an_officer_examines_and_the_director_grants_a_short_stay(
    handler: Actor, leader: Actor
) -> None:
    record = added(handler)
    assert steps(record.id, handler) == [("Thẩm định đơn", "Chuyên viên của Sở", True)]
    assert moves(record.id, handler) == ["examine", "pull_out"]
    assert moves(record.id, leader) == []
    with pytest.raises(NotAllowed) as other:
        move(record.id, "examine", leader)
    assert other.value.code == "registries.not_your_move"
    with pytest.raises(NotAllowed):
        move(record.id, "grant", handler, granted_on="24/11/2026")
    with pytest.raises(Conflict) as early:
        move(record.id, "grant", leader, granted_on="24/11/2026")
    assert early.value.code == "registries.step_not_waiting"
    assert seen(record.id, handler).revision == 1

    move(record.id, "examine", handler)
    assert steps(record.id, leader) == [("Quyết định", "Lãnh đạo Sở", True)]
    assert moves(record.id, leader) == ["grant", "refuse"]
    with pytest.raises(Invalid):
        move(record.id, "grant", leader)
    assert steps(record.id, leader) == [("Quyết định", "Lãnh đạo Sở", True)]
    granted = move(record.id, "grant", leader, granted_on="24/11/2026")
    assert (granted.value("status"), granted.value("granted_on")) == ("cap", "2026-11-24")
    assert granted.turns == ()
    assert granted.moves == ()
    course = Course.objects.get(record_id=record.id)
    assert course.ended_at is not None
    assert workflow.instance(course.instance_id).status == "finished"


def test_the_history_tells_who_took_which_step_and_no_step_is_undone(
    handler: Actor, leader: Actor
) -> None:
    record = added(handler)
    move(record.id, "examine", handler)
    move(record.id, "grant", leader, granted_on="24/11/2026")
    told = registries.history(registry=KEY, id=record.id, actor=handler)
    assert [(one.step, one.who, one.fixed) for one in told] == [
        ("Cấp phép (Lãnh đạo Sở)", leader.name, True),
        ("Thẩm định xong (Chuyên viên của Sở)", handler.name, True),
        ("", handler.name, False),
    ]
    with pytest.raises(Conflict) as undone:
        registries.undo(registry=KEY, change_id=told[0].id, actor=leader)
    assert undone.value.code == "registries.step_not_undone"
    assert seen(record.id, handler).value("status") == "cap"


def test_a_long_stay_waits_for_two_agencies_at_once(handler: Actor, leader: Actor) -> None:
    record = added(handler, days="60")
    move(record.id, "examine", handler)
    border = official("so-ngoai-vu-gia-lai", "handler")
    commune, other = official("ubnd-21583", "handler"), official("ubnd-21952", "handler")
    assert sorted(steps(record.id, border)) == [
        ("Sở Ngoại vụ cho ý kiến", "Sở Ngoại vụ", True),
        ("Địa phương cho ý kiến", "Xã nơi neo", False),
    ]
    assert moves(record.id, border) == ["ask_border"]
    assert moves(record.id, commune) == ["ask_local"]
    assert moves(record.id, other) == []
    waiting = registries.waiting_for(actor=commune)
    assert [(one.registry, one.name, one.step) for one in waiting] == [
        (KEY, "ND-0001", "Địa phương cho ý kiến")
    ]
    assert f"{waiting[0].due_at:%d/%m/%Y}" == "29/11/2026"
    assert registries.waiting_for(actor=other) == ()
    assert registries.waiting_for(actor=leader) == ()

    move(record.id, "ask_border", border, border="Không có ý kiến khác.")
    assert steps(record.id, leader) == [("Địa phương cho ý kiến", "Xã nơi neo", False)]
    with pytest.raises(Conflict):
        move(record.id, "ask_border", border, border="Lần nữa.")
    move(record.id, "ask_local", commune, local="Đồng ý.")
    assert [(one.registry, one.step) for one in registries.waiting_for(actor=leader)] == [
        (KEY, "Quyết định")
    ]
    refused = move(record.id, "refuse", leader, reason="Bến đã kín chỗ.")
    assert refused.value("status") == "tu_choi"
    assert refused.value("border") == "Không có ý kiến khác."


def test_a_place_that_does_not_answer_in_time_holds_nobody_up(
    handler: Actor, leader: Actor
) -> None:
    record = added(handler, days="60")
    move(record.id, "examine", handler)
    move(record.id, "ask_border", official("so-ngoai-vu-gia-lai", "handler"), border="Đồng ý.")
    with days_later(6):
        assert workflow.run_due() == 1
        course = Course.objects.get(record_id=record.id)
        moved = Event(
            id=course.id,
            position=1,
            topic="workflow.timer_fired",
            subject=Subject(kind="registries.record", id=record.id),
            payload={"instance_id": str(course.instance_id)},
            key=None,
            published_at=course.begun_at,
            trace="",
        )
        jobs.on_flow_moved(moved)
        assert steps(record.id, leader) == [("Quyết định", "Lãnh đạo Sở", True)]


def test_a_withdrawn_request_leaves_every_list(handler: Actor) -> None:
    record = added(handler)
    assert len(registries.waiting_for(actor=handler)) == 1
    with pytest.raises(Invalid):
        move(record.id, "pull_out", handler)
    assert len(registries.waiting_for(actor=handler)) == 1
    assert move(record.id, "pull_out", handler, reason="Đổi bến.").value("status") == "huy"
    assert registries.waiting_for(actor=handler) == ()
    course = Course.objects.get(record_id=record.id)
    assert workflow.instance(course.instance_id).status == "cancelled"
    other = added(handler, number="ND-0002")
    registries.remove(registry=KEY, id=other.id, reason="Ghi nhầm.", actor=handler)
    assert registries.waiting_for(actor=handler) == ()
    assert Turn.objects.filter(record_id=other.id).count() == 1


def test_records_that_came_together_are_sent_on_their_way_one_by_one(
    handler: Actor, leader: Actor
) -> None:
    done = registries.add_many(
        registry=KEY, records=[{**BERTH, "number": "ND-0007"}], actor=handler
    )
    id = done.lines[0].id
    assert id is not None
    assert moves(id, handler) == ["begin", "pull_out"]
    with pytest.raises(Conflict):
        move(id, "examine", handler)
    begun = move(id, "begin", handler)
    assert [one.title for one in begun.turns] == ["Thẩm định đơn"]
    with pytest.raises(Conflict) as again:
        move(id, "begin", handler)
    assert again.value.code == "registries.way_not_begun"
    assert Course.objects.count() == 1


def test_a_record_keeps_the_drawing_with_which_it_began(
    quay: packs.Pack, handler: Actor, leader: Actor
) -> None:
    early = added(handler)
    declared = quay.registries["berth"]
    way = declared.workflow
    assert way is not None
    drawing = way.drawing.replace("days &gt; 30", "days &gt; 10")
    shorter = declared.replace(workflow=way.replace(drawing=drawing))
    assert registries.install("quay", {"berth": shorter}, actor=handler) == 1
    late = added(handler, number="ND-0002")
    for one in (early, late):
        move(one.id, "examine", handler)
    assert [one.title for one in seen(early.id, leader).turns] == ["Quyết định"]
    assert len(seen(late.id, leader).turns) == 2
    broken = declared.replace(
        workflow=way.replace(drawing=way.drawing.replace('targetRef="settled"', 'targetRef="x"'))
    )
    with pytest.raises(Invalid):
        registries.install("quay", {"berth": broken}, actor=handler)
    assert registries.record(registry=KEY, id=late.id, actor=leader).version == 2


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('id="ask_border"', 'id="ask_sea"', 'id="ask_border"', "“ask_sea” mà sổ không có"),
        ('<lane id="ngoai_vu">', '<lane id="bien">', 'id="ask_border"', "Làn “bien” của bước"),
        ('name="days"', 'name="holder"', 'name="days"', "đọc “holder”"),
        (
            '<userTask id="ask_border"',
            '<serviceTask id="ask_border"',
            'id="ask_border"',
            "người làm",
        ),
        ("<process ", "<!DOCTYPE x>\n<process ", "<process ", "khai báo DOCTYPE"),
    ],
)
def test_a_drawing_that_does_not_fit_its_registry_is_refused_at_its_line(
    tmp_path: Path, old: str, new: str, at: str, said: str
) -> None:
    folder = tmp_path / "quay"
    shutil.copytree(QUAY, folder)
    flow = folder / "flows" / "berth.bpmn"
    text = flow.read_text()
    line = text[: text.index(at)].count("\n") + 1
    flow.write_text(text.replace(old, new))
    found = [one for one in packs.check([folder]).errors if said in one.what]
    assert [(one.file.name, one.line) for one in found][:1] == [("berth.bpmn", line)]
    assert found[0].remedy
