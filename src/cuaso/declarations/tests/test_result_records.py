"""Who declares what a result writes is told what a registry would never take."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from cuaso.declarations import packs
from cuaso.declarations.packs.record_proof import record_faults
from cuaso.declarations.procedures import Procedure, RecordOf
from cuaso.declarations.registries import Registry

PACK = packs.load(Path(__file__).parents[4] / "packs" / "home-affairs")
KEY = "home-affairs/association"
DISSOLVE = {"registry": KEY, "of": "association.code", "step": "dissolve"}
ENDED = {"ended_on": "result.date"}


@pytest.fixture
def dissolution() -> Procedure:
    return next(one for one in PACK.procedures.values() if one.code == "1.012933")


@pytest.fixture
def registries() -> dict[str, Registry]:
    return {f"{PACK.id}/{name}": one for name, one in PACK.registries.items()}


def faults(procedure: Procedure, registries: dict[str, Registry], said: object) -> list[str]:
    one = RecordOf.model_validate(said)
    changed = procedure.replace(records={"association": one})
    return [what for _, what, _ in record_faults(changed, registries)]


def test_an_author_lets_a_result_take_a_step_of_a_record_that_stands(dissolution, registries):
    assert faults(dissolution, registries, {**DISSOLVE, "values": ENDED}) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"step": "vanish"}, "Sổ “Hội” không có bước “vanish”."),
        ({"of": "association.number"}, "Tờ khai không có ô “association.number”."),
        ({"values": {}}, "Bước “dissolve” hỏi “ended_on” mà chưa nêu đọc ở đâu."),
        (
            {"values": {**ENDED, "code": "association.code"}},
            "“code” là khóa của bản ghi đã có, không ghi lại được.",
        ),
        (
            {"of": "", "step": "suspend", "values": {"suspended_to": "result.date"}},
            "Bản ghi mới ở trạng thái “founded”, bước “suspend” không bắt đầu ở đó.",
        ),
    ],
)
def test_an_author_is_told_which_step_a_result_could_never_take(
    dissolution, registries, changed, what
):
    assert faults(dissolution, registries, {**DISSOLVE, "values": ENDED, **changed}) == [what]


def test_an_author_is_told_that_the_signer_does_not_hold_the_role_of_the_step(
    dissolution, registries
):
    clerk = dissolution.replace(result=dissolution.result.replace(signer="clerk"))
    assert faults(clerk, registries, {**DISSOLVE, "values": ENDED}) == [
        "Người ký kết quả không giữ vai trò mà bước “dissolve” dành cho."
    ]


def test_an_author_is_told_that_a_drawn_way_is_not_gone_by_a_result(dissolution, registries):
    said = {"registry": "home-affairs/reward_proposal", "of": "association.code", "values": {}}
    drawn = registries["home-affairs/reward_proposal"]
    assert drawn.statuses is not None
    step = next(name for name, one in drawn.statuses.moves.items() if not one.asks)
    found = faults(dissolution, registries, {**said, "step": step})
    assert f"Bước của sổ “{drawn.title}” đi theo quy trình đã vẽ, kết quả không làm thay." in found


def test_an_author_declares_an_entry_that_writes_nothing():
    with pytest.raises(ValidationError) as refused:
        RecordOf.model_validate({"registry": KEY, "of": "association.code"})
    (error,) = refused.value.errors()
    assert error["ctx"]["what"] == "Mục ghi sổ không ghi gì."
