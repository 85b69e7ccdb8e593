import pytest
from django.urls import reverse

from cuaso.services.procedures import api as procedures
from cuaso.services.worklists import api as worklists

pytestmark = pytest.mark.django_db
PAGE = "/ban-lam-viec/mau-cau/"
TYPED = {
    "name": "Ảnh mờ",
    "text": "Kính gửi {họ tên}: ảnh của {mã hồ sơ} mờ.",
    "for_act": "refuse",
    "whose": "own",
    "act": "save",
}


def kept(actor):
    return [(one.name, one.whose, one.act) for one in worklists.phrases(actor=actor)]


def test_an_official_keeps_changes_and_removes_a_phrase(sign_in, official):
    officer, actor = sign_in("reception"), official("reception")
    assert officer.post(PAGE, TYPED)["Location"] == PAGE
    assert kept(actor) == [("Ảnh mờ", "own", "refuse")]
    (phrase,) = worklists.phrases(actor=actor)
    form = officer.get(f"{PAGE}?sua={phrase.id}").content.decode()
    assert f'name="id" value="{phrase.id}"' in form
    assert ">Kính gửi {họ tên}: ảnh của {mã hồ sơ} mờ.</textarea>" in form
    officer.post(PAGE, {**TYPED, "id": phrase.id, "name": "Ảnh không rõ", "for_act": "any"})
    assert kept(actor) == [("Ảnh không rõ", "own", "any")]
    officer.post(PAGE, {"act": f"drop:{phrase.id}"})
    assert kept(actor) == []


def test_an_unknown_blank_comes_back_with_what_was_typed(sign_in, official):
    answer = sign_in("reception").post(PAGE, {**TYPED, "text": "Gửi {tuổi}."})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Hệ thống không điền được {tuổi}." in said
    assert ">Gửi {tuổi}.</textarea>" in said
    assert kept(official("reception")) == []


def test_a_leaders_phrase_is_offered_in_the_agency_and_nowhere_else(sign_in, official):
    leader = sign_in("leader")
    assert leader.post(PAGE, {**TYPED, "whose": "agency"}).status_code == 302
    assert kept(official("reception")) == [("Ảnh mờ", "agency", "refuse")]
    assert kept(official("reception", "21952")) == []
    shown = sign_in("reception").get(PAGE).content.decode()
    assert "Ảnh mờ" in shown
    assert 'name="whose" value="own"' in shown
    assert "drop:" not in shown
    (ours,) = worklists.phrases(actor=official("reception"))
    refused = sign_in("reception").post(PAGE, {"act": f"drop:{ours.id}"})
    assert refused.status_code == 403
    assert kept(official("reception")) == [("Ảnh mờ", "agency", "refuse")]


def test_an_officer_inserts_a_phrase_without_a_script_and_nothing_is_sent(
    sign_in, posted, submitted, official
):
    actor = official("reception")
    phrase = worklists.save_phrase(name="Ảnh mờ", text=TYPED["text"], act="refuse", actor=actor)
    found = procedures.dossier(id=submitted, actor=actor, purpose="Kiểm thử")
    address = reverse("desk:act", args=[submitted, "tu-choi"])
    offered = sign_in("reception").get(address).context["phrases"]
    titles = [title for title, _choices in offered.groups]
    assert titles == ["Của tôi", "Gợi ý của hệ thống"]
    suggested = {choice.key.partition("_")[0] for choice in offered.groups[1][1]}
    assert suggested == {"refuse", "any"}
    answer = posted(
        "reception", submitted, "tu-choi", reason="Đã xem.", phrase=phrase.key, act="insert"
    )
    filled = f"Kính gửi {found.applicant_name}: ảnh của {found.tracking_code} mờ."
    assert answer.status_code == 200
    assert answer.context["typed"]["reason"] == f"Đã xem.\n{filled}"
    assert f">Đã xem.\n{filled}</textarea>" in answer.content.decode()
    assert procedures.dossier(id=submitted, actor=actor, purpose="Kiểm thử").status == 1


def test_an_opinion_begins_with_a_phrase_on_the_dossiers_page(posted, submitted, official):
    answer = posted("reception", submitted, "y-kien", phrase="opinion_agree", act="insert")
    assert answer.status_code == 200
    assert ">Đồng ý với đề xuất.</textarea>" in answer.content.decode()
    seen = procedures.dossier(id=submitted, actor=official("reception"), purpose="Kiểm thử")
    assert seen.opinions == ()


def test_a_chosen_phrase_is_no_correction_of_the_draft(posted, received, official):
    before = procedures.dossier(id=received, actor=official("handler")).editable
    answer = posted("handler", received, "trinh", phrase="opinion_agree", note="Trình")
    assert answer.status_code == 302
    after = procedures.dossier(id=received, actor=official("handler")).editable
    assert after == before


def test_an_officer_reads_the_phrases_in_english(sign_in):
    client = sign_in("leader")
    client.cookies["django_language"] = "en"
    said = client.get(PAGE).content.decode()
    assert "Add a phrase" in said
    assert "At most 2000 characters." in said or "At most 2,000 characters." in said
    assert "Mẫu câu" not in said
