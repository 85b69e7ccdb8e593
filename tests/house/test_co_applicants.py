"""KT-d5: two people apply together; who is named in the form sees the dossier, and only they."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from cuaso.capabilities.messages.models import Delivery
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import ANONYMOUS, Actor
from cuaso.kernel.errors import NotAllowed, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.act_models import CoApplicant
from cuaso.services.procedures.contracts import WalkIn
from cuaso.services.procedures.models import Dossier
from cuaso.services.procedures.policies import DOSSIERS
from tests.support.answers import FATHER, MOTHER, QUY_NHON
from tests.support.dossiers import issue, let_the_house_work, rows_of, see
from tests.support.pdf import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]

CODE = "1.000894"
# At the reception desk of Quy Nhơn, and a woman of the province's office.
AT_THE_DESK, FRIEND = "052190000101", "052193000121"
UNKNOWN = "052195004455"
BORN = {
    MOTHER: "04/05/1996",
    AT_THE_DESK: "12/03/1990",
    FRIEND: "18/03/1993",
    UNKNOWN: "01/02/1995",
}


@pytest.fixture
def groom(citizen):
    return citizen(FATHER)


@pytest.fixture
def bride(citizen):
    return citizen(MOTHER)


def answers(groom, number, name):
    return {
        **procedures.sample_values(code=CODE, seed=5),
        "request.office": QUY_NHON,
        "requester.full_name": groom.name,
        "requester.personal_number": FATHER,
        "requester.side": "groom",
        "groom.full_name": groom.name,
        "groom.personal_number": FATHER,
        "groom.birth_date": "16/08/1994",
        "bride.full_name": name,
        "bride.personal_number": number,
        "bride.birth_date": BORN[number],
    }


def apply_together(groom, number, name):
    values = answers(groom, number, name)
    draft = procedures.start_draft(code=CODE, actor=groom)
    procedures.save_draft(id=draft.id, values=values, actor=groom)
    return procedures.submit(id=draft.id, key=str(draft.id), actor=groom).dossier_id


@pytest.fixture
def together(groom, bride):
    return apply_together(groom, MOTHER, bride.name)


def listed(actor):
    return [(row.id, row.together_with) for row in procedures.my_dossiers(actor=actor).rows]


def kept(dossier_id):
    rows = CoApplicant.objects.filter(dossier_id=dossier_id, until_at=None)
    return list(rows.values_list("personal_number", "name", "person_id", "name_agrees"))


def ledger(dossier_id, act):
    entries = audit.history(Subject(kind="procedures.dossier", id=dossier_id))
    return [entry.content for entry in entries if entry.act == act]


def sign_in(client, actor):
    account = get_user_model().objects.create(
        person_id=actor.person_id,
        kind="citizen",
        username=f"co-{actor.person_id}",
        display_name=actor.name,
        created_at=clock.now(),
    )
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")


def correct_bride(dossier_id, groom, official, number, name):
    procedures.ask_supplement(
        id=dossier_id,
        items=["Số định danh bên nữ"],
        reason="Số định danh không khớp.",
        actor=official("reception"),
    )
    corrected = {"bride.personal_number": number, "bride.full_name": name}
    procedures.supplement(
        id=dossier_id,
        note="",
        files=(),
        values={**corrected, "bride.birth_date": BORN[number]},
        actor=groom,
    )


def test_the_receipt_names_who_applies_together_on_its_day_KT_d5(together, groom, bride, official):
    procedures.receive(id=together, actor=official("reception"))

    def receipt():
        content = procedures.form_content(dossier_id=together, form="receipt", actor=groom)
        return text_of(b"".join(content.chunks))

    first = receipt()
    assert f"Tiếp nhận hồ sơ của: {groom.name}; {bride.name}" in first
    CoApplicant.objects.filter(dossier_id=together).update(
        until_at=clock.now() + timedelta(hours=1)
    )
    assert receipt() == first


def test_bride_and_groom_both_find_the_dossier_and_a_stranger_does_not_KT_d5(
    together, groom, bride, citizen
):
    assert listed(groom) == [(together, "")]
    assert listed(bride) == [(together, groom.name)]
    assert kept(together) == [(MOTHER, bride.name, bride.person_id, True)]
    assert see(together, groom).co_applicants == (bride.name,)
    seen = see(together, bride)
    assert (seen.together_with, seen.acts) == (groom.name, ())
    assert seen.facts == see(together, groom).facts
    stranger = citizen(FRIEND)
    assert listed(stranger) == []
    with pytest.raises(NotFound):
        see(together, stranger)
    (submitted,) = ledger(together, "procedures.submitted")
    assert submitted["co_applicants"] == [f"{bride.name}, {MOTHER}"]


def test_only_who_submitted_withdraws(together, bride):
    before = rows_of(together)
    with pytest.raises(NotAllowed):
        procedures.withdraw(id=together, reason="Tôi đổi ý.", actor=bride)
    assert rows_of(together) == before


def test_the_bride_gets_a_copy_of_each_letter_and_the_locker_stays_the_grooms(
    together, groom, bride, official
):
    issue(together, groom, official)
    copies = Delivery.objects.filter(notice__person_id=bride.person_id)
    letters = Delivery.objects.filter(notice__person_id=groom.person_id)
    told = [list(rows.values_list("notice__template", "channel")) for rows in (copies, letters)]
    assert sorted(told[0]) == sorted(told[1])
    first = copies.get(notice__template="submitted", channel="email")
    assert first.body.startswith(
        f"Kính gửi ông/bà {groom.name} (đồng gửi ông/bà {bride.name}, người cùng nộp hồ sơ),"
    )
    assert [paper.kind for paper in locker.papers(actor=groom)] == ["marriage_certificate"]
    assert locker.papers(actor=bride) == ()
    assert procedures.result_content(dossier_id=together, actor=bride).media_type == (
        "application/pdf"
    )


def test_an_officer_who_is_the_bride_does_not_work_on_it(groom, citizen, official):
    officer = official("reception")
    herself = citizen(AT_THE_DESK)
    assert officer.person_id == herself.person_id
    id = apply_together(groom, AT_THE_DESK, herself.name)
    before = rows_of(id)
    with pytest.raises(NotAllowed) as refused:
        procedures.receive(id=id, actor=officer)
    assert refused.value.data["grant"] == "dossier.own_affair"
    assert rows_of(id) == before
    assert id not in [row.id for row in procedures.queue(actor=officer).rows]
    assert listed(herself) == [(id, groom.name)]


def test_an_officer_does_not_escape_the_denial_by_a_misspelt_name(groom, citizen, official):
    id = apply_together(groom, AT_THE_DESK, "Lê Thị Minh Ánh Tuyết")
    with pytest.raises(NotAllowed):
        procedures.receive(id=id, actor=official("reception"))
    assert listed(citizen(AT_THE_DESK)) == []


def test_an_officer_who_is_the_bride_does_not_take_the_paper_at_the_counter(
    groom, citizen, official
):
    values = answers(groom, AT_THE_DESK, citizen(AT_THE_DESK).name)
    walk_in = WalkIn(
        procedure_code=CODE,
        applicant_personal_number=FATHER,
        applicant_name=groom.name,
        values=values,
    )
    with pytest.raises(NotAllowed) as refused:
        procedures.receive_walk_in(walk_in=walk_in, actor=official("reception"), key="1")
    assert refused.value.data["grant"] == "dossier.own_affair"
    assert (Dossier.objects.count(), CoApplicant.objects.count()) == (0, 0)


def test_a_slip_in_the_number_opens_nothing_to_its_owner(groom, bride, citizen, official):
    id = apply_together(groom, FRIEND, bride.name)
    stranger = citizen(FRIEND)
    assert listed(stranger) == []
    with pytest.raises(NotFound):
        see(id, stranger)
    assert not Delivery.objects.filter(notice__person_id=stranger.person_id).exists()
    said = {check.say: check.state for check in see(id, official("reception")).checks}
    told = "Số định danh khai cho Võ Thị Hạ Lam là của người có họ tên khác; "
    assert said[told + "cần đối chiếu giấy tờ tùy thân"] == "soon"


def test_the_list_shows_what_a_single_question_allows(together, groom, bride, citizen, official):
    apply_together(groom, FRIEND, bride.name)
    apply_together(groom, AT_THE_DESK, citizen(AT_THE_DESK).name)
    people = [groom, bride, citizen(FRIEND), citizen(AT_THE_DESK), ANONYMOUS]
    posts = [official(role) for role in ("reception", "handler", "leader", "clerk")]
    every = list(Dossier.objects.all())
    assert len(every) == 3
    for actor in (*people, *posts):
        for act in ("view", "own", "follow", "work", "comment", "settle"):
            shown = access.visible(
                actor=actor, act=act, queryset=Dossier.objects.all(), policy=DOSSIERS
            )
            allowed = {
                row.id
                for row in every
                if access.decide(actor=actor, act=act, record=row, policy=DOSSIERS).allowed
            }
            assert set(shown.values_list("id", flat=True)) == allowed


def test_a_corrected_number_moves_the_right(together, groom, bride, citizen, official):
    other = citizen(FRIEND)
    correct_bride(together, groom, official, FRIEND, other.name)
    assert listed(bride) == []
    with pytest.raises(NotFound):
        see(together, bride)
    assert listed(other) == [(together, groom.name)]
    assert kept(together) == [(FRIEND, other.name, other.person_id, True)]
    assert CoApplicant.objects.filter(dossier_id=together).count() == 2
    (supplemented,) = ledger(together, "procedures.supplemented")
    assert supplemented["co_applicants"] == [f"{other.name}, {FRIEND}"]


def test_a_bride_whom_nobody_knew_finds_the_dossier_once_she_signs_in(groom):
    id = apply_together(groom, UNKNOWN, "Đinh Thị Mới")
    assert kept(id) == [(UNKNOWN, "Đinh Thị Mới", None, False)]
    person = directory.ensure_person(name="Đinh Thị Mới", personal_number=UNKNOWN)
    let_the_house_work()
    assert kept(id) == [(UNKNOWN, "Đinh Thị Mới", person.id, True)]
    herself = Actor(kind="citizen", name=person.name, person_id=person.id)
    assert listed(herself) == [(id, groom.name)]
    (known,) = ledger(id, "procedures.co_applicant_known")
    assert known["name_agrees"] is True


def test_the_page_says_with_whom_and_who_may_act(together, groom, bride, client):
    sign_in(client, bride)
    listing = client.get(reverse("portal:my_dossiers")).content.decode()
    assert f"Cùng nộp với {groom.name}" in listing
    tracking = see(together, bride).tracking_code
    page = client.get(reverse("portal:dossier", args=[tracking])).content.decode()
    assert f"Chỉ {groom.name} bổ sung, xác nhận bản thảo hoặc rút hồ sơ" in page
    assert reverse("portal:withdraw", args=[tracking]) not in page
    assert "Phản ánh, kiến nghị" not in page


def test_a_co_applicant_is_not_told_to_do_what_only_the_applicant_does(
    together, bride, client, official
):
    procedures.ask_supplement(
        id=together,
        items=["Ảnh chân dung"],
        reason="Ảnh mờ, không nhìn rõ mặt.",
        actor=official("reception"),
    )
    seen = see(together, bride)
    assert seen.plain_say == "Cơ quan cần người nộp bổ sung. Danh sách đầy đủ ghi ở dưới."
    assert seen.acts == ()
    sign_in(client, bride)
    address = reverse("portal:dossier", args=[seen.tracking_code])
    page = client.get(address).content.decode()
    assert "Bước này đang chờ người nộp." in page
    assert "đang chờ bạn" not in page
    assert reverse("portal:supplement", args=[seen.tracking_code]) not in page


def test_an_officer_reads_on_the_desk_s_page_who_applies_together_KT_d5(
    together, groom, bride, official, client
):
    account = get_user_model().objects.get(
        person_id=official("reception").person_id, kind="official"
    )
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    said = client.get(reverse("desk:dossier", args=[together])).content.decode()
    assert "<dt>Cùng nộp</dt>" in said
    assert f"<dd>{bride.name}</dd>" in said


def test_the_register_of_dossiers_names_who_applies_together_KT_d5(
    together, groom, bride, official
):
    procedures.receive(id=together, actor=official("reception"))
    assert registered(official) == [f"{groom.name} (cùng nộp: {bride.name})"]


def test_the_register_names_nobody_whom_the_form_no_longer_names_KT_d5(
    together, groom, citizen, official
):
    friend = citizen(FRIEND)
    correct_bride(together, groom, official, FRIEND, friend.name)
    procedures.receive(id=together, actor=official("reception"))
    assert registered(official) == [f"{groom.name} (cùng nộp: {friend.name})"]


def registered(official):
    """Return the names that the register of today has, as a table."""
    desk, today = official("reception"), clock.today()
    content = procedures.register_content(
        agency_id=desk.agency_id, since=today, until=today, kind="csv", actor=desk
    )
    rows = csv.DictReader(io.StringIO(b"".join(content.chunks).decode("utf-8-sig")))
    return [row["Tên cá nhân, tổ chức"] for row in rows]
