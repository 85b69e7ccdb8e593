"""A decision writes its fields into a record and takes the step of status that it declares."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID, uuid4

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RecordView, Source
from cuaso.capabilities.registries.models import Change
from cuaso.capabilities.registries.tests.conftest import VESSEL, official
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

KEY = "harbour/vessel"
HOUSE = system("Cửa Số")
DECISION = Source(kind="dossier", id="H21-0001")
OTHER = Source(kind="dossier", id="H21-0002")


@pytest.fixture
def signer(commune: Actor) -> Actor:
    del commune
    return official("ubnd-21583", "leader")


def enact(
    id: UUID,
    signer: Actor,
    said: Mapping[str, Loose] = MappingProxyType({}),
    *,
    step: str = "register",
    source: Source = DECISION,
) -> None:
    registries.enact(
        registry=KEY,
        id=id,
        values=dict(said),
        actor=HOUSE,
        signer=signer,
        source=source,
        reason="Quyết định số 01",
        step=step,
    )


def seen(id: UUID, actor: Actor) -> RecordView:
    return registries.record(registry=KEY, id=id, actor=actor)


def told(id: UUID, actor: Actor) -> list[tuple[str, str, str, str]]:
    lines = registries.history(registry=KEY, id=id, actor=actor)
    return [(one.act, one.step, one.who, one.origin_id) for one in reversed(lines)]


def test_a_decision_adds_a_record_and_its_signer_takes_the_step_once(
    commune: Actor, signer: Actor
) -> None:
    id = uuid4()
    enact(id, signer, VESSEL)
    assert seen(id, commune).text("status") == "Đã đăng ký"
    house = "Cửa Số"
    first = [("added", "", house, DECISION.id), ("moved", "Đăng ký", signer.name, DECISION.id)]
    assert told(id, commune) == first
    enact(id, signer, VESSEL)
    assert told(id, commune) == first
    enact(id, signer, {**VESSEL, "name": "Hải Âu 2"})
    assert told(id, commune) == [*first, ("changed", "", house, DECISION.id)]
    assert seen(id, commune).text("name") == "Hải Âu 2"


def test_a_signer_without_the_right_registers_nothing(commune: Actor) -> None:
    id = uuid4()
    with pytest.raises(NotAllowed) as unfit:
        enact(id, commune, VESSEL)
    assert unfit.value.code == "registries.not_your_move"
    with pytest.raises(NotFound):
        enact(id, official("ubnd-21952", "leader"), VESSEL)
    assert not registries.known(registry=KEY, id=id)
    assert Change.objects.count() == 0


def test_a_decision_about_a_record_that_stands_elsewhere_leaves_it_as_it_is(
    commune: Actor, signer: Actor
) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    enact(made.id, signer)
    before, lines = seen(made.id, commune), told(made.id, commune)
    with pytest.raises(Conflict) as elsewhere:
        enact(made.id, signer, {"name": "Hải Âu 9"}, source=OTHER)
    assert elsewhere.value.code == "registries.move_from_elsewhere"
    with pytest.raises(Invalid):
        enact(made.id, signer, {"gear": "keo", "length": "25"}, step="", source=OTHER)
    with pytest.raises(Conflict) as unknown:
        enact(made.id, signer, step="sink", source=OTHER)
    assert unknown.value.code == "registries.no_such_move"
    assert (seen(made.id, commune), told(made.id, commune)) == (before, lines)
    with pytest.raises(Conflict):
        registries.require_step(
            registry=KEY, id=made.id, step="register", actor=signer, source=OTHER
        )
    registries.require_step(
        registry=KEY, id=made.id, step="register", actor=signer, source=DECISION
    )


def test_a_record_is_named_by_its_key_as_long_as_it_is_not_in_the_bin(commune: Actor) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    assert registries.named(registry=KEY, key=" BĐ-00001-TS ") == made.id
    registries.remove(registry=KEY, id=made.id, reason="Ghi nhầm", actor=HOUSE)
    with pytest.raises(NotFound) as gone:
        registries.named(registry=KEY, key="BĐ-00001-TS")
    assert gone.value.what == "Sổ “Tàu cá” không có bản ghi “BĐ-00001-TS”."


def test_a_retracted_decision_gives_back_what_was_and_leaves_what_changed_since(
    commune: Actor, signer: Actor
) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    enact(made.id, signer, {"name": "Hải Âu 2"})
    with pytest.raises(Invalid):
        registries.amend(registry=KEY, id=made.id, values={"length": "999"}, actor=commune)
    assert registries.retract(
        registry=KEY, id=made.id, source=DECISION, actor=HOUSE, reason="Thu hồi"
    ) == 2  # fmt: skip
    back = seen(made.id, commune)
    assert (back.text("status"), back.text("name")) == ("Mới ghi", "Hải Âu")
    assert [line[0] for line in told(made.id, commune)][3:] == ["undone", "undone"]
    enact(made.id, signer, {"name": "Hải Âu 3"}, source=OTHER)
    registries.amend(registry=KEY, id=made.id, values={"name": "Hải Âu 4"}, actor=commune)
    assert registries.retract(
        registry=KEY, id=made.id, source=OTHER, actor=HOUSE, reason="Thu hồi"
    ) == 1  # fmt: skip
    kept = seen(made.id, commune)
    assert (kept.text("status"), kept.text("name")) == ("Mới ghi", "Hải Âu 4")
    assert registries.retract(
        registry=KEY, id=made.id, source=DECISION, actor=HOUSE, reason="Thu hồi"
    ) == 0  # fmt: skip
