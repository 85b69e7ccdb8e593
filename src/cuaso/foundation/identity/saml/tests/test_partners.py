"""An official describes a system that speaks SAML, an administrator decides about it."""

import re

import pytest
from django.test import Client as Browser

from cuaso.foundation.identity.saml.models import ParkedSignIn, Partner
from cuaso.foundation.identity.saml.partners.decide import approve_partner, close_partner
from cuaso.foundation.identity.saml.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed

APPLY = "/bao-mat/he-thong-saml/dang-ky/"
LIST = "/bao-mat/he-thong-saml/"


@pytest.fixture
def administrator(db):
    people.official(username="quantri", roles={"admin"}, number="052188000011")
    client = Browser()
    people.sign_in(client, username="quantri")
    return client


def words(provider, **changed):
    told = {"name": "Đối tác", "metadata": provider.metadata, "attributes": ["name", "email"]}
    return told | {"contact": "Tổ kỹ thuật"} | changed


def test_an_official_describes_a_system_and_an_administrator_lets_it_in_and_out(
    person, administrator, provider
):
    assert person.get(APPLY).status_code == 200
    sent = person.post(APPLY, words(provider))
    assert sent["Location"] == LIST
    row = Partner.objects.get()
    assert (row.status, row.entity_id, row.attributes) == (
        "waiting",
        provider.entity_id,
        ["name", "email"],
    )
    assert row.agency_id is not None
    assert "saml.unknown_partner" in person.get(provider.ask()).content.decode()
    page = administrator.get(LIST).content.decode()
    assert "Chờ duyệt" in page
    assert provider.consumer in page
    administrator.post(f"{LIST}{row.id}/", {"answer": "approve"})
    assert world.come_in(person, provider).ava == {"cn": ["Lê Thị Tiếp Nhận"]}
    unsaid = administrator.post(f"{LIST}{row.id}/", {"answer": "close", "reason": " "})
    assert unsaid.status_code == 422
    person.get(provider.ask())
    administrator.post(f"{LIST}{row.id}/", {"answer": "close", "reason": "Ngừng dùng"})
    row.refresh_from_db()
    assert row.status == "closed"
    assert ParkedSignIn.objects.filter(partner=row).count() == 0
    acts = sorted(world.partner_acts(row))
    assert acts == [
        "identity.partner_approved",
        "identity.partner_closed",
        "identity.partner_registered",
        "identity.saml_refused",
    ]


def test_only_an_administrator_decides(person, provider):
    row = world.partner(provider, approved=False)
    assert person.get(LIST).status_code == 403
    assert person.post(f"{LIST}{row.id}/", {"answer": "approve"}).status_code == 403
    with pytest.raises(NotAllowed):
        close_partner(actor=people.TESTER, partner_id=row.id, reason="x")
    row.refresh_from_db()
    assert row.status == "waiting"


def test_a_decision_is_made_once(provider, partner):
    with pytest.raises(Conflict):
        approve_partner(actor=world.ADMIN, partner_id=partner.id)


def test_a_system_is_registered_once(provider, partner):
    before = world.counts()
    with pytest.raises(Conflict):
        world.partner(provider)
    assert world.counts() == before


def without(pattern, put=""):
    return lambda text: re.sub(pattern, put, text, flags=re.DOTALL)


def aged(text):
    old = "".join(world.key_pair("cu", days=-1)[1].splitlines()[1:-1])
    return re.sub(
        r"(<[^>]*X509Certificate>)[^<]+", lambda found: found.group(1) + old, text, flags=re.DOTALL
    )


@pytest.mark.parametrize(
    ("change", "say"),
    [
        (lambda _text: "", "Nội dung yêu cầu không đọc được."),
        (lambda _text: "<a/>", "Không đọc được mô tả"),
        (lambda text: "<!DOCTYPE a []>" + text, "khai báo kiểu tài liệu"),
        (without(r"<[^>]*KeyDescriptor.*KeyDescriptor>"), "Thiếu chứng thư ký"),
        (without(r"<[^>]*AssertionConsumerService [^>]*/>"), "ít nhất một địa chỉ nhận"),
        (without("https://doi-tac.example/acs", "http://doi-tac.example/acs"), "https://"),
        (without("https://doi-tac.example/slo", "javascript:alert(1)"), "https://"),
        (aged, "đã hết hạn"),
        (without(r"(X509Certificate>)[^<]+", r"\1AAAA"), "không đọc được"),
    ],
)
def test_a_description_that_is_not_safe_is_refused_with_its_reason(person, provider, change, say):
    changed = change(re.sub(r"^<\?xml[^>]*\?>\s*", "", provider.metadata))
    answer = person.post(APPLY, words(provider, metadata=changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert say in page
    assert Partner.objects.count() == 0


@pytest.mark.parametrize(
    "changed", [{"name": ""}, {"name": "x" * 201}, {"attributes": ["mat_khau"]}]
)
def test_a_system_without_a_name_or_with_strange_wishes_is_refused(person, provider, changed):
    assert person.post(APPLY, words(provider, **changed)).status_code == 422
    assert Partner.objects.count() == 0


def test_guests_describe_nothing(client, provider):
    assert client.post(APPLY, words(provider)).status_code == 302
    assert Partner.objects.count() == 0
    with pytest.raises(Invalid):
        world.partner(provider, attributes=("mat_khau",))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (LIST, ("Systems connected by SAML", "In use", "Shut the system out", "Learns:")),
        (f"{LIST}dang-ky/", ("Register a system that connects by SAML", "Technical contact")),
        (
            "/bao-mat/he-thong-ket-noi/",
            ("Systems connected to central sign-in", "Systems connected by"),
        ),
        ("/saml/sso", ("Could not do this with the other system", "The request cannot be read.")),
    ],
)
def test_the_pages_of_connected_systems_speak_english(administrator, partner, address, told):
    administrator.cookies["django_language"] = "en"
    page = administrator.get(address).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    for words in told:
        assert words in main, main
    assert not re.search("Hệ thống|Đăng ký|Yêu cầu", main)
