"""A field gets another type while the registry is in use: no value is lost on the way."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import DesignView, Edit, Filter, ListQuery
from cuaso.capabilities.registries.logic.changing.change import changing
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.models import Registry
from cuaso.capabilities.registries.tests.conftest import INSTALLER, VESSEL, official
from cuaso.declarations import packs
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed

KEY = "harbour/vessel"
DEPARTMENT = "so-nong-nghiep-va-moi-truong-gia-lai"


@pytest.fixture
def designer(harbour: packs.Pack) -> Actor:
    return replace(official(DEPARTMENT, "admin", "handler"), person_id=uuid4(), post_id=uuid4())


@pytest.fixture
def leader(harbour: packs.Pack) -> Actor:
    return replace(official(DEPARTMENT, "leader"), person_id=uuid4(), post_id=uuid4())


def entered(actor: Actor, number: int, **more: str) -> UUID:
    values = {**VESSEL, "number": f"BĐ-{number:05}-TS", **more}
    return registries.add(registry=KEY, values=values, actor=actor).id


def drafted(actor: Actor, name: str, **given: str) -> DesignView:
    draft = registries.begin_design(registry=KEY, actor=actor)
    edit = Edit(what="field", name=name, given=given)
    return registries.edit_design(id=draft.card.id, edit=edit, seen=draft.seen, actor=actor)


def published(view: DesignView, *, designer: Actor, leader: Actor) -> int:
    sent = registries.submit_design(id=view.card.id, reason="Thử", seen=view.seen, actor=designer)
    registries.approve_design(id=sent.card.id, seen=sent.seen, actor=leader)
    return registries.publish_due(actor=INSTALLER)


def named(actor: Actor, id: UUID, *, version: int = 0) -> object:
    return registries.record(registry=KEY, id=id, actor=actor, version=version).values["name"]


def differences(actor: Actor, id: UUID) -> list[tuple[str, str, str]]:
    return [
        (line.act, one.before, one.after)
        for line in registries.history(registry=KEY, id=id, actor=actor)
        for one in line.differences
        if one.path == "name"
    ]


def fleet(actor: Actor) -> list[UUID]:
    """Enter vessels named by a number, by words, by nothing, and one that rests in the bin."""
    names = ("12", "không rõ", "", "1.250")
    ids = [entered(actor, number, name=name) for number, name in enumerate(names, 1)]
    registries.remove(registry=KEY, id=ids[3], reason="Nhập nhầm", actor=actor)
    return ids


def test_an_official_sees_which_values_the_new_type_cannot_hold_and_replaces_each(
    designer: Actor,
) -> None:
    _, words, _, _ = fleet(designer)
    draft = drafted(designer, "name", type="integer", min="0")
    foreseen = registries.preview_design(id=draft.card.id, actor=designer)
    (turned,) = foreseen.turned
    assert (turned.before, turned.after, turned.tried, turned.fitting) == ("text", "integer", 4, 3)
    why = "Tên tàu phải là số nguyên, ví dụ 3."
    found = ((words, "BĐ-00002-TS – Võ Thị Hạ Lam"),)
    assert [(one.value, one.say, one.count, one.examples) for one in turned.failing] == [
        ("không rõ", why, 1, found)
    ]
    assert (foreseen.blocked, foreseen.failing) == (True, ())
    with pytest.raises(Conflict) as refused:
        registries.submit_design(id=draft.card.id, reason="Thử", seen=draft.seen, actor=designer)
    assert "còn 1 bản ghi có giá trị không đọc được" in refused.value.why
    with pytest.raises(Invalid) as unfit:
        replaced(draft, {"không rõ": "âm hai"}, designer)
    assert [(one.field, one.say) for one in unfit.value.problems] == [("values.0", why)]
    settled = replaced(draft, {"không rõ": "0"}, designer)
    assert settled.replacements == (("name", "không rõ", "0"),)
    assert settled.seen != draft.seen
    assert not registries.preview_design(id=draft.card.id, actor=designer).blocked
    assert replaced(settled, {"không rõ": ""}, designer).replacements == ()


def test_an_official_turns_a_text_into_a_number_and_no_value_is_lost(
    designer: Actor, leader: Actor
) -> None:
    twelve, words, nothing, binned = fleet(designer)
    stale = sets.built(KEY)
    draft = drafted(designer, "name", type="integer", min="0")
    draft = replaced(draft, {"không rõ": "0"}, designer)
    assert published(draft, designer=designer, leader=leader) == 1
    assert [named(designer, id) for id in (twelve, words, nothing, binned)] == [12, 0, None, 1250]
    earlier = [named(designer, id, version=1) for id in (twelve, words, binned)]
    assert earlier == ["12", "không rõ", "1.250"]
    assert differences(designer, words) == [("turned", "không rõ", "0"), ("added", "", "không rõ")]
    assert differences(designer, twelve) == [("added", "", "12")]
    line = registries.history(registry=KEY, id=words, actor=designer)[0]
    assert (line.origin, line.origin_id) == ("design", str(draft.card.id))
    assert f"{leader.name} duyệt" in line.reason
    registries.amend(registry=KEY, id=words, values={"length": "14"}, actor=designer)
    assert named(designer, words, version=1) == "không rõ"
    column = Registry.objects.get(key=KEY).columns.get(name="name")
    assert (column.kind, column.binned_at is not None) == ("text", True)
    # Who began with the set before writes nothing into columns that are kept in step no more.
    with pytest.raises(Conflict) as late, changing(stale, actor=designer, act="changed"):
        raise AssertionError
    assert late.value.code == "registries.reshaped_meanwhile"


def replaced(draft: DesignView, values: dict[str, str], actor: Actor) -> DesignView:
    return registries.replace_values(
        id=draft.card.id, path="name", values=values, seen=draft.seen, actor=actor
    )


def test_programs_of_both_versions_write_and_read_after_a_field_has_turned(
    designer: Actor, leader: Actor
) -> None:
    first = entered(designer, 1, name="12")
    draft = drafted(designer, "name", type="integer")
    assert published(draft, designer=designer, leader=leader) == 1
    registries.amend(registry=KEY, id=first, values={"name": "13"}, actor=designer)
    assert (named(designer, first), named(designer, first, version=1)) == (13, "13")
    given = {"name": "14"}
    registries.amend(registry=KEY, id=first, values=given, actor=designer, version=1)
    assert (named(designer, first), named(designer, first, version=1)) == (14, "14")
    with pytest.raises(Invalid) as refused:
        registries.amend(
            registry=KEY, id=first, values={"name": "Hải Âu"}, actor=designer, version=1
        )
    assert [one.field for one in refused.value.problems] == ["name"]
    assert named(designer, first) == 14
    asked = ListQuery(filters=(Filter(path="name", how="is", values=("14",)),))
    for version in (1, 2):
        page = registries.list_records(registry=KEY, query=asked, actor=designer, version=version)
        assert [row.id for row in page.rows] == [first]
    change = registries.history(registry=KEY, id=first, actor=designer)[0]
    registries.undo(registry=KEY, change_id=change.id, actor=designer)
    assert (named(designer, first), named(designer, first, version=1)) == (13, "13")
    back = registries.begin_design(registry=KEY, like=1, actor=designer)
    assert published(back, designer=designer, leader=leader) == 1
    assert (named(designer, first), named(designer, first, version=2)) == ("13", 13)


def test_a_value_that_nobody_foresaw_sends_the_version_back_and_nothing_changes(
    designer: Actor, leader: Actor
) -> None:
    first = entered(designer, 1, name="12")
    draft = drafted(designer, "name", type="integer")
    sent = registries.submit_design(id=draft.card.id, reason="Thử", seen=draft.seen, actor=designer)
    registries.approve_design(id=sent.card.id, seen=sent.seen, actor=leader)
    registries.amend(registry=KEY, id=first, values={"name": "Hải Âu"}, actor=designer)
    assert registries.publish_due(actor=INSTALLER) == 0
    card = registries.design(id=draft.card.id, actor=designer).card
    assert card.state == "draft"
    assert card.trouble.startswith("Ô “Tên tàu” còn giá trị “Hải Âu” không đổi kiểu được. ")
    assert named(designer, first) == "Hải Âu"
    assert registries.registry(key=KEY, actor=designer).version == 1


def test_an_official_undoes_what_the_new_type_cannot_hold_and_is_told(
    designer: Actor, leader: Actor
) -> None:
    first = entered(designer, 1, name="Hải Âu")
    registries.amend(registry=KEY, id=first, values={"name": "12"}, actor=designer)
    draft = drafted(designer, "name", type="integer")
    assert published(draft, designer=designer, leader=leader) == 1
    assert differences(designer, first) == [("changed", "Hải Âu", "12"), ("added", "", "Hải Âu")]
    change = registries.history(registry=KEY, id=first, actor=designer)[0]
    with pytest.raises(Conflict) as refused:
        registries.undo(registry=KEY, change_id=change.id, actor=designer)
    assert refused.value.code == "registries.turned_since"
    assert named(designer, first) == 12


def test_a_clerk_reads_the_same_number_after_a_formula_gives_decimals(
    designer: Actor, leader: Actor
) -> None:
    formula = {"type": "computed", "title": "Số chữ", "is": "size(name)", "as": "integer"}
    draft = registries.begin_design(registry=KEY, actor=designer)
    edit = Edit(what="field", name="", given={"name": "letters", **formula})
    draft = registries.edit_design(id=draft.card.id, edit=edit, seen=draft.seen, actor=designer)
    assert published(draft, designer=designer, leader=leader) == 1
    first = entered(designer, 1, name="Hai Au")
    assert letters(designer, first) == 6
    draft = drafted(designer, "letters", **{"is": "size(name) * 2.5", "as": "decimal"})
    assert not registries.preview_design(id=draft.card.id, actor=designer).blocked
    assert published(draft, designer=designer, leader=leader) == 1
    assert (letters(designer, first), letters(designer, first, version=2)) == ("6", 6)
    registries.amend(registry=KEY, id=first, values={"name": "Hai"}, actor=designer)
    kept = letters(designer, first), letters(designer, first, version=2)
    assert kept == ("7.5", None)


def letters(actor: Actor, id: UUID, *, version: int = 0) -> object:
    return registries.record(registry=KEY, id=id, actor=actor, version=version).values["letters"]


def test_a_field_of_parts_is_not_turned_while_it_holds_anything(
    designer: Actor, leader: Actor
) -> None:
    draft = drafted(designer, "built_on", type="period", not_after="")
    entered(designer, 1)
    assert not registries.preview_design(id=draft.card.id, actor=designer).blocked
    entered(designer, 2, built_on="01/02/2020")
    breaks = registries.preview_design(id=draft.card.id, actor=designer).breaks
    assert [(one.kind, one.name) for one in breaks if one.blocks] == [("kind", "built_on")]


def test_an_official_who_may_not_read_a_field_sees_how_many_values_do_not_fit(
    designer: Actor, leader: Actor
) -> None:
    entered(designer, 1, plate_code="01234567")
    alone = replace(designer, roles=frozenset({"admin"}), post_id=uuid4())
    draft = registries.begin_design(registry=KEY, actor=alone)
    text = re.sub(r"(?m)^verify:.*\n(?:  .*\n)*", "", draft.text)
    draft = registries.save_design(id=draft.card.id, text=text, seen=draft.seen, actor=alone)
    edit = Edit(
        what="field",
        name="plate_code",
        given={"type": "date", "pattern": "", "pattern_say": ""},
    )
    draft = registries.edit_design(id=draft.card.id, edit=edit, seen=draft.seen, actor=alone)
    (turned,) = registries.preview_design(id=draft.card.id, actor=alone).turned
    assert (turned.hidden, [one.value for one in turned.failing]) == (True, [""])
    with pytest.raises(NotAllowed):
        registries.replace_values(
            id=draft.card.id,
            path="plate_code",
            values={"01234567": "01/01/2020"},
            seen=draft.seen,
            actor=alone,
        )
    (turned,) = registries.preview_design(id=draft.card.id, actor=designer).turned
    assert [one.value for one in turned.failing] == ["01234567"]
