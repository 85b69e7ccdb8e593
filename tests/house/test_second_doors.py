"""Who reads by SQL sees what the lists show, and nothing without an open door."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.logic.seeing import rights, second_doors
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures.models import Dossier
from cuaso.services.procedures.policies import DOSSIERS
from tests.support.answers import QUY_NHON
from tests.support.dossiers import submit_birth, submit_marital
from tests.support.registers import entered, holder

pytestmark = pytest.mark.django_db
VESSEL = "agriculture/fishing_vessel"


@pytest.fixture
def guarded(db):
    """The tables of dossiers and of a registry under row-level security, read by a plain role."""
    with connection.cursor() as cursor:
        for role in ("cuaso_reader", "cuaso_app"):
            cursor.execute("select 1 from pg_roles where rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(f"create role {role}")
        cursor.execute("alter role cuaso_app bypassrls")
        cursor.execute("set constraints all immediate")
        for statement in access.guard_statements(DOSSIERS):
            cursor.execute(statement)
        cursor.execute("grant select on procedures_dossier to cuaso_reader, cuaso_app")
        cursor.execute("grant insert on procedures_dossier to cuaso_app")
        for one in second_doors.guard(sets.built(VESSEL)):
            cursor.execute(one.text.as_string(None))


@contextmanager
def reading(actor=None):
    """Read as the role of the second door; with an actor's door, else with none."""
    secret = access.open_door(actor=actor, purpose="Thống kê").secret if actor else ""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('cuaso.door', %s, true)", [secret])
        cursor.execute("set local role cuaso_reader")
        yield cursor
        cursor.execute("reset role")


def seen(actor, statement):
    with reading(actor) as cursor:
        cursor.execute(statement)
        return {row[0] for row in cursor.fetchall()}


def listed(actor, queryset, policy):
    rows = access.visible(actor=actor, act="view", queryset=queryset, policy=policy)
    return set(rows.values_list("pk", flat=True))


def test_kt_f4_by_sql_an_official_sees_the_dossiers_that_the_lists_show(citizen, official, request):
    submit_birth(citizen(), key="a")
    submit_marital(citizen(), key="b")
    request.getfixturevalue("guarded")
    every = set(Dossier.objects.values_list("pk", flat=True))
    assert len(every) >= 2
    actors = [official(role) for role in ("reception", "handler", "leader", "clerk")]
    actors += [
        holder("thanh-tra-tinh-gia-lai", "auditor"),
        holder("chi-cuc-thuy-san-gia-lai", "handler"),
    ]
    shown = [listed(actor, Dossier.objects.all(), DOSSIERS) for actor in actors]
    assert [seen(actor, "select id from procedures_dossier") for actor in actors] == shown
    assert (shown[0], shown[4], shown[5]) == (every, every, set())
    assert seen(None, "select id from procedures_dossier") == set()


def test_kt_f4_by_sql_a_registry_shows_its_rows_and_hides_masked_columns(request):
    keeper = holder("chi-cuc-thuy-san-gia-lai", "handler")
    entered(VESSEL, keeper, last_seen="")
    request.getfixturevalue("guarded")
    built = sets.built(VESSEL)
    actors = [
        keeper,
        holder(f"ubnd-{QUY_NHON}", "handler"),
        holder("thanh-tra-tinh-gia-lai", "auditor"),
    ]
    shown = [listed(one, built.live.objects.all(), rights.policy(built, one)) for one in actors]
    asking = f'select row_id from "{built.table}"'
    assert [seen(actor, asking) for actor in actors] == shown
    assert len(shown[0]) >= 1
    assert seen(None, asking) == set()
    open_columns = set(second_doors.readable(built))
    hidden = {one.name for one in built.columns} - open_columns
    assert hidden
    for column in ("row_words", sorted(hidden)[0]):
        with pytest.raises(Exception, match="permission denied"), reading(keeper) as cursor:
            cursor.execute(f'select "{column}" from "{built.table}"')


def test_by_sql_nothing_is_seen_after_the_door_was_closed(citizen, official, request):
    submit_marital(citizen())
    request.getfixturevalue("guarded")
    actor = official("reception")
    opened = access.open_door(actor=actor, purpose="Thống kê", lasts=timedelta(hours=1))
    access.close_door(id=opened.id, actor=actor)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('cuaso.door', %s, true)", [opened.secret])
        cursor.execute("set local role cuaso_reader")
        cursor.execute("select count(*) from procedures_dossier")
        assert cursor.fetchone() == (0,)
        cursor.execute("reset role")
    assert clock.now() < opened.until_at


def test_the_app_goes_by_its_own_filter_and_pays_nothing_for_the_guard(citizen, request):
    submit_marital(citizen())
    request.getfixturevalue("guarded")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local role cuaso_app")
        cursor.execute("select count(*) from procedures_dossier")
        assert cursor.fetchone() == (Dossier.objects.count(),)
        cursor.execute("explain select id from procedures_dossier")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("reset role")
    assert "Filter" not in plan


def test_kt_f4_why_an_official_sees_a_record_is_said_and_no_past_is_made_up():
    keeper, auditor = (
        holder("chi-cuc-thuy-san-gia-lai", "handler"),
        holder("thanh-tra-tinh-gia-lai", "auditor"),
    )
    record = entered(VESSEL, keeper, last_seen="")
    asking = {"registry": VESSEL, "id": record.id, "actor": auditor}
    said = registries.why_seen(**asking, person_id=keeper.person_id)
    assert said.allowed
    today = f"Hôm nay {clock.today():%d/%m/%Y}, {keeper.name} được xem với chức danh "
    assert said.sentences[0].startswith(today)
    assert f"theo quy định “{VESSEL}." in said.sentences[0]
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(NotFound):
        registries.why_seen(**asking, person_id=keeper.person_id, on=yesterday)
    told = audit.history(Subject(kind="registries.record", id=record.id))
    assert [one.act for one in told if one.act.startswith("access.")] == ["access.why_asked"]


def test_kt_f4_where_a_guard_would_hinder_the_app_no_table_is_guarded(guarded):
    assert access.has_reader()
    with connection.cursor() as cursor:
        cursor.execute("alter role cuaso_app nobypassrls")
    assert not access.has_reader()
    assert list(second_doors.guard(sets.built(VESSEL))) == []
    assert access.guard_all() == 0


def test_kt_f4_the_app_brings_in_rows_by_copy_whatever_guards_the_table(guarded):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local role cuaso_app")
        cursor.execute("select count(*) from procedures_dossier")
        before = cursor.fetchone()
        statement = "copy procedures_dossier from stdin"
        with cursor.copy(statement):
            pass
        cursor.execute("select count(*) from procedures_dossier")
        assert cursor.fetchone() == before
        cursor.execute("reset role")
