"""KT-e3: a paper in its owner's locker: kept once, read, shared, checked, and every look shown."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, TooMany
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import api as locker
from cuaso.services.locker.models import Paper, Share
from tests.support.answers import FATHER, PDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
CODE = "ABCDE-FGHIJ"


@pytest.fixture
def keep(official):
    """Keep one paper as issuing does; the facts that a test does not give are the same."""
    clerk = official("clerk")
    stored = files.store_bytes(
        actor=clerk, name="ket-qua.pdf", media_type="application/pdf", content=PDF
    )
    agency = directory.competent_agency("21583", "commune")
    provenance = locker.Provenance(
        agency_id=agency.id,
        agency_name=agency.name,
        dossier_id=uuid4(),
        dossier_code="H21.25.01-261007-0001",
        number="12/2026",
        issued_date=clock.today(),
        signed_by="Đặng Thị Thùy Dương",
    )

    def kept(owner: Actor, *, valid_until: date | None = None, code: str = CODE):
        return locker.keep(
            owner_id=owner.party_id,
            kind="birth_certificate",
            title="Giấy khai sinh – Trần Võ An Nhiên",
            file_id=stored.id,
            provenance=provenance,
            verify_code=code,
            valid_until=valid_until,
            actor=clerk,
        )

    return kept


@pytest.fixture
def paper(keep, mother):
    return keep(mother)


@pytest.fixture
def link(paper, mother):
    return locker.share(
        id=paper.id,
        purpose="Nộp hồ sơ nhập học",
        until=clock.now() + timedelta(days=7),
        actor=mother,
    )


def opened(token, fact="0122"):
    return locker.open_share(token=token, second_fact=fact, viewer_name="Trường Mầm non Hoa Sen")


def test_issuing_twice_keeps_one_paper(keep, mother):
    first, again = keep(mother), keep(mother, code="ZZZZZ-ZZZZZ")
    assert again == first
    assert Paper.objects.count() == 1
    acts = [entry.act for entry in audit.history(Subject(kind="locker.paper", id=first.id))]
    assert acts == ["locker.kept"]


def test_the_owner_reads_the_paper_and_another_citizen_is_told_nothing(paper, mother, citizen):
    assert [one.id for one in locker.papers(actor=mother)] == [paper.id]
    assert b"".join(locker.content(id=paper.id, actor=mother).chunks) == PDF
    stranger = citizen(FATHER)
    assert locker.papers(actor=stranger) == ()
    for door in (locker.paper, locker.content, locker.shares):
        with pytest.raises(NotFound):
            door(id=paper.id, actor=stranger)


def test_an_official_has_no_locker_of_others(paper, official):
    assert locker.papers(actor=official("leader")) == ()
    with pytest.raises(NotFound):
        locker.content(id=paper.id, actor=official("leader"))


def test_a_guardian_opens_the_wards_locker_and_keeps_it_apart_from_her_own(keep, mother):
    ward = directory.wards_of(mother.person_id)[0]
    guardian = Actor(kind="guardian", name=mother.name, person_id=mother.person_id, for_id=ward.id)
    paper = keep(guardian)
    assert [one.id for one in locker.papers(actor=guardian)] == [paper.id]
    assert locker.papers(actor=mother) == ()


def test_a_link_shows_the_paper_for_its_purpose_and_the_owner_sees_who_opened(link, paper, mother):
    seen = opened(link.token)
    assert (seen.title, seen.purpose) == (paper.title, "Nộp hồ sơ nhập học")
    assert (seen.in_force, seen.valid_say) == (True, "Không thời hạn")
    (look,) = locker.looks(actor=mother)
    assert (look.who, look.what) == ("Trường Mầm non Hoa Sen", "Giấy tờ trong kho")
    (mine,) = locker.shares(id=paper.id, actor=mother)
    assert (mine.opened, mine.token, mine.state_say) == (1, "", "Đang mở")


def test_downloading_by_a_link_is_a_look_of_its_own(link, mother):
    content = locker.shared_content(
        token=link.token, second_fact="0122", viewer_name="Trường Mầm non Hoa Sen"
    )
    assert b"".join(content.chunks) == PDF
    assert [look.purpose for look in locker.looks(actor=mother)] == ["Tải bản điện tử"]


@pytest.mark.parametrize("fact", ["0123", "", "----", "không", "0٠22"])
def test_a_wrong_second_fact_is_answered_like_a_wrong_link(link, mother, fact):
    with pytest.raises(NotFound) as wrong_fact:
        opened(link.token, fact)
    with pytest.raises(NotFound) as wrong_link:
        opened("khong-co-lien-ket-nay")
    assert str(wrong_fact.value) == str(wrong_link.value)
    assert locker.looks(actor=mother) == ()
    assert Share.objects.get(id=link.id).opened == 0


def test_guessing_at_a_link_rests_for_a_quarter_of_an_hour(link):
    for _ in range(5):
        with pytest.raises(NotFound):
            opened(link.token, "9999")
    with pytest.raises(TooMany):
        opened(link.token)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert opened(link.token).number == "12/2026"


def test_a_business_shares_by_the_end_of_its_tax_code(keep, citizen):
    owner = citizen("052083000125")
    business = directory.businesses_of(owner.person_id)[0]
    actor = Actor(kind="business", name=owner.name, person_id=owner.person_id, for_id=business.id)
    paper = keep(actor)
    link = locker.share(
        id=paper.id, purpose="Dự thầu", until=clock.now() + timedelta(days=1), actor=actor
    )
    assert opened(link.token, business.tax_code[-4:]).owner_name == business.name


def test_the_owner_closes_a_link_and_it_opens_no_more(link, mother):
    closed = locker.revoke_share(id=link.id, actor=mother)
    assert closed.state_say == "Đã thu hồi"
    assert locker.revoke_share(id=link.id, actor=mother) == closed
    with pytest.raises(NotFound) as refused:
        opened(link.token)
    assert refused.value.code == "locker.share_closed"


def test_a_link_ends_by_itself(link):
    with clock.at(clock.now() + timedelta(days=7)), pytest.raises(NotFound) as refused:
        opened(link.token)
    assert refused.value.code == "locker.share_closed"


def test_another_citizen_can_neither_share_nor_close(paper, link, citizen):
    stranger = citizen(FATHER)
    with pytest.raises(NotFound):
        locker.share(
            id=paper.id,
            purpose="Nộp hồ sơ",
            until=clock.now() + timedelta(days=1),
            actor=stranger,
        )
    with pytest.raises(NotFound):
        locker.revoke_share(id=link.id, actor=stranger)
    assert list(Share.objects.values_list("id", "revoked_at")) == [(link.id, None)]


def test_a_link_without_purpose_or_beyond_ninety_days_is_not_made(paper, mother):
    with pytest.raises(Invalid) as refused:
        locker.share(id=paper.id, purpose=" ", until=clock.now() + timedelta(days=91), actor=mother)
    assert [problem.field for problem in refused.value.problems] == ["purpose", "until"]
    assert Share.objects.count() == 0


def test_checking_the_printed_code_asks_the_number_and_never_gives_the_document(paper, mother):
    answer = locker.check(code=" abcde-fghij ", second_fact="12 / 2026")
    assert answer.ok
    assert answer.sentence == (
        "Giấy tờ do Ủy ban nhân dân phường Quy Nhơn cấp ngày 07/10/2026. Không thời hạn."
    )
    assert answer.title == "Giấy khai sinh"
    assert str(paper.file_id) not in repr(answer)
    assert "An Nhiên" not in repr(answer)
    (look,) = locker.looks(actor=mother)
    assert look.purpose == "Kiểm tra giấy tờ bằng mã QR"


def test_a_wrong_code_and_a_wrong_number_are_answered_alike(paper, mother):
    del paper
    wrong_number = locker.check(code=CODE, second_fact="13/2026")
    wrong_code = locker.check(code="KHONG-COMAU", second_fact="12/2026")
    assert wrong_number == wrong_code
    assert not wrong_number.ok
    assert locker.looks(actor=mother) == ()


def test_guessing_at_the_number_of_a_printed_paper_rests(paper):
    del paper
    for number in range(5):
        locker.check(code=CODE, second_fact=f"{number}/2025")
    with pytest.raises(TooMany):
        locker.check(code=CODE, second_fact="12/2026")


def test_a_paper_past_its_day_is_said_to_be_out_of_force_and_cannot_be_reused(keep, mother):
    keep(mother, valid_until=date(2026, 10, 8))
    assert len(locker.reusable(actor=mother, kind="birth_certificate")) == 1
    with clock.at(clock.now() + timedelta(days=2)):
        answer = locker.check(code=CODE, second_fact="12/2026")
        assert (answer.ok, answer.sentence.rpartition("2026. ")[2]) == (
            False,
            "Đã hết hạn ngày 08/10/2026.",
        )
        assert locker.reusable(actor=mother, kind="birth_certificate") == ()
        assert len(locker.papers(actor=mother)) == 1


def test_the_agency_takes_a_paper_back_and_whoever_checks_learns_it(paper, link, mother, official):
    reason = "Quyết định 15/QĐ-UBND: cấp sai quê quán."
    with pytest.raises(NotAllowed):
        locker.revoke(verify_code=CODE, reason=reason, actor=official("leader", "21592"))
    with pytest.raises(NotAllowed):
        locker.revoke(verify_code=CODE, reason=reason, actor=mother)
    assert Paper.objects.get(id=paper.id).revoked_at is None

    locker.revoke(verify_code=CODE, reason=reason, actor=official("leader"))
    (mine,) = locker.papers(actor=mother)
    assert (mine.valid_say, mine.revoked_reason) == ("Đã bị thu hồi ngày 07/10/2026", reason)
    assert not locker.check(code=CODE, second_fact="12/2026").ok
    assert not opened(link.token).in_force
    assert locker.reusable(actor=mother, kind="birth_certificate") == ()
