"""Anybody who holds a paper asks whether the register knows it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.tests.conftest import VESSEL, official
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound

KEY = "harbour/vessel"
NUMBER, CODE = "BĐ-00001-TS", "40718265"
UNKNOWN = (
    "Không có bản ghi nào khớp với cả hai giá trị này. "
    "Hãy kiểm tra lại từng chữ, từng số ghi trên giấy."
)


def verify(number: str = NUMBER, code: str = CODE) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    said = registries.verify(registry=KEY, given=(number, code))
    assert said.ok == (said.state == "stands")
    return said.state, said.sentence, said.facts


def test_a_buyer_verifies_a_vessel_and_reads_only_what_is_declared(commune: Actor) -> None:
    owner = directory.ensure_person(name="Võ Thị Hạ Lam", personal_number="052192000001")
    made = registries.add(registry=KEY, values={**VESSEL, "plate_code": CODE}, actor=commune)
    shown = (
        ("Số đăng ký", NUMBER),
        ("Chủ tàu", "Võ Thị Hạ Lam"),
        ("Nghề", "Lưới vây"),
        ("Tình trạng", "Mới ghi"),
    )
    stands = "Tàu cá này có trong sổ và đang có hiệu lực."
    for number, code in ((NUMBER, CODE), (" bđ-00001-ts ", "4071 8265")):
        assert verify(number, code) == ("stands", stands, shown)
    assert [one.actor_kind for one in audit.looks_at(owner.id)] == ["anonymous"] * 2
    holder = registries.record(registry=KEY, id=made.id, actor=official("ubnd-21583", "handler"))
    other = registries.record(registry=KEY, id=made.id, actor=official("ubnd-21583", "reception"))
    assert registries.proof_of(record=holder) == (NUMBER, CODE)
    assert registries.proof_of(record=other) is None


def test_a_guesser_is_answered_alike_for_a_wrong_code_and_an_unknown_number(
    commune: Actor,
) -> None:
    registries.add(registry=KEY, values={**VESSEL, "plate_code": CODE}, actor=commune)
    registries.add(registry=KEY, values={**VESSEL, "number": "BĐ-00002-TS"}, actor=commune)
    asked: set[tuple[str, ...]] = set()
    for number, code in (
        (NUMBER, "40718266"), ("BĐ-99999-TS", CODE), ("BĐ-00002-TS", ""), ("", ""),
        ("BĐ-00002-TS", "None"), (CODE, NUMBER), ("x" * 10_000, "\0"), (NUMBER, ""),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert verify(number, code) == ("unknown", UNKNOWN, ())
        asked.add(tuple(one["sql"].partition("WHERE")[0] for one in queries))
    assert len(asked) == 1


def test_a_buyer_is_told_plainly_what_is_no_longer_in_force(department: Actor) -> None:
    values = {**VESSEL, "plate_code": CODE, "status": "xoa"}
    made = registries.add(registry=KEY, values=values, actor=department)
    leader = official("so-nong-nghiep-va-moi-truong-gia-lai", "leader")
    registries.move(registry=KEY, id=made.id, to="register", actor=leader)
    registries.amend(
        registry=KEY, id=made.id, values={"valid_until": "23/11/2026"}, actor=department
    )
    state, sentence, _ = verify()
    assert (state, sentence) == (
        "expired",
        "Tàu cá này có trong sổ nhưng đã hết hạn ngày 23/11/2026.",
    )
    registries.move(registry=KEY, id=made.id, to="strike", reason="Đã chìm", actor=leader)
    state, sentence, facts = verify()
    assert (state, sentence) == ("ended", "Tàu cá này có trong sổ nhưng không còn hiệu lực.")
    assert facts[-1] == ("Tình trạng", "Đã xóa đăng ký")
    registries.remove(registry=KEY, id=made.id, reason="Ghi nhầm", actor=department)
    assert verify() == ("removed", "Tàu cá này đã bị đưa ra khỏi sổ, không còn giá trị.", ())
    registries.add(registry=KEY, values={**VESSEL, "plate_code": CODE}, actor=department)
    assert verify()[0] == "stands"


def test_nobody_verifies_by_a_registry_that_says_nothing_of_it(harbour: object) -> None:
    with pytest.raises(NotFound) as refused:
        registries.verify_offer(registry="harbour/nothing")
    assert refused.value.code == "registries.not_verified"
    assert [one.registry for one in registries.verifiable()] == [KEY]
