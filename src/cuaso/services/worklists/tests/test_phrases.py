"""Phrases: whose they are, what may stand in them, and in which order they are offered."""

from dataclasses import replace
from datetime import date

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.worklists import api as worklists
from cuaso.services.worklists.contracts import PHRASE_ACTS
from cuaso.services.worklists.logic.blanks import unknown_blanks

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "21583", "21952"
TEXT = "Ảnh mờ, đề nghị chụp lại."
KNOWN = "Chỗ điền sẵn chỉ gồm: {họ tên}, {mã hồ sơ}, {thủ tục}."


def official(*roles: str, place: str = HERE) -> Actor:
    agency_id = directory.competent_agency(place, "commune").id
    return Actor(
        kind="official",
        name="Cán bộ",
        person_id=new_id(),
        post_id=new_id(),
        agency_id=agency_id,
        roles=frozenset(roles),
    )


def keep(actor: Actor, name: str = "Ảnh mờ", *, text: str = TEXT, act: str = "any", **more):
    return worklists.save_phrase(name=name, text=text, act=act, actor=actor, **more)


def offered(actor: Actor, act: str) -> tuple[list[str], set[str]]:
    """Return the names kept by people in their order, and which acts the suggestions are for."""
    found = worklists.offered_phrases(act=act, actor=actor)
    kept = [one.name for one in found if one.id]
    suggested = found[len(kept) :]
    assert {one.whose for one in suggested} == {"suggested"}
    return kept, {one.act for one in suggested}


def test_an_official_is_offered_own_phrases_then_the_agencys_then_suggestions_of_the_act():
    me, leader = official(), official("leader")
    keep(leader, "Chung của cơ quan", shared=True)
    keep(leader, "Của riêng lãnh đạo")
    keep(me, "Từ chối của tôi", act="refuse")
    keep(me, "Bổ sung của tôi", act="supplement")
    keep(me, "Ảnh mờ")
    kept = ["Ảnh mờ", "Từ chối của tôi", "Chung của cơ quan"]
    assert offered(me, "refuse") == (kept, {"refuse", "any"})
    kept = ["Ảnh mờ", "Chung của cơ quan"]
    assert offered(me, "return") == (kept, {"return", "any"})


def test_every_suggestion_is_for_a_known_act_has_known_blanks_and_claims_no_law():
    codes = dictionary.codes("opinion_phrase", date(2026, 1, 1))
    assert len(codes) == 14
    for one in codes:
        assert one.code.partition("_")[0] in PHRASE_ACTS
        assert unknown_blanks(one.label) == ()
        assert one.label_en != ""
        assert one.source == "Gợi ý của sản phẩm, không phải quy định"


def test_nobody_sees_changes_or_removes_what_another_agency_or_another_official_keeps():
    me, leader = official(), official("leader")
    mine, ours = keep(me), keep(leader, "Chung", shared=True)
    stranger = official("leader", place=ELSEWHERE)
    assert worklists.phrases(actor=stranger) == ()
    for other, phrase in ((stranger, mine), (stranger, ours), (leader, mine)):
        with pytest.raises(NotFound):
            worklists.drop_phrase(id=phrase.id, actor=other)
        with pytest.raises(NotFound):
            keep(other, "Tên khác", id=phrase.id, shared=phrase is ours)
    assert [one.id for one in worklists.phrases(actor=me)] == [mine.id, ours.id]


def test_only_a_leader_keeps_the_agencys_phrases_and_the_ledger_says_so():
    me, leader = official(), official("leader")
    ours = keep(leader, "Chung", shared=True)
    with pytest.raises(NotAllowed):
        keep(me, "Chung 2", shared=True)
    with pytest.raises(NotAllowed):
        keep(me, "Chung", id=ours.id, shared=True, text="Khác")
    with pytest.raises(NotAllowed):
        worklists.drop_phrase(id=ours.id, actor=me)
    assert worklists.phrases(actor=me) == (replace(ours, may_change=False),)
    worklists.drop_phrase(id=ours.id, actor=leader)
    assert worklists.phrases(actor=me) == ()
    told = audit.history(subject=Subject(kind="worklists.phrase", id=ours.id))
    assert [(one.act, one.content["text"]) for one in told] == [
        ("worklists.phrase_saved", TEXT),
        ("worklists.phrase_dropped", TEXT),
    ]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": " "}, "name", "Hãy đặt tên từ 1 đến 80 ký tự."),
        ({"text": "a" * 2001}, "text", "Hãy viết nội dung từ 1 đến 2000 ký tự."),
        ({"act": "sign"}, "for_act", "Hãy chọn việc dùng mẫu câu này."),
        (
            {"text": "Gửi {họ tên} ở {địa chỉ}"},
            "text",
            "Hệ thống không điền được {địa chỉ}. " + KNOWN,
        ),
        (
            {"text": "Gửi {họ tên"},
            "text",
            "Hệ thống không điền được {. Chỗ điền sẵn chỉ gồm: {họ tên}, {mã hồ sơ}, {thủ tục}.",
        ),
        ({"name": "Đã có"}, "name", "Tên này đã dùng cho một mẫu câu khác."),
    ],
)
def test_a_badly_written_phrase_is_refused_with_a_sentence(wrong, field, said):
    me = official()
    kept = keep(me, "Đã có")
    given = {"name": "Mới", "text": TEXT, "act": "any", **wrong}
    with pytest.raises(Invalid) as refused:
        worklists.save_phrase(**given, actor=me)
    assert [(one.field, one.say) for one in refused.value.problems] == [(field, said)]
    assert worklists.phrases(actor=me) == (kept,)


def test_the_fifty_first_phrase_is_refused_and_an_old_one_still_changes():
    me = official()
    kept = [keep(me, f"Mẫu {number}") for number in range(50)]
    with pytest.raises(Conflict) as refused:
        keep(me, "Mẫu 51")
    assert refused.value.what == "Đã có 50 mẫu câu, chưa lưu thêm được."
    changed = keep(me, "Mẫu đổi tên", id=kept[0].id, text="Khác\r\ndòng hai", act="refuse")
    assert len(worklists.phrases(actor=me)) == 50
    assert (changed.id, changed.text, changed.act) == (kept[0].id, "Khác\ndòng hai", "refuse")


def test_blanks_are_filled_once_however_they_are_spaced_and_the_unknown_stay():
    text = "Ông/bà { Họ  tên }, hồ sơ {mã hồ sơ}, {thủ tục}."
    values = {"họ tên": "{mã hồ sơ}", "mã hồ sơ": "H14-1", "thủ tục": ""}
    filled = worklists.fill_blanks(text=text, values=values)
    assert filled == "Ông/bà {mã hồ sơ}, hồ sơ H14-1, {thủ tục}."


def test_who_has_no_post_keeps_and_is_offered_no_phrase():
    citizen = Actor(kind="citizen", name="Người dân", person_id=new_id())
    with pytest.raises(Refusal) as refused:
        keep(citizen)
    assert refused.value.code == "worklists.phrase_officials_only"
    assert worklists.offered_phrases(act="any", actor=citizen) == ()


def test_a_one_stop_centre_is_offered_the_phrases_of_its_agency_and_its_leader_changes_none():
    leader = official("leader")
    ours = keep(leader, "Chung", shared=True)
    agency = directory.competent_agency(HERE, "commune")
    centre = directory.one_stop_centre(agency.id)
    reception = replace(official("leader"), agency_id=centre.id)
    assert [(one.id, one.may_change) for one in worklists.phrases(actor=reception)] == [
        (ours.id, False)
    ]
    with pytest.raises(NotAllowed):
        worklists.drop_phrase(id=ours.id, actor=reception)
    with pytest.raises(NotFound):
        keep(reception, "Chung", id=ours.id, shared=True)
    theirs = keep(reception, "Của trung tâm", shared=True)
    assert theirs.id not in {one.id for one in worklists.phrases(actor=official("leader"))}
