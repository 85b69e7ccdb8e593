"""KT-d5: the rarer acts at the desk: each has its page, keeps what was typed, and answers."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from cuaso.foundation.directory import api as directory
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier, Work
from tests.support.dossiers import bring_to_signature, issue, open_steps, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
REASON = "Phải xác minh thêm nơi thường trú trước đây."


@pytest.fixture
def desk(official):
    """Return a browserless browser of who holds a role."""

    def client_of(role, place="21583"):
        actor = official(role, place)
        account = get_user_model().objects.get(person_id=actor.person_id, kind="official")
        client = Client()
        client.force_login(account, backend=BACKEND)
        return client

    return client_of


@pytest.fixture
def received(mother, official):
    id = submit_marital(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    return id


def page(id, slug):
    return reverse("desk:act", args=[id, slug])


def post(client, id, slug, **typed):
    return client.post(page(id, slug), {"version": Dossier.objects.get(id=id).version, **typed})


def said(client, id):
    return client.get(reverse("desk:dossier", args=[id])).content.decode()


def test_the_handler_extends_and_the_page_shows_both_dates_and_the_apology(desk, received):
    client = desk("handler")
    assert "Đang hẹn trả" in client.get(page(received, "gia-han")).content.decode()
    wrong = post(client, received, "gia-han", reason=REASON, until="mai")
    assert wrong.status_code == 422
    assert 'href="#f-until"' in wrong.content.decode()
    assert REASON in wrong.content.decode()
    assert (
        post(client, received, "gia-han", reason=REASON, added="2 ngày làm việc").status_code == 302
    )
    shown = said(client, received)
    assert "Xin lỗi, hẹn lại" in shown
    assert "Ngày hẹn trả mới là 17 giờ 00 ngày 14/10/2026." in shown
    assert page(received, "gia-han") not in shown


def test_the_clock_is_paused_and_goes_on_from_the_desk(desk, received):
    client = desk("handler")
    form = client.get(page(received, "tam-dung")).content.decode()
    assert 'value="expert_assessment"' in form
    empty = post(client, received, "tam-dung", ground="expert_assessment", document="")
    assert empty.status_code == 422
    assert 'href="#f-document"' in empty.content.decode()
    done = post(
        client, received, "tam-dung", ground="expert_assessment", document="Công văn 12/CV-TP"
    )
    assert done.status_code == 302
    shown = said(client, received)
    assert "Công văn 12/CV-TP" in shown
    assert "Tính tiếp thời hạn" in shown
    assert post(client, received, "tinh-tiep").status_code == 302
    assert "Tính tiếp từ" in said(client, received)


def test_a_dossier_is_stopped_from_the_desk(desk, received):
    client = desk("handler")
    assert post(client, received, "dung", ground="", reason=REASON).status_code == 422
    assert Dossier.objects.get(id=received).status == 4
    assert post(client, received, "dung", ground="dispute", reason=REASON).status_code == 302
    assert Dossier.objects.get(id=received).status == 8
    assert "Dừng giải quyết" in said(client, received)


def test_a_dossier_is_sent_on_and_handed_back_from_the_desk(desk, received):
    there = directory.competent_agency("21592", "commune")
    client, other = desk("handler"), desk("handler", "21592")
    found = post(client, received, "chuyen", find="khong co phuong nay", act="find", reason=REASON)
    assert "Không có cơ quan nào khớp." in found.content.decode()
    assert REASON in found.content.decode()
    assert post(client, received, "chuyen", reason=REASON).status_code == 422
    moved = post(client, received, "chuyen", agency_id=there.id, reason=REASON)
    assert moved["Location"] == reverse("desk:home")
    assert there.name in said(client, received)
    assert "Chuyển trả hồ sơ" in said(other, received)
    back = post(other, received, "chuyen-tra", reason="Không thuộc phường này.")
    assert back["Location"] == reverse("desk:home")
    assert "Không thuộc phường này." in said(client, received)


def test_a_result_is_corrected_and_revoked_from_the_desk(desk, mother, official):
    id = submit_marital(mother).dossier_id
    issue(id, mother, official)
    handler, leader = desk("handler"), desk("leader")
    for client in (handler, leader):
        client.post(reverse("desk:dossier", args=[id]), {"purpose": "Rà soát kết quả"})
    form = handler.get(page(id, "dinh-chinh")).content.decode()
    assert 'name="subject.full_name"' in form
    typed = {"subject.full_name": "Võ Thị Hạ Lâm", "reason": REASON}
    assert post(handler, id, "dinh-chinh", **typed).status_code == 302
    assert open_steps(id) == ["approve"]
    assert "Còn giá trị đến khi bản mới được ban hành" in said(handler, id)
    procedures.approve(id=id, actor=official("leader"))
    procedures.seal(id=id, actor=official("clerk"))
    view = procedures.dossier(id=id, actor=mother)
    (earlier,) = view.earlier_results
    address = reverse("desk:earlier_result", args=[id, earlier.id])
    old = leader.get(address)
    assert b"".join(old.streaming_content).startswith(b"%PDF-")
    assert post(leader, id, "thu-hoi", ground="", reason=REASON).status_code == 422
    assert post(leader, id, "thu-hoi", ground="false_papers", reason=REASON).status_code == 302
    assert "Đã thu hồi, không còn giá trị" in said(leader, id)


def test_the_draft_is_mended_from_the_desk(desk, mother, official, received):
    procedures.propose(id=received, values={}, note="", actor=official("handler"))
    client = desk("handler")
    client.post(reverse("desk:dossier", args=[received]), {"purpose": "Rà lại dự thảo"})
    assert 'name="subject.full_name"' in client.get(page(received, "sua-du-thao")).content.decode()
    answer = post(client, received, "sua-du-thao", **{"subject.full_name": "Võ Thị Hạ Lâm"})
    assert answer.status_code == 302
    assert (
        procedures.result_values(id=received, actor=official("handler"))["subject.full_name"]
        == "Võ Thị Hạ Lâm"
    )


def test_the_page_warns_of_a_twin_with_a_link(desk, mother):
    first = submit_marital(mother).dossier_id
    second = submit_marital(mother, key="k2").dossier_id
    shown = said(desk("reception"), second)
    assert "Hồ sơ có thể trùng" in shown
    assert reverse("desk:dossier", args=[first]) in shown


def test_an_absence_is_set_and_ended_at_the_desk(desk, official):
    client = desk("leader")
    shown = client.get(reverse("desk:absence")).content.decode()
    assert "Cử người thay" in shown
    leader = official("leader")
    ((vice, _name),) = procedures.possible_deputies(post_id=leader.post_id)
    typed = {"act": "set", "post_id": leader.post_id, "deputy_post_id": vice}
    wrong = client.post(reverse("desk:absence"), {**typed, "since": "07/10/2026", "until": ""})
    assert wrong.status_code == 422
    assert 'href="#f-until"' in wrong.content.decode()
    days = {"since": "07/10/2026", "until": "09/10/2026"}
    assert client.post(reverse("desk:absence"), {**typed, **days}).status_code == 302
    (standing,) = procedures.deputies(actor=leader)
    assert standing.deputy_post_id == vice
    assert "Đang thay" in client.get(reverse("desk:absence")).content.decode()
    client.post(reverse("desk:absence"), {"act": f"end:{standing.id}"})
    assert procedures.deputies(actor=leader) == ()


def test_an_official_who_sets_for_nobody_else_sees_only_themselves(desk, official):
    shown = desk("clerk").get(reverse("desk:absence")).content.decode()
    assert official("leader").name not in shown


def test_a_leader_reassigns_at_the_desk_and_reads_an_answer_for_each(desk, mother, official):
    id = submit_marital(mother).dossier_id
    here = official("reception")
    posts = [one.post.id for one in directory.holders(here.agency_id, "reception")]
    there = next(post_id for post_id in posts if post_id != here.post_id)
    client = desk("leader")
    procedures.receive(id=id, actor=here)
    waiting = submit_marital(mother, key="k2").dossier_id
    shown = client.get(reverse("desk:reassign")).content.decode()
    assert str(id) in shown
    typed = {"ids": [id, waiting], "post_id": there}
    assert client.post(reverse("desk:reassign"), typed).status_code == 422
    told = client.post(reverse("desk:reassign"), {**typed, "reason": REASON}).content.decode()
    assert "Đã giao 1 việc, 1 chưa giao được" in told
    assert Work.objects.get(dossier=waiting, done_at=None).post_id == there
    assert desk("reception").get(reverse("desk:reassign")).status_code == 403


def test_a_step_is_delegated_from_the_desk(desk, mother, official):
    id = submit_marital(mother).dossier_id
    here = official("reception")
    procedures.claim(id=id, actor=here)
    posts = [one.post.id for one in directory.holders(here.agency_id, "reception")]
    there = next(post_id for post_id in posts if post_id != here.post_id)
    answer = post(desk("reception"), id, "uy-quyen", post_id=there, note="Tôi đi họp.")
    assert answer["Location"] == reverse("desk:home")
    work = Work.objects.get(dossier=id, done_at=None)
    assert (work.post_id, work.delegated_by_id) == (there, here.post_id)


def test_a_leader_sees_the_rare_acts_folded_behind_the_step(desk, mother, official):
    id = submit_marital(mother).dossier_id
    bring_to_signature(id, mother, official)
    shown = said(desk("leader"), id)
    assert "<summary>Việc khác</summary>" in shown
    assert shown.index("Phê duyệt và ký số") < shown.index("<summary>Việc khác</summary>")
