"""What was removed rests for its term, and goes after it: never a day before."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries import jobs
from cuaso.capabilities.registries.contracts import DesignView, Edit, NewRegistry
from cuaso.capabilities.registries.logic.storing import terms
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.capabilities.registries.tests.conftest import INSTALLER, MOMENT, VESSEL, official
from cuaso.declarations import packs
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

KEY, PIER, BERTH = "harbour/vessel", "local/ben_do", "local/cau_cang"
DEPARTMENT = "so-nong-nghiep-va-moi-truong-gia-lai"
TERM = "retention: {keep: 5 năm, bin: 12 tháng}\n"


@pytest.fixture
def designer(harbour: packs.Pack) -> Actor:
    return replace(official(DEPARTMENT, "admin", "handler"), person_id=uuid4(), post_id=uuid4())


@pytest.fixture
def leader(harbour: packs.Pack) -> Actor:
    return replace(official(DEPARTMENT, "leader"), person_id=uuid4(), post_id=uuid4())


def published(view: DesignView, *, designer: Actor, leader: Actor) -> int:
    sent = registries.submit_design(id=view.card.id, reason="Thử", seen=view.seen, actor=designer)
    registries.approve_design(id=sent.card.id, seen=sent.seen, actor=leader)
    return registries.publish_due(actor=INSTALLER)


def edited(view: DesignView, edit: Edit, actor: Actor) -> DesignView:
    return registries.edit_design(id=view.card.id, edit=edit, seen=view.seen, actor=actor)


def saved(view: DesignView, text: str, actor: Actor) -> DesignView:
    return registries.save_design(id=view.card.id, text=text, seen=view.seen, actor=actor)


def columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname from pg_attribute where attnum > 0 and not attisdropped"
            " and attrelid = to_regclass(%s)",
            [table],
        )
        return {row[0] for row in cursor.fetchall()}


def told(key: str) -> list[str]:
    """Return what the ledger says of a registry, without its publishing."""
    about = Subject(kind="registries.registry", id=RegistryRow.objects.get(key=key).id)
    acts = [one.act.removeprefix("registries.") for one in audit.history(about)]
    return [act for act in acts if act != "published"]


def days_later(days: int) -> datetime:
    return MOMENT + timedelta(days=days)


def test_a_term_is_counted_in_its_own_unit_and_never_short() -> None:
    since = datetime(2026, 1, 31, 20, tzinfo=UTC)
    year = replace(terms.USUAL, amount=12, unit="month")
    assert terms.goes(since, year) == date(2027, 2, 2)
    with clock.at(datetime(2027, 2, 1, 3, tzinfo=UTC)):
        assert not terms.over(since, year)
        assert terms.ended_before(year) <= since
    with clock.at(datetime(2027, 2, 3, 3, tzinfo=UTC)):
        assert terms.over(since, year)
        assert terms.ended_before(year) > since


def thinned(designer: Actor, leader: Actor) -> tuple[UUID, UUID]:
    """Enter two vessels, take a field out, put the second vessel into the bin."""
    kept = registries.add(registry=KEY, values=VESSEL, actor=designer).id
    gone = {**VESSEL, "number": "BĐ-00002-TS"}
    binned = registries.add(registry=KEY, values=gone, actor=designer).id
    draft = registries.begin_design(registry=KEY, actor=designer)
    draft = saved(draft, draft.text.replace("key: [number]\n", f"{TERM}key: [number]\n"), designer)
    draft = edited(draft, Edit(what="drop_field", name="built_on"), designer)
    assert published(draft, designer=designer, leader=leader) == 1
    registries.remove(registry=KEY, id=binned, reason="Nhập nhầm", actor=designer)
    return kept, binned


def test_an_official_sees_what_rests_in_the_bin_and_when_it_goes(
    designer: Actor, leader: Actor, commune: Actor
) -> None:
    thinned(designer, leader)
    seen = registries.bin_of(registry=KEY, actor=designer)
    assert (seen.term, seen.keep, seen.forever) == ("12 tháng", "5 năm", False)
    assert [(one.path, one.title, one.goes_date) for one in seen.fields] == [
        ("built_on", "Ngày đóng", date(2027, 11, 25))
    ]
    assert (seen.records, seen.first_date) == (1, date(2027, 11, 25))
    with pytest.raises(NotFound):
        registries.bin_of(registry=KEY, actor=commune)


def test_a_removed_field_and_a_removed_record_go_after_their_term_and_not_before(
    designer: Actor, leader: Actor
) -> None:
    kept, binned = thinned(designer, leader)
    # Twelve months are no twelve days.
    assert [emptied(day) for day in (13, 364)] == [0, 0]
    assert emptied(367) == 1
    with pytest.raises(NotFound) as ended:
        registries.record(registry=KEY, id=kept, actor=designer, version=1)
    assert ended.value.code == "registries.version_ended"
    assert "built_on" in columns("r_harbour_vessel")
    assert emptied(367, hours=1) == 1
    assert "built_on" not in columns("r_harbour_vessel")
    assert "built_on" in columns("h_harbour_vessel")
    assert told(KEY) == ["column_dropped"]
    amended = registries.amend(registry=KEY, id=kept, values={"name": "Mới"}, actor=designer)
    assert (amended.revision, history(binned)) == (2, 2)
    five_years = 367 + 5 * 365 + 10
    assert [emptied(five_years), emptied(five_years, hours=1)] == [0, 1]
    assert "built_on" not in columns("h_harbour_vessel")
    assert (history(binned), history(kept)) == (0, 1)
    assert sorted(told(KEY)) == ["column_dropped", "column_forgotten", "history_forgotten"]


def emptied(days: int, *, hours: int = 0) -> int:
    """Empty the bins some days later; how many records and columns went."""
    with clock.at(days_later(days) + timedelta(hours=hours)):
        return jobs.empty_bins()


def history(id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from h_harbour_vessel where row_id = %s", [id])
        return int(cursor.fetchone()[0])


def made(name: str, designer: Actor, leader: Actor, *, field: dict[str, str]) -> None:
    new = NewRegistry(
        name=name, title=f"Sổ {name}", legal="Quyết định thử số 1", key="code", key_title="Mã số"
    )
    draft = registries.begin_registry(new=new, actor=designer)
    draft = edited(draft, Edit(what="field", given=field), designer)
    assert published(draft, designer=designer, leader=leader) == 1


@pytest.fixture
def pier(designer: Actor, leader: Actor) -> UUID:
    """Return the one record of a registry made here."""
    made("ben_do", designer, leader, field={"name": "seats", "title": "Số chỗ", "required": "no"})
    return registries.add(registry=PIER, values={"code": "A"}, actor=designer).id


def test_a_registry_that_something_refers_to_or_that_holds_records_is_not_withdrawn(
    designer: Actor, leader: Actor, pier: UUID
) -> None:
    link = {"name": "pier", "title": "Bến", "type": "reference", "to": "ben_do", "required": "no"}
    made("cau_cang", designer, leader, field=link)
    with pytest.raises(Conflict) as used:
        registries.withdraw(registry=PIER, reason="Thôi", actor=leader)
    assert (used.value.code, used.value.why) == (
        "registries.used_elsewhere",
        "Sổ “Sổ cau_cang” tham chiếu sổ này bằng ô “Bến”.",
    )
    registries.withdraw(registry=BERTH, reason="Không dùng", actor=designer)
    with pytest.raises(Invalid):
        registries.withdraw(registry=PIER, reason=" ", actor=leader)
    with pytest.raises(Conflict) as full:
        registries.withdraw(registry=PIER, reason="Thôi", actor=designer)
    assert full.value.code == "registries.not_empty"
    assert registries.record(registry=PIER, id=pier, actor=designer).values["code"] == "A"


def test_a_leader_withdraws_a_registry_brings_it_back_and_lets_it_go(
    designer: Actor, leader: Actor, pier: UUID
) -> None:
    registries.withdraw(registry=PIER, reason="Sáp nhập", actor=leader)
    with pytest.raises(NotFound):
        registries.record(registry=PIER, id=pier, actor=designer)
    (card,) = registries.withdrawn(actor=leader)
    assert (card.key, card.records, card.reason) == (PIER, 1, "Sáp nhập")
    assert card.goes_date == date(2027, 2, 23)
    with pytest.raises(NotAllowed):
        registries.bring_registry_back(registry=PIER, actor=designer)
    emptied(89)
    registries.bring_registry_back(registry=PIER, actor=leader)
    assert registries.record(registry=PIER, id=pier, actor=designer).values["code"] == "A"
    registries.withdraw(registry=PIER, reason="Sáp nhập", actor=leader)
    emptied(92)
    assert (columns("r_local_ben_do"), "code" in columns("h_local_ben_do")) == (set(), True)
    acts = ["withdrawn", "registry_brought_back", "withdrawn", "emptied"]
    assert sorted(told(PIER)) == sorted(acts)
    with pytest.raises(NotFound):
        registries.bring_registry_back(registry=PIER, actor=leader)
    with connection.cursor() as cursor:
        cursor.execute("select code from h_local_ben_do where row_id = %s", [pier])
        assert cursor.fetchall() == [("A",)]
