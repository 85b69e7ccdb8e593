"""Work on one record: the drawn way of a proposal, a certificate signed for its owner."""

import re
import subprocess
from datetime import timedelta

import pytest
from django.test import Client

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RecordView
from cuaso.capabilities.signing import api as signing
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import MandateView
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import api as locker
from cuaso.wiring.processes import events
from tests.support.answers import MOTHER
from tests.support.registers import entered, holder, home_affairs_on_record, moved
from tests.support.vessels import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
DEPARTMENT, COMMITTEE = "so-noi-vu-gia-lai", "ubnd-tinh-gia-lai"
PROPOSAL, REWARD = "home-affairs/reward_proposal", "home-affairs/reward"
SO = "/ban-lam-viec/so/"


@pytest.fixture
def handler() -> Actor:
    return holder(DEPARTMENT, "handler")


@pytest.fixture
def leader() -> Actor:
    return holder(DEPARTMENT, "leader")


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2])
    return " ".join(text.split())


@pytest.fixture
def employer(handler: Actor) -> str:
    """Return the code of the department in the register of organisations."""
    return home_affairs_on_record(handler)


@pytest.fixture
def file(handler: Actor, employer: str) -> str:
    """Return the number of the file of an official, who is the invented mother."""
    entered(
        "home-affairs/official",
        handler,
        code="CB-900001",
        rows={"degrees": (), "career": (), "relatives": ()},
        person__full_name="Võ Thị Hạ Lam",
        person__personal_number=MOTHER,
        person__birth_date="14/02/1996",
        person__sex="female",
        organisation=employer,
        kind="civil_servant",
        post="specialist",
        recruited_on="01/11/2022",
        party_member="no",
        **dict.fromkeys(("commune", "post_since", "party_joined_on", "left_on"), ""),
    )
    return "CB-900001"


def proposal(actor: Actor, code: str, level: str, organisation: str) -> RecordView:
    return entered(
        PROPOSAL,
        actor,
        code=code,
        name="Nguyễn Thị Mai",
        subject="person",
        form="hc_ld_3",
        reason="work",
        years="5",
        level=level,
        received_on="05/10/2026",
        due_on="30/10/2026",
        disciplined="no",
        late_taxes="no",
        rows={"past": (), "votes": ()},
        organisation=organisation,
        **dict.fromkeys(("campaign", "checked_by", "opinion", "refused_why", "official"), ""),
    )


def steps(record: RecordView, actor: Actor) -> list[str]:
    seen = registries.record(registry=PROPOSAL, id=record.id, actor=actor)
    return sorted(one.title for one in seen.turns)


def test_an_officer_reads_which_proposals_wait_and_the_council_and_the_public_are_heard_DX_13(
    handler: Actor, leader: Actor, employer: str
) -> None:
    record = proposal(handler, "ĐN-900001", "state", employer)
    desk, head = browser_of(handler), browser_of(leader)
    waiting = words(desk.get(f"{SO}cho-toi-xu-ly/"))
    assert "ĐN-900001 – Nguyễn Thị Mai Đề nghị khen thưởng Thẩm định hồ sơ, thành tích" in waiting
    assert "Không có bản ghi nào chờ ông/bà" in words(head.get(f"{SO}cho-toi-xu-ly/"))
    page = f"{SO}{PROPOSAL}/{record.id}/"
    shown = words(desk.get(page))
    assert "Quy trình Thẩm định hồ sơ, thành tích Chuyên viên thi đua khen thưởng" in shown
    asked = desk.post(
        f"{page}chuyen/check/",
        {"revision": "1", "record.checked_by": "Đủ điều kiện và tiêu chuẩn."},
    )
    assert (asked.status_code, asked.url) == (302, page)
    assert steps(record, leader) == ["Hội đồng xét, bỏ phiếu", "Lấy ý kiến công khai"]
    early = head.post(f"{page}chuyen/", {"revision": "2", "to": "submit"})
    assert "Chưa đến bước “Trình người có thẩm quyền”." in words(early)
    voted = [{"council": "province", "day": "06/10/2026", "members": "13", "agree": "12"}]
    registries.amend(registry=PROPOSAL, id=record.id, values={"votes": voted}, actor=handler)
    moved(record, "vote", handler)
    assert steps(record, leader) == ["Lấy ý kiến công khai"]
    moved(record, "hear", handler, opinion="Đăng 10 ngày, không có ý kiến khác.")
    assert steps(record, leader) == ["Trình người có thẩm quyền"]
    assert "Trình người có thẩm quyền" in words(head.get(f"{SO}cho-toi-xu-ly/"))
    assert moved(record, "submit", leader).value("status") == "submitted"
    told = words(desk.get(page))
    assert "Chuyển trạng thái: Trình người có thẩm quyền (Lãnh đạo Sở Nội vụ)" in told
    assert "Ghi kết quả lấy ý kiến công khai (Chuyên viên thi đua khen thưởng)" in told
    assert "Quy trình của bản ghi đã xong." in told


def test_a_proposal_within_the_province_is_heard_by_the_council_alone_DX_13(
    handler: Actor, leader: Actor, employer: str
) -> None:
    record = proposal(handler, "ĐN-900002", "province", employer)
    moved(record, "check", handler, checked_by="Đủ điều kiện và tiêu chuẩn.")
    assert steps(record, leader) == ["Hội đồng xét, bỏ phiếu"]
    late = {"refused_why": "Hồ sơ nộp quá hạn", "checked_by": "Thiếu sáng kiến cấp tỉnh."}
    gone = moved(record, "refuse", leader, reason="Nộp muộn.", **late)
    assert (gone.value("status"), gone.turns) == ("refused", ())


def awarded(actor: Actor, official: str, form: str, level: str) -> RecordView:
    return entered(
        REWARD,
        actor,
        certificate="KT-900001",
        subject="person",
        name="Võ Thị Hạ Lam",
        post="Chuyên viên Sở Nội vụ",
        official=official,
        form=form,
        level=level,
        reason="work",
        year="2025",
        decision="0412/QĐ-UBND",
        decided_on="01/10/2026",
        work="Đã có thành tích xuất sắc trong công tác năm 2025.",
        **dict.fromkeys(("organisation", "proposal", "given_on"), ""),
    )


def letters(pdf: bytes) -> str:
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout
    return " ".join(text.decode().split())


def owner() -> Actor:
    """Return the invented mother as who she is to her locker."""
    found = directory.find_person(MOTHER)
    assert found is not None
    return Actor(kind="citizen", name=found.name, person_id=found.id)


@pytest.fixture
def sealed(handler: Actor, file: str) -> tuple[str, str]:
    """Return the page of an award whose certificate is signed and sealed, and the paper's page."""
    record = awarded(handler, file, "bang_khen_tinh", "province")
    desk, page = browser_of(handler), f"{SO}{REWARD}/{record.id}/"
    assert "Lập: Bằng khen" in words(desk.get(page))
    assert desk.post(f"{page}lap-giay/merit/", {"revision": "1"}).status_code == 302
    (line,) = registries.papers_of(registry=REWARD, id=record.id, actor=handler).lines
    assert (line.title, line.state, line.may_sign) == ("Bằng khen", "drawn", False)
    paper = f"{page}giay/{line.id}/"
    assert "Ông/bà không được ký “Bằng khen”." in words(desk.post(f"{paper}ky/"))
    chairman, clerk = holder(COMMITTEE, "leader"), holder(COMMITTEE, "clerk")
    assert browser_of(chairman).post(f"{paper}ky/").status_code == 302
    assert "đã ký, chờ đóng dấu" in words(desk.get(page))
    assert browser_of(clerk).post(f"{paper}dong-dau/").status_code == 302
    return page, paper


@pytest.mark.usefixtures("outside")
def test_an_award_is_signed_by_the_chairman_sealed_and_found_in_the_locker_DX_13(
    handler: Actor, sealed: tuple[str, str]
) -> None:
    desk = browser_of(handler)
    assert "đang có hiệu lực" in words(desk.get(sealed[0]))
    pdf = b"".join(desk.get(sealed[1]))
    said = letters(pdf)
    assert "BẰNG KHEN" in said
    assert "Đã có thành tích xuất sắc trong công tác năm 2025." in said
    verdict = signing.verify(pdf=pdf)
    signed = [(one.kind, one.ok) for one in verdict.signatures]
    assert signed == [("person", True), ("agency", True)]
    assert verdict.fields == {
        "number": "KT-900001",
        "date": "Gia Lai, ngày 07 tháng 10 năm 2026",
    }
    events.deliver()
    (kept,) = [one for one in locker.papers(actor=owner()) if one.number == "KT-900001"]
    assert kept.title == "Bằng khen"
    assert b"".join(locker.content(id=kept.id, actor=owner()).chunks) == pdf


@pytest.mark.usefixtures("outside")
def test_a_visitor_verifies_an_award_and_reads_that_it_was_taken_back_DX_13(
    sealed: tuple[str, str],
) -> None:
    events.deliver()
    (kept,) = [one for one in locker.papers(actor=owner()) if one.number == "KT-900001"]
    address, visitor = f"/xac-minh/so/{REWARD}/", Client()
    asked = {"n": "KT-900001", "m": kept.verify_code}
    found = words(visitor.get(address, asked))
    assert "Giấy này do Ủy ban nhân dân tỉnh Gia Lai ban hành và đang có hiệu lực." in found
    wrong = words(visitor.get(address, {**asked, "m": "AAAA-BBBB-CCCC"}))
    assert "Không có bản ghi nào khớp" in wrong
    chairman = browser_of(holder(COMMITTEE, "leader"))
    reason = {"reason": "Kê khai gian dối."}
    assert chairman.post(f"{sealed[1]}thu-hoi/", reason).status_code == 302
    events.deliver()
    ended = words(visitor.get(address, asked))
    assert "không còn hiệu lực. Kê khai gian dối." in ended
    (after,) = [one for one in locker.papers(actor=owner()) if one.number == "KT-900001"]
    assert after.revoked_reason == "Kê khai gian dối."


@pytest.mark.usefixtures("outside")
def test_a_commendation_of_the_department_is_in_force_once_its_director_signed_DX_13(
    handler: Actor, leader: Actor, file: str
) -> None:
    record = awarded(handler, file, "giay_khen", "department")
    paper = registries.draw_paper(registry=REWARD, id=record.id, name="commendation", actor=handler)
    assert "Số vào sổ: KT-900001" in letters(paper.pdf)
    signed = registries.sign_paper(registry=REWARD, id=record.id, paper_id=paper.id, actor=leader)
    assert (signed.state, signed.signer) == ("filed", leader.name)


@pytest.mark.usefixtures("outside")
def test_kt_f4_a_paper_of_a_record_is_signed_and_revoked_only_with_authority_at_that_minute(
    handler: Actor, leader: Actor, file: str
) -> None:
    record = awarded(handler, file, "giay_khen", "department")
    paper = registries.draw_paper(registry=REWARD, id=record.id, name="commendation", actor=handler)
    act = {"registry": REWARD, "id": record.id, "paper_id": paper.id, "actor": leader}
    assert leader.post_id is not None
    assert leader.agency_id is not None
    chief = holder(COMMITTEE, "leader")

    def give(basis: str, matter: str) -> MandateView:
        return access.give_mandate(
            form="TUQ",
            post_id=leader.post_id,
            principal_post_id=chief.post_id,
            agency_id=leader.agency_id,
            basis=basis,
            from_at=clock.now(),
            until_at=clock.now() + timedelta(days=1),
            matters=[matter],
            actor=chief,
        )

    give("Giấy ủy quyền 01/GUQ", "2.000815")
    with pytest.raises(NotAllowed) as refused:
        registries.sign_paper(**act)
    assert refused.value.code == "access.no_authority"
    about = Subject(kind="registries.paper", id=paper.id)
    assert "registries.paper_signed" not in [one.act for one in audit.history(about)]
    given = give("Giấy ủy quyền 02/GUQ", REWARD)
    assert registries.sign_paper(**act).state == "filed"
    access.end_mandate(id=given.id, reason="Thu hồi giấy ủy quyền.", actor=chief)
    with pytest.raises(NotAllowed) as late:
        registries.revoke_paper(**act, reason="Kê khai gian dối.")
    assert late.value.code == "access.no_authority"
    assert "đã hết từ" in late.value.why
    auditor = holder("thanh-tra-tinh-gia-lai", "auditor")
    (proof,) = access.authority_proofs(subject=about, actor=auditor)
    assert (proof.act, proof.name) == ("registries.paper_signed", leader.name)
    assert "(TUQ.) theo Giấy ủy quyền 02/GUQ" in proof.said_then
