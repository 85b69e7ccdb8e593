"""KT-d5, KT-e3: fees that people paid at the national portal, before and after the dossier came."""

from datetime import date

import pytest

from cuaso.capabilities.payments import api as payments
from cuaso.foundation.audit import api as audit
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject
from cuaso.services.national_portal import api as national_portal
from cuaso.services.national_portal.models import FeeNotice
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier
from tests.support.dossiers import let_the_house_work
from tests.support.fees import finance_state
from tests.support.national import DOOR, birth, copies, kept, synchronise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
TODAY = date(2026, 10, 7)
FEE = 14_000


@pytest.fixture
def path(qg_code):
    return f"{DOOR}/{qg_code}/nop-phi"


@pytest.fixture
def asked_for_copies(portal, qg_code):
    """Return a dossier of the portal that owes 14.000 đồng."""
    portal.knows(qg_code)
    answer = portal.post(DOOR, copies(qg_code))
    assert answer.status_code == 200, answer.content.decode()
    return Dossier.objects.get(tracking_code=answer.json()["tracking_code"])


def owed_by(dossier):
    (owed,) = payments.obligations_about(Subject(kind="procedures.dossier", id=dossier.id))
    return owed


def test_kt_d5_a_fee_paid_at_the_national_portal_settles_the_dossier_once(
    portal, qg_code, path, asked_for_copies, citizen
):
    told = portal.pays(qg_code, FEE, transaction="T1")
    first = portal.post(path, told)
    assert (first.status_code, first.json()["tracking_code"]) == (
        200,
        asked_for_copies.tracking_code,
    )
    before = kept()
    assert portal.post(path, told).json() == first.json()
    assert kept() == before
    let_the_house_work()
    owed = owed_by(asked_for_copies)
    assert (owed.state, owed.method, owed.receipt.method) == ("paid", "national", "national")
    assert finance_state(asked_for_copies.id) == "paid"
    entries = audit.history(Subject(kind="procedures.dossier", id=asked_for_copies.id))
    paid = [one for one in entries if one.act == "payments.paid"]
    assert [one.actor_name for one in paid] == ["Cổng Dịch vụ công quốc gia"]
    with pytest.raises(Conflict) as refused:
        procedures.pay_fee(
            id=asked_for_copies.id, return_url="http://localhost/ve", actor=citizen()
        )
    assert refused.value.code == "procedures.nothing_to_pay"


def test_a_fee_paid_before_the_dossier_came_settles_it_on_arrival(portal, qg_code, path):
    early = portal.post(path, portal.pays(qg_code, FEE, transaction="T2"))
    assert (early.status_code, early.json()["tracking_code"], early.json()["status"]) == (
        200,
        "",
        0,
    )
    assert FeeNotice.objects.get().state == "waiting"
    answer = portal.post(DOOR, copies(qg_code))
    dossier = Dossier.objects.get(tracking_code=answer.json()["tracking_code"])
    assert owed_by(dossier).state == "paid"
    assert FeeNotice.objects.get().state == "settled"


def test_a_wrong_amount_is_refused_and_changes_nothing(portal, qg_code, path, asked_for_copies):
    before = kept()
    answer = portal.post(path, portal.pays(qg_code, 13_000, transaction="T3"))
    assert (answer.status_code, answer.json()["code"]) == (409, "national_portal.wrong_amount")
    assert "Cổng đã thu 13.000 đồng, hồ sơ phải nộp 14.000 đồng." in answer.json()["detail"]
    assert kept() == before
    assert owed_by(asked_for_copies).state == "open"


def test_a_free_dossier_takes_no_money(portal, qg_code, path):
    assert portal.post(DOOR, birth(qg_code)).status_code == 200
    before = kept()
    answer = portal.post(path, portal.pays(qg_code, FEE, transaction="T4"))
    assert (answer.status_code, answer.json()["code"]) == (409, "national_portal.nothing_owed")
    assert kept() == before


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount_vnd": 0}, "amount_vnd"),
        ({"amount_vnd": "14000"}, "amount_vnd"),
        ({"amount_vnd": True}, "amount_vnd"),
        ({"paid_at": "2026-10-07T09:00:00"}, "paid_at"),
        ({"paid_at": "hôm qua"}, "paid_at"),
        ({"currency": "USD"}, "currency"),
        ({"transaction": ""}, "transaction"),
    ],
)
@pytest.mark.usefixtures("asked_for_copies")
def test_a_notice_without_sense_is_refused_with_its_place(portal, path, changed, field):
    told = {"transaction": "T5", "amount_vnd": FEE, "paid_at": "2026-10-07T09:00:00+07:00"}
    before = kept()
    answer = portal.post(path, {**told, **changed})
    assert (answer.status_code, [one["field"] for one in answer.json()["problems"]]) == (
        422,
        [field],
    )
    assert kept() == before


def test_a_forged_notice_and_one_told_otherwise_change_nothing(
    portal, qg_code, path, asked_for_copies
):
    told = portal.pays(qg_code, FEE, transaction="T6")
    before = kept()
    assert portal.post(path, told, secret="khac").status_code == 403
    assert kept() == before
    assert portal.post(path, told).status_code == 200
    before = kept()
    for other, place in (({**told, "amount_vnd": 15_000}, path), (told, f"{DOOR}/khac/nop-phi")):
        answer = portal.post(place, other)
        assert (answer.status_code, answer.json()["code"]) == (409, "national_portal.key_reused")
    assert kept() == before


def test_money_of_another_amount_that_came_first_is_kept_and_shown_by_the_daily_comparison(
    portal, qg_code, path
):
    portal.knows(qg_code)
    portal.post(path, portal.pays(qg_code, 20_000, transaction="T7"))
    answer = portal.post(DOOR, copies(qg_code))
    dossier = Dossier.objects.get(tracking_code=answer.json()["tracking_code"])
    assert (owed_by(dossier).state, FeeNotice.objects.get().state) == ("open", "kept")
    synchronise()
    found = national_portal.reconcile(TODAY)
    assert (found.fees_same, found.fees_differing) == (0, 1)
    assert ("fee_unsettled", qg_code) in [(one.kind, one.code) for one in found.differences]
    assert "Giao dịch T7: Cổng đã thu 20.000 đồng, hồ sơ phải nộp 14.000 đồng." in [
        one.say for one in found.differences
    ]


def test_kt_e3_the_daily_comparison_takes_in_a_fee_that_nobody_told_and_then_both_sides_agree(
    portal, qg_code, asked_for_copies
):
    portal.pays(qg_code, FEE, transaction="T8")
    synchronise()
    found = national_portal.reconcile(TODAY)
    assert (found.fees_same, found.fees_differing) == (0, 1)
    assert ("fee_unknown_here", qg_code) in [(one.kind, one.code) for one in found.differences]
    assert owed_by(asked_for_copies).state == "paid"
    again = national_portal.reconcile(TODAY)
    assert (again.fees_same, again.fees_differing) == (1, 0)
