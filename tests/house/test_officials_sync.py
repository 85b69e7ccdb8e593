"""TT-IV.13: officials' records in step with the national database; a person settles differences."""

from datetime import timedelta

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Unavailable
from cuaso.kernel.subjects import Subject
from cuaso.services.personnel import api as personnel
from cuaso.services.personnel.models import Comparison, Difference, Message
from tests.support.apparatus import HOUSE, official, organisation
from tests.support.personnel import again, morning, work
from tests.support.registers import holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

CODE = "CB-000001"
RANK = "Chuyên viên"


@pytest.fixture
def handler():
    return holder(HOUSE, "handler")


@pytest.fixture
def leader():
    return holder(HOUSE, "leader")


@pytest.fixture
def told(ministry, handler):
    """Return the file of an official whom the ministry knows."""
    code = directory.agency_by_key(HOUSE).code
    organisation(code, handler, name="Sở Nội vụ tỉnh Gia Lai", kind="department", parent="")
    file = official(1, handler, organisation=code, placed_on="01/07/2025", email="", rank="01.003")
    work()
    assert personnel.send_due() == 1
    return file


def change(file, actor, **said):
    values = {f"record.{name}": value for name, value in said.items()}
    done = registries.amend(registry=file.registry, id=file.id, values=values, actor=actor)
    work()
    return done


def differences(actor):
    return [
        (one.kind, one.code, one.title, one.here, one.there)
        for one in personnel.synchronisation(actor=actor).differences
    ]


def settle(actor, choice, *, title="", reason="Đối chiếu với hồ sơ gốc"):
    lines = personnel.synchronisation(actor=actor).differences
    (line,) = [one for one in lines if not title or one.title == title]
    personnel.decide(id=line.id, choice=choice, reason=reason, actor=actor)
    work()


def test_TT_IV_13_a_file_reaches_the_national_database_and_each_change_after_it(
    told,
    ministry,
    handler,
):
    there = ministry.there(CODE)
    assert (there["person.full_name"], there["rank"]) == ("Võ Thị Hạ Lam", "01.003")
    assert there["organisation"] == directory.agency_by_key(HOUSE).code
    assert "phone" not in there
    change(told, handler, rank="01.002", phone="0905000111")
    assert personnel.send_due() == 1
    assert ministry.there(CODE)["rank"] == "01.002"
    first, second = Message.objects.order_by("version")
    assert (first.state, second.state) == ("sent", "sent")
    assert second.receipt == f"BN-{CODE}-{second.version}"
    assert (first.said, second.said) == ({}, {})
    (entry,) = audit.history(Subject(kind="personnel.message", id=second.id))
    assert (entry.act, entry.content["sha256"]) == ("personnel.told", second.said_sha256)
    change(told, handler, phone="0905000222")
    assert personnel.send_due() == 0
    assert Message.objects.count() == 2


def test_TT_IV_13_a_day_of_outage_loses_nothing_and_tells_only_the_newest(
    told,
    ministry,
    handler,
):
    ministry.fault("down")
    change(told, handler, rank="01.002")
    assert personnel.send_due() == 0
    shown = personnel.synchronisation(actor=handler)
    assert shown.waiting == 1
    assert shown.trouble == "Cơ sở dữ liệu quốc gia về cán bộ chưa nhận (mã 503)."
    later = clock.now()
    for _ in range(30):
        later += timedelta(minutes=50)
        with clock.at(later):
            assert personnel.send_due() == 0
    change(told, handler, rank="01.001")
    ministry.fault("garbage")
    with clock.at(later + timedelta(hours=1)):
        assert personnel.send_due() == 0
    ministry.fault("ok")
    assert ministry.there(CODE)["rank"] == "01.003"
    with clock.at(later + timedelta(hours=2)):
        assert personnel.send_due() == 1
    assert ministry.there(CODE)["rank"] == "01.001"
    assert list(Message.objects.order_by("version").values_list("state", flat=True)) == [
        "sent", "passed", "sent",
    ]  # fmt: skip


def test_TT_IV_13_a_lost_answer_is_asked_for_again_and_nothing_is_taken_twice(
    told,
    ministry,
    handler,
):
    change(told, handler, rank="01.002")
    personnel.send_due()
    row = Message.objects.order_by("-version").first()
    row.state, row.receipt, row.next_try_at = "waiting", "", clock.now()
    row.said = {**ministry.there(CODE)}
    row.save()
    assert personnel.send_due() == 1
    row.refresh_from_db()
    assert (row.state, row.receipt) == ("sent", f"BN-{CODE}-{row.version}")
    assert ministry.there(CODE)["rank"] == "01.002"


def test_TT_IV_13_what_the_ministry_refuses_waits_for_a_person_with_its_reason(
    told,
    ministry,
    handler,
):
    ministry.fault("refuse")
    change(told, handler, rank="01.002")
    assert personnel.send_due() == 1
    (refused,) = personnel.synchronisation(actor=handler).refused
    assert refused.trouble == "Cơ sở dữ liệu quốc gia từ chối: refused."
    ministry.fault("ok")
    assert personnel.send_due() == 0
    personnel.send_refused_again(id=refused.id, actor=handler)
    assert personnel.send_due() == 1
    assert ministry.there(CODE)["rank"] == "01.002"
    assert personnel.synchronisation(actor=handler).refused == ()


def test_TT_IV_13_reconciliation_names_each_difference_and_changes_nothing(
    told,
    ministry,
    handler,
):
    code = directory.agency_by_key(HOUSE).code
    official(
        2, handler, organisation=code, placed_on="01/07/2025", email="",
        person__personal_number="052094000123", person__full_name="Trần Văn Mẫu",
        person__birth_date="09/09/1994", person__sex="male",
    )  # fmt: skip
    work()
    personnel.send_due()
    ministry.forget("CB-000002")
    ministry.edit(CODE, rank="01.002", person__birth_date="1996-02-15")
    ministry.edit("CB-000009", person__full_name="Người Lạ Minh Hoạ")
    before = (again(told, handler).values, ministry.there(CODE))
    found = personnel.reconcile()
    assert (found.same, found.only_here, found.only_there, found.other_values) == (0, 1, 1, 2)
    named = differences(handler)
    assert ("only_here", "CB-000002", "", "", "") in named
    assert ("only_there", "CB-000009", "", "", "") in named
    assert ("other_value", CODE, "Ngạch, chức danh nghề nghiệp", RANK, "01.002") in named
    assert ("other_value", CODE, "Ngày sinh", "14/02/1996", "1996-02-15") in named
    assert personnel.send_due() == 0
    assert (again(told, handler).values, ministry.there(CODE)) == before
    ministry.fault("duplicate")
    personnel.reconcile()
    assert differences(handler) == named
    assert Difference.objects.count() == 4


def test_TT_IV_13_a_person_takes_their_value_and_the_record_says_where_it_came_from(
    told,
    ministry,
    handler,
):
    ministry.edit(CODE, rank="01.002")
    personnel.reconcile()
    with pytest.raises(Invalid):
        settle(handler, "take_theirs", reason=" ")
    with pytest.raises(Invalid):
        settle(handler, "not_ours")
    clerk = holder("ubnd-21583", "clerk")
    (line,) = personnel.synchronisation(actor=handler).differences
    with pytest.raises(NotAllowed):
        personnel.decide(id=line.id, choice="take_theirs", reason="Thử", actor=clerk)
    settle(handler, "take_theirs")
    assert again(told, handler).value("rank") == "01.002"
    (last, *_) = registries.history(registry=told.registry, id=told.id, actor=handler)
    assert (last.origin, last.origin_id, last.reason) == (
        "national", f"{CODE}/1", "Đối chiếu với hồ sơ gốc",
    )  # fmt: skip
    assert personnel.send_due() == 1
    assert personnel.reconcile().same == 1
    assert differences(handler) == []


def test_TT_IV_13_a_person_keeps_our_value_and_what_is_undecided_stays_theirs(
    told,
    ministry,
    handler,
):
    ministry.edit(CODE, rank="01.002", major="Luật học")
    personnel.reconcile()
    settle(handler, "keep_ours", title="Ngạch, chức danh nghề nghiệp")
    assert personnel.send_due() == 1
    there = ministry.there(CODE)
    assert (there["rank"], there["major"]) == ("01.003", "Luật học")
    personnel.reconcile()
    assert [line[2] for line in differences(handler)] == ["Chuyên ngành"]
    settle(handler, "keep_ours")
    personnel.send_due()
    assert ministry.there(CODE)["major"] == again(told, handler).value("major")
    assert personnel.reconcile().same == 1


def test_TT_IV_13_what_the_ministry_changed_meanwhile_is_not_written_over_in_silence(
    told,
    ministry,
    handler,
):
    ministry.edit(CODE, major="Luật học")
    change(told, handler, rank="01.002")
    assert personnel.send_due() == 1
    assert (ministry.there(CODE)["rank"], ministry.there(CODE)["major"]) == ("01.003", "Luật học")
    assert [line[2] for line in differences(handler)] == [
        "Chuyên ngành", "Ngạch, chức danh nghề nghiệp",
    ]  # fmt: skip
    settle(handler, "take_theirs", title="Chuyên ngành")
    settle(handler, "keep_ours", title="Ngạch, chức danh nghề nghiệp")
    personnel.send_due()
    assert (ministry.there(CODE)["rank"], ministry.there(CODE)["major"]) == ("01.002", "Luật học")
    assert personnel.reconcile().same == 1


def test_TT_IV_13_a_status_is_not_taken_over_by_hand_and_a_changed_file_is_asked_again(
    told,
    ministry,
    handler,
):
    ministry.edit(CODE, status="retired", major="Luật học")
    personnel.reconcile()
    with pytest.raises(Conflict) as by_hand:
        settle(handler, "take_theirs", title="Tình trạng")
    assert by_hand.value.code == "personnel.not_by_hand"
    change(told, handler, major="Kế toán")
    with pytest.raises(Conflict) as changed:
        settle(handler, "take_theirs", title="Chuyên ngành")
    assert changed.value.code == "personnel.changed_since_compared"
    file = again(told, handler)
    assert (file.text("status"), file.value("major")) == ("Đang công tác", "Kế toán")


def test_TT_IV_13_who_is_only_there_is_disowned_or_taken_on_and_who_is_only_here_is_sent_again(
    told,
    ministry,
    handler,
):
    ministry.edit("CB-000008", person__full_name="Người Tỉnh Khác")
    ministry.edit("CB-000009", person__full_name="Người Chưa Nhập")
    ministry.forget(CODE)
    personnel.reconcile()
    lines = {one.code: one.id for one in personnel.synchronisation(actor=handler).differences}
    choices = {CODE: "send_again", "CB-000008": "not_ours", "CB-000009": "enter_here"}
    for code, choice in choices.items():
        personnel.decide(id=lines[code], choice=choice, reason="Theo công văn", actor=handler)
    assert personnel.send_due() == 2
    assert ministry.there(CODE)["rank"] == "01.003"
    found = personnel.reconcile()
    assert (found.same, found.only_there) == (1, 0)
    with clock.at(clock.now() + timedelta(days=31)):
        assert personnel.reconcile().only_there == 1


def test_TT_IV_13_the_daily_comparison_is_tried_again_while_the_other_side_is_down(
    told,
    ministry,
    handler,
):
    ministry.edit(CODE, rank="01.002")
    personnel.reconcile()
    ministry.fault("down")
    with pytest.raises(Unavailable):
        personnel.reconcile()
    assert len(differences(handler)) == 1
    with clock.at(morning("2026-10-08")):
        assert personnel.reconcile_due() == 0
    ministry.fault("ok")
    with clock.at(morning("2026-10-08") + timedelta(hours=1)):
        assert [personnel.reconcile_due(), personnel.reconcile_due()] == [1, 0]
    done = Comparison.objects.order_by("at").values_list("other_values", "trouble")
    assert list(done) == [
        (1, ""), (0, "Cơ sở dữ liệu quốc gia về cán bộ chưa nhận (mã 503)."), (1, ""),
    ]  # fmt: skip


def test_TT_IV_13_a_file_put_in_the_bin_is_withdrawn_there(told, ministry, leader):
    system = Message.objects.get()
    assert system.withdrawn is False
    registries.undo(registry=told.registry, change_id=told.change_id, actor=leader, reason="Trùng")
    work()
    assert personnel.send_due() == 1
    assert ministry.there(CODE) == {}
    assert personnel.reconcile().only_there == 0
