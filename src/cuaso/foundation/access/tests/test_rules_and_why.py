"""What other systems' rules decide; why somebody could see a thing on a past day; second doors."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import connection

from cuaso.foundation.access import api
from cuaso.foundation.access.contracts import Circumstance, Rule, Thing
from cuaso.foundation.access.models import Door, OutsideThing, SystemRule
from cuaso.foundation.access.tests.conftest import MORNING, WARD
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

DAY = timedelta(days=1)
KEEPER = system("kho-luu-tru")
READING = Rule(
    name="doc-ho-so",
    acts=frozenset({"view"}),
    reach="place",
    roles=frozenset({"handler"}),
    data_classes=frozenset({"open", "internal"}),
    purposes=frozenset({"settle"}),
    say="Chuyên viên đọc hồ sơ lưu trữ của địa bàn mình để giải quyết công việc.",
    source="Quy chế khai thác lưu trữ",
)
SECRET = Rule(
    name="mat",
    acts=frozenset({"view"}),
    reach="any",
    data_classes=frozenset({"secret"}),
    denies=True,
    say="Tài liệu mật không mở qua hệ thống này.",
    source="Quy chế khai thác lưu trữ",
)


def keep(*rules):
    return api.keep_rules(system="kho", kind="kho:tai-lieu", rules=rules, actor=KEEPER)


def thing(**said):
    return Thing(
        **{"kind": "kho:tai-lieu", "key": "TL-1", "place_code": WARD, "data_class": "open", **said}
    )


def decide(person_id, *, purpose="settle", day=None, moment=None, **said):
    return api.evaluate(
        stands=api.stands_of(person_id, moment),
        act="view",
        thing=thing(**said),
        asked=Circumstance(purpose=purpose, day=day),
    )


def test_kt_f4_another_systems_rules_go_by_role_place_class_purpose_and_day(acting):
    keep(READING, SECRET)
    handler, leader = acting("handler").person_id, acting("leader").person_id
    yes = decide(handler)
    assert (yes.allowed, yes.grant, yes.source) == (True, "doc-ho-so", "Quy chế khai thác lưu trữ")
    assert not decide(leader).allowed
    assert not decide(handler, place_code="00001").allowed
    assert not decide(handler, purpose="curiosity").allowed
    assert not decide(handler, until=date(2026, 11, 24)).allowed
    no = decide(handler, data_class="secret")
    assert (no.allowed, no.grant) == (False, "mat")


def test_rules_that_are_replaced_stay_for_the_days_on_which_they_held(acting):
    keep(READING)
    handler = acting("handler").person_id
    later = MORNING + 10 * DAY
    with clock.at(later):
        keep(SECRET)
        assert not decide(handler).allowed
        assert decide(handler, day=date(2026, 11, 30), moment=MORNING + 6 * DAY).allowed
    assert SystemRule.objects.count() == 2


def test_a_kind_belongs_to_the_system_that_declared_it_first(province):
    keep(READING)
    with pytest.raises(Conflict):
        api.keep_rules(system="khac", kind="kho:tai-lieu", rules=[READING], actor=KEEPER)
    with pytest.raises(Invalid) as refused:
        keep(READING, READING)
    assert [one.field for one in refused.value.problems] == ["rules.0.name", "rules.1.name"]
    assert SystemRule.objects.count() == 1
    with pytest.raises(NotFound):
        api.evaluate(stands=(), act="view", thing=thing(kind="khong-co"))


def test_kt_f4_why_somebody_could_see_a_thing_on_a_past_day_is_said_with_the_law(acting):
    with clock.at(MORNING - 100 * DAY):
        keep(READING)
    handler = acting("handler")
    auditor = acting("auditor", "thanh-tra-tinh-gia-lai")
    directory.end_post(
        post_id=handler.post_id,
        end=date(2026, 11, 20),
        actor=KEEPER,
        reason="Chuyển công tác.",
    )
    post, agency = directory.post(handler.post_id), directory.agency(handler.agency_id)
    record = OutsideThing(id="TL-1", place_code=WARD, data_class="open")
    asking = {
        "person_id": handler.person_id,
        "record": record,
        "policy_of": lambda _: api.named(thing())[0],
        "subject": Subject(kind="access.thing", id=post.id),
        "actor": auditor,
        "purpose": "settle",
    }
    could = api.explain(**asking, on=date(2026, 11, 10))
    assert could.sentences == (
        (
            f"Ngày 10/11/2026, {handler.name} được xem với chức danh {post.title}, {agency.name} "
            f"({post.valid}), theo quy định “doc-ho-so”: Chuyên viên đọc hồ sơ lưu trữ của địa bàn "
            "mình để giải quyết công việc. Căn cứ: Quy chế khai thác lưu trữ."
        ),
    )
    cannot = api.explain(**asking)
    assert cannot.sentences == (
        (
            f"Hôm nay 24/11/2026, {handler.name} không xem được: người này không giữ chức danh "
            "nào và không có quyền có thời hạn nào."
        ),
    )
    told = audit.history(Subject(kind="access.thing", id=post.id))
    assert [(one.act, one.content["allowed"]) for one in told] == [
        ("access.why_asked", True),
        ("access.why_asked", False),
    ]


def test_only_auditors_and_administrators_ask_why(acting):
    keep(READING)
    with pytest.raises(NotAllowed) as refused:
        api.explain_thing(
            person_id=acting("leader").person_id, thing=thing(), actor=acting("handler")
        )
    assert refused.value.code == "access.why_for_auditors"


def test_a_second_door_opens_for_a_purpose_and_ends_with_the_legal_day(acting):
    handler = acting("handler")
    opened = api.open_door(actor=handler, purpose="Thống kê cuối tháng")
    assert opened.until_at == MORNING + timedelta(hours=8)
    evening = MORNING + timedelta(hours=13)
    with clock.at(evening):
        late = api.open_door(actor=handler, purpose="Thống kê cuối ngày")
    assert late.until_at == MORNING + timedelta(hours=15)
    row = Door.objects.get(pk=opened.id)
    assert row.hash == sha256(opened.secret.encode()).hexdigest()
    assert (row.facts["roles"], row.facts["day"]) == (["handler"], "2026-11-24")
    api.close_door(id=opened.id, actor=handler)
    with pytest.raises(NotFound):
        api.close_door(id=opened.id, actor=handler)
    with pytest.raises(Invalid):
        api.open_door(actor=handler, purpose=" ")
    told = audit.history(Subject(kind="access.door", id=opened.id))
    assert [(one.act, one.reason) for one in told] == [
        ("access.door_opened", "Thống kê cuối tháng"),
        ("access.door_closed", ""),
    ]


def test_a_wrong_or_ended_secret_opens_nothing(acting):
    """The door's clock is the database's: so the present, not the fixed moment."""
    handler = acting("handler")
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        (now,) = cursor.fetchone()
    with clock.at(now):
        opened = api.open_door(actor=handler, purpose="Kiểm tra", lasts=timedelta(minutes=1))
        assert facts_seen(opened.secret) == "official"
        assert facts_seen("wrong") is None
        assert facts_seen("") is None
        api.close_door(id=opened.id, actor=handler)
        assert facts_seen(opened.secret) is None


def facts_seen(secret):
    with connection.cursor() as cursor:
        cursor.execute("select set_config('cuaso.door', %s, true)", [secret])
        cursor.execute("select access_door_one('kind')")
        return cursor.fetchone()[0]
