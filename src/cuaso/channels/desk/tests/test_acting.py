import uuid

import pytest
from django.urls import reverse

from cuaso.foundation.directory import api as directory
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView
from tests.support.dossiers import open_steps

pytestmark = pytest.mark.django_db


def address(dossier_id: uuid.UUID, slug: str) -> str:
    return reverse("desk:act", args=[dossier_id, slug])


def see(dossier_id: uuid.UUID, official, role: str = "reception") -> DossierView:
    return procedures.dossier(id=dossier_id, actor=official(role), purpose="Kiểm thử")


def stamped(client, dossier_id: uuid.UUID) -> dict[str, object]:
    seen = client.get(reverse("desk:dossier", args=[dossier_id])).context
    return {"version": seen["dossier"].version, "seen_at": seen["seen_at"]}


def test_reception_receives_and_is_told(posted, sign_in, submitted, official):
    answer = posted("reception", submitted, "tiep-nhan")
    assert answer["Location"] == reverse("desk:dossier", args=[submitted])
    assert see(submitted, official).dossier_code.endswith("-261007-0001")


def test_the_second_of_two_officers_learns_what_happened_meanwhile(sign_in, submitted, official):
    client = sign_in("reception")
    stamp = stamped(client, submitted)
    procedures.give_opinion(id=submitted, text="Đã gọi điện.", actor=official("reception"))
    answer = client.post(address(submitted, "tiep-nhan"), stamp)
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Hồ sơ vừa được người khác xử lý." in said
    assert see(submitted, official).received_at is None


def test_an_old_page_says_who_did_what_since(sign_in, submitted, official):
    client = sign_in("reception")
    stamp = {**stamped(client, submitted), "seen_at": "2026-10-07T08:00:00+07:00"}
    procedures.give_opinion(id=submitted, text="Đã gọi điện.", actor=official("reception"))
    said = client.post(address(submitted, "tiep-nhan"), stamp).content.decode()
    assert "Từ lúc ông/bà mở trang:" in said
    assert "ghi ý kiến" in said


@pytest.mark.parametrize("version", ["", "mới nhất", "²"])
def test_an_act_without_a_version_is_refused(sign_in, submitted, official, version):
    answer = sign_in("reception").post(address(submitted, "tiep-nhan"), {"version": version})
    assert answer.status_code == 422
    assert see(submitted, official).received_at is None


def test_a_supplement_needs_lines_and_a_reason_and_keeps_what_was_typed(posted, received, official):
    answer = posted("handler", received, "yeu-cau-bo-sung", items=["", " "], reason="Mờ")
    said = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-items"' in said
    assert 'href="#f-reason"' in said
    assert ">Mờ</textarea>" in said
    assert see(received, official, "handler").supplement is None


def test_a_supplement_lists_every_line_once(posted, received, official):
    lines = ["Giấy chứng sinh", "Ảnh rõ bốn góc", "Ảnh rõ bốn góc", ""]
    answer = posted(
        "handler", received, "yeu-cau-bo-sung", items=lines, reason="Ảnh mờ, không đọc được."
    )
    assert answer.status_code == 302
    asked = see(received, official, "handler").supplement
    assert asked is not None
    assert asked.items == ("Giấy chứng sinh", "Ảnh rõ bốn góc")


def test_more_lines_come_without_sending_anything(posted, received, official):
    answer = posted("handler", received, "yeu-cau-bo-sung", items=["a", "b", "c", "d"], act="more")
    said = answer.content.decode()
    assert answer.status_code == 200
    assert said.count('type="text" name="items"') == 8
    assert see(received, official, "handler").supplement is None


def test_a_refusal_without_a_reason_changes_nothing(posted, submitted, official):
    answer = posted("reception", submitted, "tu-choi", reason="")
    assert answer.status_code == 422
    assert see(submitted, official).status == 1


def test_a_refused_dossier_offers_its_form(posted, sign_in, submitted, official):
    reason = "Người yêu cầu không cư trú trong tỉnh."
    assert posted("reception", submitted, "tu-choi", reason=reason).status_code == 302
    assert see(submitted, official).status == 3
    said = sign_in("reception").get(reverse("desk:dossier", args=[submitted])).content.decode()
    assert "Phiếu từ chối" in said


def test_an_officer_claims_and_then_gives_the_work_away(posted, sign_in, submitted, official):
    posted("reception", submitted, "nhan-viec")
    (row,) = procedures.queue(actor=official("reception")).rows
    assert row.mine is True
    others = procedures.colleagues(id=submitted, actor=official("reception"))
    assert posted("reception", submitted, "giao-viec").status_code == 422
    assert posted("reception", submitted, "giao-viec", post_id="rác").status_code == 422
    assert posted("reception", submitted, "giao-viec", post_id=others[0][0]).status_code == 302


def test_two_agencies_are_asked_in_parallel_and_answer(posted, sign_in, received, official):
    tuy_phuoc = directory.competent_agency("21952", "commune")
    an_nhon = directory.competent_agency("21592", "commune")
    page = posted("handler", received, "hoi-y-kien", find="quy nhon", act="find", question="Có?")
    assert page.status_code == 200
    assert ">Có?</textarea>" in page.content.decode()
    empty = posted("handler", received, "hoi-y-kien", question="Có?")
    assert empty.status_code == 422
    assert 'href="#f-agency-ids"' in empty.content.decode()
    answer = posted(
        "handler",
        received,
        "hoi-y-kien",
        agency_ids=[tuy_phuoc.id, an_nhon.id],
        question="Hai người đã đăng ký kết hôn chưa?",
    )
    assert answer.status_code == 302
    asked = see(received, official, "handler").consultations
    assert {one.agency_name for one in asked} == {tuy_phuoc.name, an_nhon.name}
    mine = next(one for one in asked if one.agency_name == tuy_phuoc.name)
    client = sign_in("handler", "21952")
    stamp = stamped(client, received)
    unsaid = client.post(address(received, "tra-loi"), {**stamp, "consultation_id": mine.id})
    assert unsaid.status_code == 422
    given = {**stamp, "consultation_id": mine.id, "answer": "Đã đăng ký năm 2024."}
    assert client.post(address(received, "tra-loi"), given).status_code == 302
    answered = [one for one in see(received, official, "handler").consultations if one.answered_at]
    assert [one.answer for one in answered] == ["Đã đăng ký năm 2024."]


def test_the_handler_corrects_and_proposes(sign_in, received, official):
    client = sign_in("handler")
    page = client.get(address(received, "trinh"))
    assert 'value="Trần Võ An Nhiên"' in page.content.decode()
    stamp = stamped(client, received)
    wrong = client.post(
        address(received, "trinh"), {**stamp, "child.birth_date": "31/11/2026", "note": "Đã xem"}
    )
    said = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'href="#f-child-birth-date"' in said
    assert 'value="31/11/2026"' in said
    assert ">Đã xem</textarea>" in said
    assert see(received, official, "handler").result is None
    right = client.post(
        address(received, "trinh"), {**stamp, "child.birth_place": "Bệnh viện Bình Định"}
    )
    assert right.status_code == 302
    assert open_steps(received) == ["confirm_draft"]
    draft = client.get(reverse("desk:draft_result", args=[received]))
    assert b"".join(draft.streaming_content).startswith(b"%PDF-")


def test_the_leader_signs_only_after_saying_that_the_draft_was_seen(posted, proposed, official):
    unseen = posted("leader", proposed, "ky")
    assert unseen.status_code == 422
    assert 'href="#f-seen-draft"' in unseen.content.decode()
    assert open_steps(proposed) == ["approve"]
    assert posted("leader", proposed, "ky", seen_draft="true").status_code == 302
    signed = see(proposed, official, "leader").result
    assert signed is not None
    assert signed.state == "signed"


def test_the_leader_sends_the_draft_back_with_a_reason(posted, proposed, official):
    assert posted("leader", proposed, "tra-lai", reason="").status_code == 422
    assert open_steps(proposed) == ["approve"]
    assert posted("leader", proposed, "tra-lai", reason="Sai nơi sinh.").status_code == 302
    assert open_steps(proposed) == ["examine"]


def test_the_clerk_seals_and_everybody_reads_the_result(posted, sign_in, proposed, official):
    procedures.approve(id=proposed, actor=official("leader"))
    assert posted("clerk", proposed, "dong-dau").status_code == 302
    sealed = see(proposed, official, "clerk").result
    assert sealed is not None
    assert sealed.state == "issued"
    answer = sign_in("clerk").get(reverse("desk:result", args=[proposed]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_while_the_time_stamp_is_down_nothing_is_signed_and_the_page_says_so(
    posted, proposed, outside, official
):
    outside.fault(outside.timestamp, "down")
    answer = posted("leader", proposed, "ky", seen_draft="true")
    assert answer.status_code == 503
    assert 'id="loi"' in answer.content.decode()
    assert open_steps(proposed) == ["approve"]
    draft = see(proposed, official, "leader").result
    assert draft is not None
    assert draft.state == "draft"


def test_an_opinion_is_written_beside_the_dossier(posted, sign_in, submitted, official):
    assert posted("reception", submitted, "y-kien", text=" ").status_code == 422
    assert posted("reception", submitted, "y-kien", text="Đã gọi điện.").status_code == 302
    (opinion,) = see(submitted, official).opinions
    assert opinion.text == "Đã gọi điện."


def test_an_act_that_does_not_wait_for_me_leads_back(sign_in, submitted):
    answer = sign_in("reception").get(address(submitted, "ky"))
    assert answer["Location"] == reverse("desk:dossier", args=[submitted])


def test_an_unknown_act_is_not_found(sign_in, submitted):
    assert sign_in("reception").get(address(submitted, "huy")).status_code == 404


def test_acting_on_anothers_step_is_refused_with_a_sentence(sign_in, received, official):
    client = sign_in("reception")
    answer = client.post(
        address(received, "trinh"), {"version": see(received, official).version, "note": ""}
    )
    assert answer.status_code == 409
    assert "Hồ sơ không có việc nào đang chờ ông/bà." in answer.content.decode()
    assert see(received, official).result is None
