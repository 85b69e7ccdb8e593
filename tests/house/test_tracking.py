"""KT-d5: anyone who holds a code and a second fact follows a dossier, and learns nothing else."""

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.kernel.errors import NotFound
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import WalkIn
from tests.support.answers import COPY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


@pytest.fixture
def code(mother, submitted):
    return procedures.dossier(id=submitted, actor=mother).tracking_code


@pytest.mark.parametrize("fact", ["0122", " 052196000122 ", "0900000122"])
def test_tracking_by_code_and_the_last_digits_of_number_or_telephone(code, fact):
    seen = procedures.track(code=f" {code.lower()} ", second_fact=fact)
    assert (seen.code, seen.status_say) == (code, "Mới đăng ký")
    assert [line.say for line in seen.log] == ["nộp hồ sơ"]


@pytest.mark.parametrize("fact", ["0123", "22", "", "----", "????", "bốn0", "o122"])
def test_a_wrong_fact_is_answered_like_a_wrong_code(code, fact):
    with pytest.raises(NotFound) as wrong_fact:
        procedures.track(code=code, second_fact=fact)
    with pytest.raises(NotFound) as wrong_code:
        procedures.track(code="AAAA-BBBB-CCCC", second_fact="0122")
    assert str(wrong_fact.value) == str(wrong_code.value)


def test_an_applicant_without_telephone_is_not_opened_by_dashes(official):
    view = procedures.receive_walk_in(
        walk_in=WalkIn(
            procedure_code="2.000815",
            applicant_personal_number="052196000777",
            applicant_name="Nguyễn Thị Không Máy",
            values=COPY,
        ),
        actor=official("reception"),
        key="1",
    )
    assert directory.find_person("052196000777").phone == ""
    assert procedures.track(code=view.dossier_code, second_fact="0777").code == view.dossier_code
    for fact in ("----", "    ", ""):
        with pytest.raises(NotFound):
            procedures.track(code=view.dossier_code, second_fact=fact)


def test_a_public_answer_names_nobody_and_gives_no_reason(code, submitted, official):
    procedures.refuse(
        id=submitted, reason="Trẻ đã được đăng ký ở nơi khác.", actor=official("reception")
    )
    seen = procedures.track(code=code, second_fact="0122")
    assert seen.plain_say == "Cơ quan không tiếp nhận hồ sơ. Người nộp đăng nhập để xem lý do."
    told = repr(seen)
    for secret in ("Hạ Lam", "An Nhiên", "052196000122", "ở nơi khác", "Minh An"):
        assert secret not in told


def test_after_receipt_the_legal_code_finds_the_dossier_too(code, submitted, official):
    received = procedures.receive(id=submitted, actor=official("reception"))
    by_legal = procedures.track(code=received.dossier_code, second_fact="0122")
    assert by_legal == procedures.track(code=code, second_fact="0122")
    assert by_legal.code == received.dossier_code
