"""KT-e3: what the national portal is told of dossiers, over real sockets to its simulator."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound
from cuaso.services.national_portal import api as national_portal
from cuaso.services.national_portal.models import Missing, Reconciliation, Update
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier, Result
from tests.support.dossiers import issue, let_the_house_work, submit_birth
from tests.support.national import DOOR, marital, sync_state, synchronise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
TODAY = date(2026, 10, 7)


def test_kt_e3_statuses_and_the_result_arrive_there_in_order_with_the_same_hash(
    portal, qg_code, handed_in, official, citizen
):
    issue(handed_in.id, citizen(), official)
    assert sync_state(handed_in) == "waiting"
    synchronise()
    assert sync_state(handed_in) == "synced"
    there = portal.there(qg_code)
    assert portal.statuses(qg_code) == [1, 4, 9, 10]
    versions = [one["version"] for one in there["statuses"]]
    assert versions == sorted(set(versions))
    result = Result.objects.get(dossier=handed_in)
    stored = files.info(result.final_file_id)
    assert list(there["results"]) == [stored.sha256]
    last = there["statuses"][-1]
    assert (last["result"]["number"], last["result"]["sha256"]) == ("01/2026", stored.sha256)
    assert last["dossier_code"].endswith("-261007-0001")
    assert (last["at"], last["due_at"]) == (
        "2026-10-07T09:00:00+07:00",
        "2026-10-07T17:00:00+07:00",
    )


def test_a_result_that_is_revoked_later_is_told_there(
    portal, qg_code, handed_in, official, citizen
):
    issue(handed_in.id, citizen(), official)
    synchronise()
    procedures.revoke_result(
        id=handed_in.id,
        reason="Cấp không đúng thẩm quyền.",
        ground="against_rules",
        actor=official("leader"),
    )
    synchronise()
    last = portal.there(qg_code)["statuses"][-1]
    assert (last["status"], last["result"]["state"], last["result"]["number"]) == (
        10,
        "revoked",
        "01/2026",
    )
    assert portal.statuses(qg_code) == [1, 4, 9, 10, 10]


def test_kt_e3_an_outage_of_a_day_loses_nothing_and_keeps_the_order(
    portal, qg_code, handed_in, official, citizen
):
    portal.fault("down")
    issue(handed_in.id, citizen(), official)
    for _ in range(5):
        let_the_house_work()
        assert national_portal.send_due() == 0
    assert sync_state(handed_in) == "waiting"
    tried = Update.objects.order_by("version").first()
    assert tried.tries == 1
    assert tried.trouble == "Cổng Dịch vụ công quốc gia chưa nhận (mã 503)."
    with clock.at(clock.now() + timedelta(days=1)):
        assert national_portal.send_due() == 0
        assert national_portal.standing().waiting == 4
        portal.fault("garbage")
        with clock.at(clock.now() + timedelta(hours=1)):
            assert national_portal.send_due() == 0
        portal.fault("ok")
        assert portal.statuses(qg_code) == []
        with clock.at(clock.now() + timedelta(hours=2)):
            synchronise()
    assert portal.statuses(qg_code) == [1, 4, 9, 10]
    assert sync_state(handed_in) == "synced"


def test_an_answer_that_was_lost_is_asked_again_and_changes_nothing_there(
    portal, qg_code, handed_in
):
    synchronise()
    there = portal.there(qg_code)
    Update.objects.filter(link__code=qg_code).update(state="waiting", next_try_at=clock.now())
    synchronise()
    assert portal.there(qg_code) == there
    assert sync_state(handed_in) == "synced"


def test_the_portal_refuses_and_an_administrator_sends_again(portal, qg_code, handed_in, official):
    portal.fault("refuse")
    synchronise()
    assert sync_state(handed_in) == "failed"
    read = procedures.dossier(id=handed_in.id, actor=official("reception"))
    assert read.sync_say == "Chưa báo được; trang Quản trị có việc báo lại"
    procedures.receive(id=handed_in.id, actor=official("reception"))
    portal.fault("ok")
    synchronise()
    assert portal.statuses(qg_code) == []
    (failed,) = national_portal.standing().failed
    assert (failed.code, failed.status) == (qg_code, 1)
    assert failed.trouble == "Cổng Dịch vụ công quốc gia từ chối (mã 400): refused"
    national_portal.resend(id=failed.id, actor=official("leader"))
    synchronise()
    assert portal.statuses(qg_code) == [1, 4]
    assert sync_state(handed_in) == "synced"
    with pytest.raises(NotFound):
        national_portal.resend(id=failed.id, actor=official("leader"))


def test_a_dossier_submitted_here_is_told_only_when_the_portal_is_told_of_all(
    portal, citizen, monkeypatch
):
    quiet = submit_birth(citizen())
    synchronise()
    assert Dossier.objects.get(id=quiet.dossier_id).sync_state == "none"
    monkeypatch.setenv("CUASO_NATIONAL_SCOPE", "all")
    told = submit_birth(citizen())
    synchronise()
    assert Dossier.objects.get(id=told.dossier_id).sync_state == "synced"
    assert portal.statuses(told.tracking_code) == [1]


def test_kt_e3_reconciling_finds_what_differs_and_mends_it(
    portal, qg_code, handed_in, official, citizen
):
    issue(handed_in.id, citizen(), official)
    lost = f"{qg_code}-B"
    portal.knows(lost)
    assert portal.post(DOOR, marital(lost)).status_code == 200
    synchronise()
    same = national_portal.reconcile(TODAY)
    assert (same.same, same.differences, same.queued_again) == (2, (), 0)

    first = portal.there(qg_code)["statuses"][0]["version"]
    portal.forget(qg_code, after=first)
    portal.forget(lost)
    found = national_portal.reconcile(TODAY)
    assert (found.same, found.behind_there, found.unknown_there) == (0, 1, 1)
    assert {(one.kind, one.code) for one in found.differences} == {
        ("behind_there", qg_code),
        ("unknown_there", lost),
    }
    assert found.queued_again == 4
    assert sync_state(handed_in) == "waiting"
    portal.knows(lost)
    synchronise()
    assert (portal.statuses(qg_code), portal.statuses(lost)) == ([1, 4, 9, 10], [1])
    assert national_portal.reconcile(TODAY).same == 2


def test_a_dossier_that_never_arrived_is_named(portal, qg_code):
    portal.knows(qg_code)
    day = date.fromisoformat(portal.there(qg_code)["updated_at"][:10])
    found = national_portal.reconcile(day)
    assert [(one.kind, one.code) for one in found.differences] == [("unknown_here", qg_code)]
    assert found.queued_again == 0
    assert [(one.code, one.state) for one in national_portal.standing().missing] == [
        (qg_code, "waiting")
    ]


@pytest.fixture
def lost(portal, qg_code):
    """Return the code of a dossier that the portal took and the province never got.

    The portal's own clock is the real one, and its signature holds for five minutes.
    """
    portal.knows(qg_code)
    moment = datetime.fromisoformat(portal.there(qg_code)["updated_at"])
    with clock.at(moment.astimezone(UTC)):
        national_portal.reconcile(clock.today())
        yield qg_code


def test_kt_e3_a_dossier_that_never_arrived_is_asked_for_again_and_taken_in_once(lost, portal):
    portal.fault("down")
    assert national_portal.ask_missing_due() == 0
    (waiting,) = national_portal.standing().missing
    assert (waiting.state, waiting.tries) == ("waiting", 1)
    assert waiting.trouble == "Cổng Dịch vụ công quốc gia chưa nhận (mã 503)."
    portal.fault("ok")
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert national_portal.ask_missing_due() == 1
        assert national_portal.ask_missing_due() == 0
        assert national_portal.standing().missing == ()
        found = Dossier.objects.get(key=f"national:{lost}")
        assert (found.status, found.procedure.code) == (1, "1.001193")
        synchronise()
        assert portal.statuses(lost) == [1]
        assert national_portal.reconcile(clock.today()).unknown_here == 0


def test_a_dossier_that_cannot_come_in_waits_for_the_administrator_who_asks_again(
    lost, portal, administrator
):
    unfit = Missing.objects.get(code=lost)
    portal.forget(lost)
    assert national_portal.ask_missing_due() == 0
    standing = national_portal.standing()
    assert [(one.state, one.trouble) for one in standing.missing] == [
        ("refused", "Cổng không còn giữ nội dung của hồ sơ này.")
    ]
    assert standing.say.startswith("1 hồ sơ của Cổng chưa về được tỉnh")
    page, act = "/ban-lam-viec/quan-tri/", {"act": f"ask-again:{unfit.id}"}
    assert act["act"] in administrator.get(page).content.decode()
    assert administrator.post(page, act).status_code == 302
    again = administrator.post(page, act)
    assert "Không có hồ sơ nào chờ hỏi lại." in again.content.decode()
    portal.knows(lost)
    assert national_portal.ask_missing_due() == 1
    assert Dossier.objects.filter(key=f"national:{lost}").count() == 1


def test_a_day_is_compared_once_and_again_after_an_outage(portal, qg_code, handed_in):
    synchronise()
    tomorrow = clock.now() + timedelta(days=1)
    portal.fault("down")
    with clock.at(tomorrow):
        assert national_portal.reconcile_due() == 0
        assert national_portal.reconcile_due() == 0
        tried = national_portal.standing().last
        assert (tried.day, tried.trouble) == (
            TODAY,
            "Cổng Dịch vụ công quốc gia chưa nhận (mã 503).",
        )
        assert Reconciliation.objects.count() == 1
    portal.fault("ok")
    with clock.at(tomorrow + timedelta(minutes=11)):
        assert national_portal.reconcile_due() == 1
        assert national_portal.reconcile_due() == 0
        assert national_portal.standing().last.same == 1


def test_nothing_is_sent_and_nothing_breaks_where_no_portal_is_configured(
    portal, qg_code, handed_in, monkeypatch
):
    monkeypatch.delenv("CUASO_NATIONAL_URL")
    let_the_house_work()
    assert (national_portal.send_due(), national_portal.reconcile_due()) == (0, 0)
    standing = national_portal.standing()
    assert (standing.configured, standing.waiting) == (False, 1)


@pytest.fixture
def administrator(db: None) -> Client:
    committee = directory.province().committee_id
    holder = next(
        one
        for one in directory.holders_below(committee, "admin")
        if one.post.title == "Quản trị hệ thống của tỉnh"
    )
    client = Client()
    account = get_user_model().objects.get(person_id=holder.person.id, kind="official")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_an_administrator_reads_how_synchronisation_stands_and_sends_again(
    portal, qg_code, handed_in, administrator
):
    page = "/ban-lam-viec/quan-tri/"
    portal.fault("refuse")
    synchronise()
    said = administrator.get(page).content.decode()
    assert "Đồng bộ với Cổng Dịch vụ công quốc gia" in said
    assert "Cổng Dịch vụ công quốc gia từ chối (mã 400): refused" in said
    assert "1 trạng thái bị từ chối, cần người xem lại." in said
    assert "Chưa đối soát ngày nào." in said
    assert administrator.post(page, {"act": "resend:la"}).status_code == 404
    portal.fault("ok")
    (failed,) = national_portal.standing().failed
    assert administrator.post(page, {"act": f"resend:{failed.id}"}).status_code == 302
    synchronise()
    assert sync_state(handed_in) == "synced"
    national_portal.reconcile(TODAY)
    said = administrator.get(page).content.decode()
    assert "Cổng Dịch vụ công quốc gia đã có mọi trạng thái." in said
    assert "ngày 07/10/2026, làm lúc" in said
