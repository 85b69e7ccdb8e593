"""Rights for a time, who may sign for whom, and why somebody may see a thing: at the desk."""

import pytest
from django.test import Client

from cuaso.foundation.access import api as access
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.services.procedures import api as procedures
from tests.rest.conftest import signed_in
from tests.support.dossiers import issue, submit_marital
from tests.support.registers import holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
RIGHTS = "/ban-lam-viec/quyen/"
REASON = "Giúp thẩm tra hồ sơ tồn trong tháng mười."


def ask(client: Client, official, **other: str):
    fit = {
        "act": "ask",
        "role": "leader",
        "agency": str(official("clerk").agency_id),
        "until": "31/12/2026",
        "reason": REASON,
    }
    return client.post(RIGHTS, {**fit, **other})


def test_kt_f4_a_clerk_asks_a_leader_grants_and_the_clerk_acts_by_the_right(sign_in, official):
    clerk, leader = sign_in("clerk"), sign_in("leader")
    assert ask(clerk, official).status_code == 302
    (lease,) = access.my_leases(actor=official("clerk"))
    assert str(lease.id) in leader.get(RIGHTS).content.decode()
    granted = leader.post(RIGHTS, {"act": f"grant:{lease.id}", "reason": "Đồng ý theo đề nghị."})
    assert granted.status_code == 302
    assert clerk.get("/ban-lam-viec/ky/").status_code == 403
    assert clerk.post(f"{RIGHTS}dung/", {"lease": str(lease.id)}).status_code == 302
    signing = clerk.get("/ban-lam-viec/ky/")
    assert (signing.status_code, signing.context["lease"].id) == (200, lease.id)
    assert signing.wsgi_request.actor.roles == frozenset({"leader"})
    assert "Ông/bà đang dùng quyền có thời hạn: ký, phê duyệt" in signing.content.decode()
    leader.post(RIGHTS, {"act": f"end:{lease.id}", "reason": "Việc đã xong trước hạn."})
    after = clerk.get("/ban-lam-viec/ky/")
    assert after.status_code == 403
    assert after.wsgi_request.actor.roles == official("clerk").roles


def test_a_right_is_laid_down_again(sign_in, official):
    clerk = sign_in("clerk")
    ask(clerk, official, act="emergency", role="handler", hours="2")
    (lease,) = access.my_leases(actor=official("clerk"))
    assert (lease.emergency, lease.state) == (True, "granted")
    clerk.post(f"{RIGHTS}dung/", {"lease": str(lease.id)})
    assert clerk.get(RIGHTS).context["lease"].id == lease.id
    clerk.post(f"{RIGHTS}dung/", {})
    assert clerk.get(RIGHTS).context["lease"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"role": ""}, "role"),
        ({"until": ""}, "until"),
        ({"agency": "x"}, "agency"),
        ({"reason": "ngắn"}, "reason"),
        ({"act": "emergency", "hours": "9"}, "hours"),
        ({"act": "emergency", "hours": "1"}, "role"),
    ],
)
def test_what_a_request_lacks_is_said_beside_its_field(sign_in, official, change, field):
    answer = ask(sign_in("clerk"), official, **change)
    assert answer.status_code == 422
    assert field in answer.context["wrong"]
    assert access.my_leases(actor=official("clerk")) == ()


def test_nobody_takes_up_the_right_of_another(sign_in, official):
    ask(sign_in("clerk"), official, act="emergency", role="handler", hours="1")
    (lease,) = access.my_leases(actor=official("clerk"))
    other = sign_in("handler")
    assert other.post(f"{RIGHTS}dung/", {"lease": str(lease.id)}).status_code == 404
    assert other.get(RIGHTS).context["lease"] is None


def test_kt_f4_an_official_signs_within_the_mandate_and_not_after_it(sign_in, official):
    leader, head, handler = sign_in("leader"), official("leader"), official("handler")
    given = {
        "act": "give",
        "form": "TUQ",
        "post": str(handler.post_id),
        "principal": str(head.post_id),
        "basis": "Quyết định 15/QĐ-UBND ngày 01/10/2026",
        "until": "31/12/2026",
        "matters": "2.000815",
    }
    lacking = leader.post(f"{RIGHTS}ky/", {**given, "until": ""})
    assert (lacking.status_code, set(lacking.context["wrong"])) == (422, {"until"})
    assert leader.post(f"{RIGHTS}ky/", given).status_code == 302
    (mandate,) = access.mandates(actor=head)
    assert "Quyết định 15/QĐ-UBND" in leader.get(f"{RIGHTS}ky/").content.decode()
    asking = {"post_id": handler.post_id, "agency_id": head.agency_id}
    assert access.authority(**asking, matter="2.000815").mandate_id == mandate.id
    assert not access.authority(**asking, matter="1.001193").holds
    ended = leader.post(f"{RIGHTS}ky/", {"act": f"end:{mandate.id}", "reason": "Hết việc đã giao."})
    assert ended.status_code == 302
    assert not access.authority(**asking, matter="2.000815").holds
    refused = sign_in("clerk").post(f"{RIGHTS}ky/", given)
    assert (refused.status_code, len(access.mandates(actor=head))) == (403, 1)


def test_kt_f4_an_auditor_reads_why_an_official_may_see_a_dossier(sign_in, official, submitted):
    auditor = signed_in_auditor()
    handler = official("reception")
    dossier = procedures.queue(actor=official("reception"), view="all", limit=1).rows[0]
    answer = auditor.post(
        f"{RIGHTS}vi-sao/", {"who": handler.name, "thing": f"/ban-lam-viec/ho-so/{submitted}/"}
    )
    assert answer.status_code == 200
    said = answer.context["said"]
    assert said.allowed
    assert said.sentences[0].startswith(f"Hôm nay 07/10/2026, {handler.name} được xem")
    assert "theo quy định “dossier." in said.sentences[0]
    past = auditor.post(
        f"{RIGHTS}vi-sao/", {"who": handler.name, "thing": dossier.code, "day": "01/01/2024"}
    )
    assert past.context["said"].allowed is False
    nowhere = auditor.post(f"{RIGHTS}vi-sao/", {"who": handler.name, "thing": "không có"})
    assert (nowhere.status_code, "thing" in nowhere.context["wrong"]) == (422, True)
    assert sign_in("clerk").get(f"{RIGHTS}vi-sao/").status_code == 403


@pytest.mark.usefixtures("outside")
def test_kt_f4_the_auditor_reads_by_what_authority_a_result_was_signed(citizen, official):
    mother = citizen()
    signed = submit_marital(mother).dossier_id
    issue(signed, mother, official)
    answer = signed_in_auditor().post(
        f"{RIGHTS}vi-sao/",
        {"who": official("leader").name, "thing": f"/ban-lam-viec/ho-so/{signed}/"},
    )
    (proof,) = answer.context["proofs"]
    assert (proof.name, proof.agrees) == (official("leader").name, True)
    page = answer.content.decode()
    assert "ký theo thẩm quyền của mình" in page
    assert "Khớp với sổ cái" in page


def test_kt_f4_a_leader_keeps_for_a_time_who_held_two_roles_before_they_stood_apart(
    sign_in, official, settings
):
    settings.CUASO_ROLE_KEEPER = ""
    handler = official("handler")
    directory.appoint(
        agency_id=handler.agency_id, person_id=handler.person_id, title="Kiểm tra nội bộ",
        roles={"auditor"}, start=clock.today(), actor=official("leader"),
    )  # fmt: skip
    leader = sign_in("leader")
    page = leader.get(RIGHTS).content.decode()
    assert "Đang kiêm vai trò phải tách" in page
    assert f"pair:{handler.person_id}/auditor/handler" in page
    words = {"act": f"pair:{handler.person_id}/auditor/handler", "reason": ""}
    assert leader.post(RIGHTS, words).status_code == 422
    kept = leader.post(RIGHTS, words | {"reason": "Phường chưa tuyển được người."}, follow=True)
    assert "Phường chưa tuyển được người." in kept.content.decode()
    assert [one.due for one in access.role_conflicts(actor=official("leader"))] == [False]


def signed_in_auditor() -> Client:
    return signed_in(holder("thanh-tra-tinh-gia-lai", "auditor")).client
