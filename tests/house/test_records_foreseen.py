"""KT-d5: before the seal, officers see what the result will write into a register, and what that
register refuses.
"""

from uuid import uuid4

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.models import Change
from cuaso.kernel.errors import NotFound
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import NumberBook, Result
from tests.house.test_home_affairs_procedures import (
    ASSOCIATION,
    DISSOLUTION,
    OVER,
    again,
    chartered,
    founded,
    only,
)
from tests.rest.conftest import signed_in
from tests.support.apparatus import HOUSE
from tests.support.dossiers import bring_to_signature, let_the_house_work, rows_of, submit_marital
from tests.support.permissions import COMMITTEE, asked
from tests.support.permissions import signed as signed_result
from tests.support.registers import holder, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
BIRTHS = "justice/birth"
FORESEEN = "Sẽ ghi vào sổ: Sổ đăng ký khai sinh"
EARLIER = "Ngày sinh của mẹ phải trước ngày sinh của con."


@pytest.fixture
def drawn(mother, official, submitted):
    """Return a birth whose draft waits for the leader."""
    bring_to_signature(submitted, mother, official)
    return submitted


@pytest.fixture
def signed(drawn, official):
    procedures.approve(id=drawn, actor=official("leader"))
    return drawn


def facts(foreseen):
    return {fact.label: fact.value for fact in foreseen.facts}


def births(official):
    return registries.list_records(
        registry=BIRTHS, query=ListQuery(), actor=official("handler")
    ).rows


def contradicted(dossier_id):
    """Let the result say that the mother was born after her child."""
    result = Result.objects.get(dossier=dossier_id)
    result.values["mother"]["birth_date"] = "2026-10-06"
    result.save(update_fields=["values"])


def test_kt_d5_a_clerk_reads_before_the_seal_what_the_register_then_holds_to_the_letter(
    signed, official
):
    before = (
        rows_of(signed),
        list(NumberBook.objects.values("book", "last")),
        Change.objects.count(),
    )
    (foreseen,) = procedures.records_foreseen(id=signed, actor=official("clerk"))
    assert (foreseen.title, foreseen.added, foreseen.refused) == ("Sổ đăng ký khai sinh", True, "")
    assert [fact.label for fact in foreseen.facts if fact.tentative] == [
        "Số đăng ký",
        "Ngày đăng ký",
    ]
    assert facts(foreseen)["Số đăng ký"] == "01/2026"
    assert facts(foreseen)["Họ, chữ đệm, tên"] == "Trần Võ An Nhiên"
    assert births(official) == ()
    after = rows_of(signed), list(NumberBook.objects.values("book", "last")), Change.objects.count()
    assert after == before
    procedures.seal(id=signed, actor=official("clerk"))
    let_the_house_work()
    (row,) = births(official)
    record = registries.record(registry=BIRTHS, id=row.id, actor=official("handler"))
    written = {one.title: one.text for one in record.fields if one.text}
    assert facts(foreseen).items() <= written.items()
    assert len(foreseen.facts) >= 20
    assert procedures.records_foreseen(id=signed, actor=official("clerk")) == ()


def test_a_leader_reads_it_beside_the_draft_with_their_own_name_as_signer(drawn, official):
    leader = official("leader")
    (foreseen,) = procedures.records_foreseen(id=drawn, actor=leader)
    assert facts(foreseen)["Người ký Giấy khai sinh"] == leader.name
    page = signed_in(leader).client.get(f"/ban-lam-viec/ho-so/{drawn}/viec/ky/").content.decode()
    assert FORESEEN in page
    assert "Ghi ngay sau khi ban hành." in page


def test_kt_d5_a_clerk_reads_before_the_seal_what_the_register_will_refuse_and_where(
    signed, official
):
    contradicted(signed)
    (foreseen,) = procedures.records_foreseen(id=signed, actor=official("clerk"))
    assert foreseen.refused == "Bản ghi còn 1 chỗ cần sửa."
    assert [(fact.label, fact.problem) for fact in foreseen.facts if fact.problem] == [
        ("Ngày sinh của mẹ", EARLIER)
    ]
    assert facts(foreseen)["Giới tính"] == "Nữ"
    page = signed_in(official("clerk")).client.get(f"/ban-lam-viec/ho-so/{signed}/")
    assert "Sổ sẽ từ chối bản ghi này." in page.content.decode()
    assert EARLIER in page.content.decode()


def test_who_has_no_step_in_the_dossier_foresees_nothing(signed, official, mother):
    assert procedures.records_foreseen(id=signed, actor=official("leader")) == ()
    assert procedures.records_foreseen(id=signed, actor=mother) == ()
    with pytest.raises(NotFound):
        procedures.records_foreseen(id=uuid4(), actor=official("clerk"))


def test_a_program_asks_for_it_and_a_dossier_without_a_draft_answers_nothing(
    signed, official, mother
):
    clerk = signed_in(official("clerk"))
    answer = clerk.client.get(f"/api/v1/dossiers/{signed}/records-foreseen")
    assert answer.status_code == 200
    assert [one["title"] for one in answer.json()] == ["Sổ đăng ký khai sinh"]
    other = submit_marital(mother).dossier_id
    desk = signed_in(official("reception"))
    assert desk.client.get(f"/api/v1/dossiers/{other}/records-foreseen").json() == []


def test_kt_d5_a_clerk_reads_the_step_of_status_and_that_the_register_has_gone_elsewhere(mother):
    founded(mother)
    keeper, clerk = holder(HOUSE, "leader"), holder(COMMITTEE, "clerk")
    one = only(ASSOCIATION, keeper)
    chartered(mother, one)
    id = signed_result(asked(DISSOLUTION, mother, association__code="HOI-00001", **OVER), HOUSE)
    (foreseen,) = procedures.records_foreseen(id=id, actor=clerk)
    assert (foreseen.added, foreseen.step, foreseen.at_sealing, foreseen.refused) == (
        False,
        "Giải thể",
        True,
        "",
    )
    assert [(fact.value, fact.tentative) for fact in foreseen.facts] == [("07/10/2026", True)]
    assert again(one, keeper).text("status") == "Đang hoạt động"
    moved(again(one, keeper), "merge", keeper, ended_on="07/10/2026")
    (foreseen,) = procedures.records_foreseen(id=id, actor=clerk)
    assert foreseen.refused == (
        "Không thực hiện được “Giải thể”. "
        "Bản ghi đang ở trạng thái khác với trạng thái mà bước này bắt đầu."
    )
    page = signed_in(clerk).client.get(f"/ban-lam-viec/ho-so/{id}/").content.decode()
    assert "Sổ sẽ từ chối, nên chưa đóng dấu được." in page
    assert Result.objects.get(dossier=id).number == ""
