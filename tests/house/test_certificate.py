"""TT-IV.4: a certificate in the register of the department, verified by whoever holds the paper."""

import re

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.services.locker import api as locker
from cuaso.wiring.installation import INSTALLER
from tests.support.answers import FATHER, MOTHER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

KEY = "education/certificate"
PAGE = f"/xac-minh/so/{KEY}/"
NUMBER, CODE = "A00123456", "40718265"
HOLDER = "Võ Thị Hạ Lam"


@pytest.fixture
def department():
    """Return who may do what in the department of education, by role."""
    agency = directory.agency_by_key("so-giao-duc-va-dao-tao-gia-lai")

    def acting(*roles: str) -> Actor:
        return Actor(
            kind="official",
            name="Công chức khảo thí",
            post_id=agency.id,
            agency_id=agency.id,
            agency_scope=frozenset({agency.id}),
            roles=frozenset(roles),
        )

    return acting


@pytest.fixture
def certificate(department):
    handler = department("handler")
    registries.fill_samples(actor=INSTALLER, key="education/school", rows=1)
    (school,) = registries.list_records(
        registry="education/school", query=ListQuery(columns=("code",)), actor=INSTALLER
    ).rows
    return registries.add(
        registry=KEY,
        values={
            "number": NUMBER,
            "register_number": "000125/26-SGDĐT",
            "verify_code": CODE,
            "kind": "upper",
            "full_name": HOLDER,
            "personal_number": MOTHER,
            "birth_date": "14/02/1996",
            "birth_place": "Bình Định",
            "sex": "female",
            "ethnic_group": "01",
            "school": school.cells[0].value,
            "year": "2014",
            "decision": "0871/QĐ-SGDĐT",
            "issued": "15/08/2014",
            "signer": "Giám đốc Sở (minh hoạ)",
            "handed": "self",
            "handed_on": "10/09/2014",
        },
        actor=handler,
    )


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2])
    return " ".join(text.split())


def test_TT_IV_4_an_employer_opens_the_qr_of_a_certificate_and_later_reads_of_its_withdrawal(
    certificate, department, client, citizen
):
    link = f"{PAGE}?n={NUMBER}&m={CODE}"
    said = words(client.get(link))
    assert "Đang có hiệu lực" in said
    assert f"Họ, chữ đệm, tên {HOLDER}" in said
    assert "Ngày cấp 15/08/2014" in said
    assert MOTHER not in said
    assert "14/02/1996" not in said
    assert words(client.post(PAGE, {"n": "a00123456", "m": "4071 8265"})).count(HOLDER) == 1
    told = "Xác minh bằng số và mã ghi trên giấy: Sổ gốc cấp văn bằng, chứng chỉ."
    assert [one.purpose for one in locker.looks(actor=citizen())] == [told, told]
    registries.move(
        registry=KEY,
        id=certificate.id,
        to="withdraw",
        values={"ended": "06/10/2026", "ended_why": "Gian lận khi thi"},
        actor=department("leader"),
    )
    after = words(client.get(link))
    assert "Không còn hiệu lực" in after
    assert "Tình trạng Đã thu hồi, hủy bỏ" in after
    assert "Đang có hiệu lực" not in after


def test_TT_IV_4_a_guesser_reads_the_same_words_for_every_wrong_pair_and_is_stopped(
    certificate, client
):
    def answer(number: str, code: str) -> str:
        said = words(client.post(PAGE, {"n": number, "m": code}))
        return said.replace(number, "…").replace(code, "…")

    pairs = [(NUMBER, "40718264"), ("A00999999", CODE), ("A00999999", "40718264")]
    assert len({answer(*pair) for pair in pairs}) == 1
    assert "Không có bản ghi nào khớp với cả hai giá trị này." in answer(NUMBER, "40718263")
    for _ in range(6):
        last = client.post(PAGE, {"n": NUMBER, "m": CODE})
    assert last.status_code == 429
    assert HOLDER not in last.content.decode()


def test_a_guest_leaves_a_value_out_or_asks_a_register_that_answers_nobody(client):
    half = client.post(PAGE, {"n": NUMBER, "m": " "})
    assert half.status_code == 422
    assert "Hãy nhập “Mã tra cứu” như ghi trên giấy." in words(half)
    assert "Số hiệu in ở góc văn bằng" in words(client.get(PAGE))
    assert client.get("/xac-minh/so/education/pupil/").status_code == 404
    assert client.get("/xac-minh/so/education/khong-co/").status_code == 404
    assert "Văn bằng, chứng chỉ" in words(client.get("/xac-minh/so/"))


def test_the_holder_reads_the_certificate_and_who_looked_and_nobody_else_does(
    certificate, department, sign_in
):
    registries.record(registry=KEY, id=certificate.id, actor=department("handler"))
    mother = sign_in(MOTHER)
    shelf = words(mother.get("/du-lieu-ve-toi/"))
    assert f"{NUMBER} – {HOLDER}" in shelf
    assert "Người được cấp xem văn bằng của mình." in shelf
    address = f"/du-lieu-ve-toi/{KEY}/{certificate.id}/"
    page = mother.get(address)
    said = words(page)
    assert f"Số định danh cá nhân {MOTHER}" in said
    assert "Công chức khảo thí" in said
    assert "Gửi đề nghị chỉnh sửa đến Sở Giáo dục và Đào tạo tỉnh Gia Lai" in said
    assert f"{PAGE}?n={NUMBER}&amp;m={CODE}" in page.content.decode()
    assert "Bản ghi trong cơ sở dữ liệu Sổ gốc cấp văn bằng, chứng chỉ" in words(
        mother.get("/ai-da-xem/")
    )
    father = sign_in(FATHER)
    assert father.get(address).status_code == 404
    assert "Chưa có bản ghi nào" in words(father.get("/du-lieu-ve-toi/"))


def test_a_representative_reads_the_records_of_the_business_in_that_capacity(citizen):
    key, owner = "transport/transport_operator", directory.find_person(MOTHER)
    registries.fill_samples(actor=INSTALLER, key=key, rows=12)
    filled = Filter(path="tax_code", how="filled")
    asked = ListQuery(columns=("tax_code",), filters=(filled,))
    rows = registries.list_records(registry=key, query=asked, actor=INSTALLER).rows
    tax_code = rows[0].cells[0].text
    theirs = {row.id for row in rows if row.cells[0].text == tax_code}
    business = directory.ensure_business(name="Công ty minh hoạ", tax_code=tax_code)
    acting = Actor(kind="business", name=owner.name, person_id=owner.id, for_id=business.id)
    (found,) = (one for one in registries.own_records(actor=acting).registries if one.key == key)
    assert {one[0] for one in found.records} == theirs
    assert registries.record(registry=key, id=rows[0].id, actor=acting).id == rows[0].id
    assert registries.own_records(actor=citizen()).registries == ()
    with pytest.raises(NotFound):
        registries.record(registry=key, id=rows[0].id, actor=citizen())
