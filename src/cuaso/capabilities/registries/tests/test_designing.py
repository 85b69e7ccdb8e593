"""What officials do to a registry itself: draft, foresee, approve, publish, take back."""

from dataclasses import replace
from uuid import uuid4

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import DesignView, Edit, ListQuery, NewRegistry
from cuaso.capabilities.registries.models import Registry, Version
from cuaso.capabilities.registries.tests.conftest import INSTALLER, VESSEL, official
from cuaso.declarations import packs
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

KEY = "harbour/vessel"
DEPARTMENT = "so-nong-nghiep-va-moi-truong-gia-lai"
FERRY = NewRegistry(
    name="", title="Bến đò ngang", legal="Quyết định thử số 1", key="code", key_title="Mã bến"
)


@pytest.fixture
def designer(harbour: packs.Pack) -> Actor:
    return replace(official(DEPARTMENT, "admin", "handler"), person_id=uuid4(), post_id=uuid4())


@pytest.fixture
def leader(harbour: packs.Pack) -> Actor:
    return replace(official(DEPARTMENT, "leader"), person_id=uuid4(), post_id=uuid4())


def edited(view: DesignView, edit: Edit, actor: Actor) -> DesignView:
    return registries.edit_design(id=view.card.id, edit=edit, seen=view.seen, actor=actor)


def rewritten(view: DesignView, actor: Actor, *pairs: tuple[str, str]) -> DesignView:
    """Save the draft's text with pieces of it written otherwise."""
    text = view.text
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    return registries.save_design(id=view.card.id, text=text, seen=view.seen, actor=actor)


def published(view: DesignView, *, designer: Actor, leader: Actor) -> int:
    """Put a draft forward, have it approved, let the house publish; how many it published."""
    sent = registries.submit_design(id=view.card.id, reason="Thử", seen=view.seen, actor=designer)
    registries.approve_design(id=sent.card.id, seen=sent.seen, actor=leader)
    return registries.publish_due(actor=INSTALLER)


ENGINE = Edit(what="field", given={"name": "engine", "title": "Máy chính"})


def test_an_official_without_the_right_drafts_nothing(
    designer: Actor, leader: Actor, commune: Actor
) -> None:
    with pytest.raises(NotAllowed):
        registries.begin_design(registry=KEY, actor=commune)
    draft = registries.begin_design(registry=KEY, actor=designer)
    with pytest.raises(Conflict):
        registries.begin_design(registry=KEY, actor=leader)
    with pytest.raises(NotFound):
        registries.design(id=draft.card.id, actor=commune)
    with pytest.raises(NotFound):
        edited(draft, ENGINE, commune)
    with pytest.raises(Invalid):
        registries.submit_design(id=draft.card.id, reason=" ", seen=draft.seen, actor=designer)
    assert [one.id for one in registries.designs(actor=leader)][:1] == [draft.card.id]
    assert registries.designs(actor=commune) == ()
    assert registries.design(id=draft.card.id, actor=designer).card.state == "draft"


def test_an_official_adds_a_field_which_another_approves_and_the_house_publishes(
    designer: Actor, leader: Actor, commune: Actor
) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    draft = edited(registries.begin_design(registry=KEY, actor=designer), ENGINE, designer)
    assert [one.place for one in draft.differences] == ["fields.engine", "lists.default"]
    foreseen = registries.preview_design(id=draft.card.id, actor=designer)
    assert (foreseen.records, foreseen.tried, foreseen.blocked) == (1, 1, False)
    assert [(one.path, one.say, one.count) for one in foreseen.failing] == [
        ("engine", "Chưa nhập “Máy chính”.", 1)
    ]
    assert foreseen.failing[0].examples == ((made.id, "BĐ-00001-TS – Võ Thị Hạ Lam"),)
    sent = registries.submit_design(
        id=draft.card.id, reason="Luật mới", seen=draft.seen, actor=designer
    )
    same_person = replace(designer, roles=frozenset({"leader"}), post_id=uuid4())
    with pytest.raises(NotAllowed) as refused:
        registries.approve_design(id=sent.card.id, seen=sent.seen, actor=same_person)
    assert refused.value.code == "registries.approves_another"
    assert registries.publish_due(actor=INSTALLER) == 0
    registries.approve_design(id=sent.card.id, seen=sent.seen, actor=leader)
    assert registries.registry(key=KEY, actor=designer).version == 1
    assert registries.publish_due(actor=INSTALLER) == 1
    assert registries.registry(key=KEY, actor=designer).version == 2
    given = {"engine": "Yanmar"}
    amended = registries.amend(registry=KEY, id=made.id, values=given, revision=1, actor=commune)
    assert (amended.text("engine"), amended.version) == ("Yanmar", 2)
    card = registries.designed(registry=KEY, actor=designer)[0]
    assert (card.state, card.approved_by, card.standing) == ("published", leader.name, 2)
    with pytest.raises(Conflict):
        registries.drop_design(id=card.id, reason="Thôi", actor=designer)


def test_an_official_takes_a_field_out_and_brings_it_back_with_its_values(
    designer: Actor, leader: Actor, commune: Actor
) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    draft = edited(
        registries.begin_design(registry=KEY, actor=designer),
        Edit(what="drop_field", name="name"),
        designer,
    )
    breaks = registries.preview_design(id=draft.card.id, actor=designer).breaks
    assert [(one.kind, one.name, one.blocks) for one in breaks] == [("field", "name", False)]
    assert published(draft, designer=designer, leader=leader) == 1
    assert "name" not in registries.record(registry=KEY, id=made.id, actor=commune).values
    column = Registry.objects.get(key=KEY).columns.get(name="name")
    assert column.binned_at is not None
    back = registries.begin_design(registry=KEY, like=1, actor=designer)
    assert published(back, designer=designer, leader=leader) == 1
    seen = registries.record(registry=KEY, id=made.id, actor=commune)
    assert (seen.text("name"), seen.version) == ("Hải Âu", 3)
    column.refresh_from_db()
    assert column.binned_at is None


def test_an_official_searches_another_field_and_old_records_are_found_by_it(
    designer: Actor, leader: Actor, commune: Actor
) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)

    def found() -> int:
        asked = ListQuery(words="hai au")
        return len(registries.list_records(registry=KEY, query=asked, actor=commune).rows)

    assert found() == 1
    draft = registries.begin_design(registry=KEY, actor=designer)
    draft = edited(draft, Edit(what="words", given={"search": "number"}), designer)
    assert published(draft, designer=designer, leader=leader) == 1
    assert found() == 0
    draft = registries.begin_design(registry=KEY, actor=designer)
    draft = edited(draft, Edit(what="words", given={"search": "number, name"}), designer)
    assert published(draft, designer=designer, leader=leader) == 1
    assert found() == 1
    seen = registries.record(registry=KEY, id=made.id, actor=commune)
    assert (seen.revision, len(registries.history(registry=KEY, id=made.id, actor=commune))) == (
        1,
        1,
    )


def test_an_official_asks_what_cannot_be_published_and_nothing_changes(
    designer: Actor, leader: Actor, commune: Actor
) -> None:
    registries.add(registry=KEY, values=VESSEL, actor=commune)
    registries.add(registry=KEY, values={**VESSEL, "number": "BĐ-00002-TS"}, actor=commune)
    draft = registries.begin_design(registry=KEY, actor=designer)
    kind = Edit(what="field", name="gear", given={"type": "integer", "codes": ""})
    draft = edited(draft, kind, designer)
    doubled = Edit(what="field", name="name", given={"unique": "yes"})
    draft = edited(draft, doubled, designer)
    breaks = registries.preview_design(id=draft.card.id, actor=designer).breaks
    assert [(one.kind, one.name, one.blocks) for one in breaks] == [
        ("kind", "gear", True),
        ("unique", "name", True),
    ]
    with pytest.raises(Conflict) as refused:
        registries.submit_design(id=draft.card.id, reason="Thử", seen=draft.seen, actor=designer)
    assert refused.value.code == "registries.cannot_publish"
    # What was approved before the records doubled comes back when it is published.
    Version.objects.filter(pk=draft.card.id).update(state=Version.State.APPROVED)
    assert registries.publish_due(actor=INSTALLER) == 0
    card = registries.design(id=draft.card.id, actor=designer).card
    assert card.state == "draft"
    assert card.trouble.startswith("Có bản ghi trùng giá trị ở “Tên tàu”. Hãy sửa hoặc gộp")
    assert registries.registry(key=KEY, actor=designer).version == 1


def test_an_official_writes_a_wrong_declaration_and_is_told_each_line(designer: Actor) -> None:
    draft = registries.begin_design(registry=KEY, actor=designer)
    line = 1 + draft.text.splitlines().index("key: [number]")
    with pytest.raises(Invalid) as refused:
        rewritten(draft, designer, ("key: [number]", "key: [numbre]"))
    assert [one.say for one in refused.value.problems] == [
        f"Dòng {line}: Sổ không có ô “numbre”. Có phải định viết “number”?"
    ]
    owner = ("owner: " + DEPARTMENT, "owner: ubnd-21583")
    with pytest.raises(Invalid) as refused:
        rewritten(draft, designer, owner)
    assert refused.value.code == "registries.owner_fixed"
    for hostile in ("key: [number]\nkey: [name]", "key: &a [number]\nname: *b", "\tkey: x"):
        with pytest.raises(Invalid):
            rewritten(draft, designer, ("key: [number]", hostile))
    assert registries.design(id=draft.card.id, actor=designer).text == draft.text
    with pytest.raises(Conflict):
        registries.save_design(id=draft.card.id, text=draft.text, seen="cũ", actor=designer)


def test_an_official_tries_a_rule_on_real_records(designer: Actor, commune: Actor) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    draft = registries.begin_design(registry=KEY, actor=designer)
    trial = registries.try_rule(id=draft.card.id, check="length < 12.0", actor=designer)
    assert [(one.count, one.examples[0][0]) for one in trial.failing] == [(1, made.id)]
    trial = registries.try_rule(id=draft.card.id, check="length < 15.0", actor=designer)
    assert (trial.tried, trial.failing) == (1, ())
    with pytest.raises(Invalid):
        registries.try_rule(id=draft.card.id, check="lenth < 15.0", actor=designer)


def test_an_official_makes_a_registry_from_nothing(designer: Actor, leader: Actor) -> None:
    draft = registries.begin_registry(new=FERRY, actor=designer)
    assert draft.card.key == "local/ben_do_ngang"
    with pytest.raises(Conflict):
        registries.begin_registry(new=FERRY, actor=designer)
    with pytest.raises(Invalid) as refused:
        registries.begin_registry(new=replace(FERRY, name="Bến", legal=""), actor=designer)
    assert [one.field for one in refused.value.problems] == ["name", "legal"]
    with pytest.raises(NotFound):
        registries.registry(key=draft.card.key, actor=designer)
    seats = {"name": "seats", "title": "Số chỗ", "type": "integer"}
    draft = edited(draft, Edit(what="field", given=seats), designer)
    sent = registries.submit_design(
        id=draft.card.id, reason="Lập sổ", seen=draft.seen, actor=designer
    )
    registries.send_back_design(id=sent.card.id, reason="Thiếu địa bàn", actor=leader)
    with pytest.raises(Conflict) as conflict:
        registries.approve_design(id=sent.card.id, seen=sent.seen, actor=leader)
    assert conflict.value.code == "registries.version_moved_on"
    draft = registries.design(id=draft.card.id, actor=designer)
    assert (draft.card.state, draft.card.trouble) == ("draft", "Thiếu địa bàn")
    assert published(draft, designer=designer, leader=leader) == 1
    handler = official(DEPARTMENT, "handler")
    values = {"code": "BD-01", "seats": "20"}
    made = registries.add(registry=draft.card.key, values=values, actor=handler)
    assert (made.name, made.text("seats")) == ("BD-01", "20")


def test_a_pack_brings_a_version_that_the_records_do_not_allow_and_the_one_before_stays(
    harbour: packs.Pack, designer: Actor, commune: Actor
) -> None:
    registries.add(registry=KEY, values=VESSEL, actor=commune)
    twin = {**VESSEL, "number": "BĐ-00002-TS"}
    second = registries.add(registry=KEY, values=twin, actor=commune)
    declared = dict(harbour.registries)
    before = declared["vessel"]
    newer = {**declared, "vessel": before.replace(title="Tàu cá có tên riêng", unique=(("name",),))}
    assert registries.install("harbour", newer, actor=INSTALLER) == 0
    assert registries.registry(key=KEY, actor=designer).version == 1
    ((title, why),) = registries.held_back(actor=INSTALLER)
    assert title == "Tàu cá có tên riêng"
    say = "Có bản ghi trùng giá trị ở “Tên tàu”. Hãy sửa hoặc gộp các bản ghi ấy. Bản sửa đổi được"
    assert why.startswith(say)
    # Once the records are mended, the next installation brings it in.
    registries.amend(registry=KEY, id=second.id, values={"name": "Hải Yến"}, actor=commune)
    assert registries.install("harbour", newer, actor=INSTALLER) == 1
    assert registries.registry(key=KEY, actor=designer).version == 2
    assert registries.held_back(actor=INSTALLER) == ()


def test_a_pack_brings_a_new_version_while_an_official_drafts_another(
    harbour: packs.Pack, designer: Actor
) -> None:
    draft = registries.begin_design(registry=KEY, actor=designer)
    draft = edited(draft, Edit(what="words", given={"title": "Tàu cá của tỉnh"}), designer)
    declared = dict(harbour.registries)
    assert registries.install("harbour", declared, actor=INSTALLER) == 0
    assert registries.design(id=draft.card.id, actor=designer).card.state == "draft"
    newer = {"vessel": declared["vessel"].replace(title="Tàu cá, tàu dịch vụ")}
    assert registries.install("harbour", newer, actor=INSTALLER) == 1
    aside = registries.design(id=draft.card.id, actor=designer)
    assert (aside.card.state, aside.declared.title) == ("dropped", "Tàu cá của tỉnh")
    assert aside.card.trouble.startswith("Gói dữ liệu vừa ban hành bản mới")
