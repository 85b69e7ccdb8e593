"""What is not a partner's own, fresh, signed word: a sentence, an entry, nothing given."""

import base64
import zlib
from datetime import timedelta
from urllib.parse import quote

import pytest
from lxml import etree
from saml2 import SAMLError

from cuaso.foundation.identity.saml.messages.sign import sign_element
from cuaso.foundation.identity.saml.models import Partner
from cuaso.foundation.identity.saml.tests import world
from cuaso.kernel import clock

P = "{urn:oasis:names:tc:SAML:2.0:protocol}"
A = "{urn:oasis:names:tc:SAML:2.0:assertion}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
SAY = {
    "unsigned": "yêu cầu không có chữ ký",
    "signature": "Chữ ký của yêu cầu không đúng",
    "wrapped": "Chữ ký không phủ chính yêu cầu này",
    "replayed": "Yêu cầu này đã được dùng rồi",
    "consumer": "không phải địa chỉ đã đăng ký",
    "elsewhere": "gửi cho một địa chỉ khác",
    "expired": "Yêu cầu đã quá hạn",
    "document_type": "khai báo kiểu tài liệu",
    "unknown_partner": "chưa được đăng ký và duyệt",
    "certificate_over": "đã hết hạn",
    "too_large": "dài hơn mức cho phép",
    "unreadable": "không đọc được",
}


def refused(answer, before, word):
    page = answer.content.decode()
    assert answer.status_code == 400, page
    assert f"saml.{word}" in page
    assert SAY[word] in page
    assert "SAMLResponse" not in page
    assert world.counts() == before


def signed_form(provider, **words):
    return provider.ask(binding=world.BINDING_HTTP_POST, **words)


def changed(form, change):
    """Return the form with its XML changed under the signature."""
    root = etree.fromstring(base64.b64decode(form["SAMLRequest"]))
    other = change(root)
    root = root if other is None else other
    return form | {"SAMLRequest": base64.b64encode(etree.tostring(root)).decode()}


def mark_of(root):
    mark = root.find(f"{DS}Signature")
    assert mark is not None
    return mark


def without_signature(root):
    root.remove(mark_of(root))


def signed_by_the_house(root):
    without_signature(root)
    return sign_element(root)


def with_another_consumer(root):
    root.set("AssertionConsumerServiceURL", "https://ke-gian.example/acs")


def around_the_signed_one(root):
    """Put a forged request around the signed one, its signature kept (wrapping)."""
    forged = etree.fromstring(etree.tostring(root))
    forged.set("ID", "_gia")
    forged.set("AssertionConsumerServiceURL", "https://ke-gian.example/acs")
    place = etree.SubElement(forged, f"{P}Extensions")
    place.append(root)
    return forged


def beside_the_signed_one(root):
    """Hide the signed request inside its own signature's object."""
    forged = etree.fromstring(etree.tostring(root))
    forged.set("ID", "_gia")
    mark = mark_of(forged)
    original = etree.fromstring(etree.tostring(root))
    original.remove(mark_of(original))
    etree.SubElement(mark, f"{DS}Object").append(original)
    return forged


def with_the_same_id_twice(root):
    forged = etree.fromstring(etree.tostring(root))
    place = etree.SubElement(forged, f"{P}Extensions")
    place.append(root)
    return forged


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_signature, ("unsigned",)),
        (with_another_consumer, ("signature",)),
        (around_the_signed_one, ("wrapped", "signature")),
        (beside_the_signed_one, ("wrapped", "signature")),
        (with_the_same_id_twice, ("wrapped", "signature")),
    ],
)
def test_a_changed_or_wrapped_request_gives_nothing(person, provider, partner, change, words):
    form = changed(signed_form(provider), change)
    before = world.counts()
    answer = person.post("/saml/sso", form)
    [code] = world.refusals(partner)
    assert code.removeprefix("saml.") in words
    refused(answer, before, code.removeprefix("saml."))


def test_an_unsigned_request_of_a_partner_that_signs_is_refused(person, provider, partner):
    asked = provider.ask(sign=False)
    assert "Signature=" not in asked
    before = world.counts()
    refused(person.get(asked), before, "unsigned")
    assert world.refusals(partner) == ["saml.unsigned"]


def test_a_partner_that_never_signs_may_ask_without(person, tmp_path):
    plain = world.Provider(tmp_path, signs=False)
    plain.trust(person)
    world.partner(plain)
    assert world.come_in(person, plain, sign=False).ava["uid"] == ["tiepnhan.quynhon"]


@pytest.mark.parametrize("part", ["SAMLRequest", "RelayState", "SigAlg"])
def test_a_query_that_was_changed_after_its_signing_is_refused(person, provider, partner, part):
    asked = provider.ask(relay="mot")
    other = provider.ask(relay="hai")
    old, new = (
        dict(one.split("=", 1) for one in to.split("?")[1].split("&")) for to in (asked, other)
    )
    new["SigAlg"] = quote("http://www.w3.org/2000/09/xmldsig#rsa-sha1", safe="")
    old[part] = new[part]
    before = world.counts()
    answer = person.get("/saml/sso?" + "&".join(f"{name}={word}" for name, word in old.items()))
    refused(answer, before, "signature")


def test_a_query_that_says_a_thing_twice_is_refused(person, provider, partner):
    before = world.counts()
    refused(person.get(provider.ask() + "&RelayState=khac"), before, "unreadable")


def test_a_request_under_the_key_of_another_partner_is_refused(person, provider, partner, tmp_path):
    thief = world.Provider(tmp_path, name="ke-trom", host=provider.host)
    thief.trust(person)
    before = world.counts()
    refused(person.get(thief.ask()), before, "signature")
    assert world.refusals(partner) == ["saml.signature"]


def test_a_request_comes_once(person, provider, partner):
    asked = provider.ask()
    assert person.get(asked).status_code == 303
    before = world.counts()
    refused(person.get(asked), before, "replayed")
    assert world.refusals(partner) == ["saml.replayed"]


def test_an_answer_goes_to_a_registered_address_alone(person, provider, partner):
    partner.consumers = [[1, "https://doi-tac.example/moi"]]
    partner.save()
    before = world.counts()
    refused(person.get(provider.ask()), before, "consumer")
    assert world.refusals(partner) == ["saml.consumer"]


def test_a_request_for_another_house_is_refused(person, provider, partner, settings):
    asked = provider.ask()
    settings.PUBLIC_URL = "https://nha-khac.example"
    before = world.counts()
    refused(person.get(asked), before, "elsewhere")


@pytest.mark.parametrize("shift", [timedelta(minutes=6), timedelta(minutes=-10)])
def test_a_request_of_another_time_is_refused(person, provider, partner, shift):
    asked = provider.ask()
    before = world.counts()
    with clock.at(clock.now() + shift):
        refused(person.get(asked), before, "expired")


def test_a_partner_whose_certificate_is_over_is_refused(person, provider, partner):
    partner.certificates = [world.key_pair("cu", days=-1)[1]]
    partner.save()
    before = world.counts()
    refused(person.get(provider.ask()), before, "certificate_over")


@pytest.mark.parametrize("status", ["waiting", "closed", "refused"])
def test_a_partner_without_a_yes_is_refused(person, provider, partner, status):
    Partner.objects.update(status=status)
    before = world.counts()
    refused(person.get(provider.ask()), before, "unknown_partner")
    assert world.refusals(partner) == ["saml.unknown_partner"]


BOMB = (
    '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">'
    '<!ENTITY z "&y;&y;&y;&y;&y;&y;&y;&y;&y;&y;">]>'
    '<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol">&z;</p:AuthnRequest>'
)
REACHING = (
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol">&x;</p:AuthnRequest>'
)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (BOMB, "document_type"),
        (REACHING, "document_type"),
        ("không phải XML", "unreadable"),
        ("<a/>", "unreadable"),
        ("<a>" * 60_000, "too_large"),
        (b"\xff\xfe\x00", "unreadable"),
    ],
)
def test_hostile_xml_is_not_read(person, content, word):
    before = world.counts()
    refused(person.post("/saml/sso", {"SAMLRequest": world.encoded(content)}), before, word)


def test_a_squeezed_bomb_is_not_blown_up(person):
    opener = zlib.compressobj(9, wbits=-15)
    squeezed = opener.compress(b"<a>" + b"a" * 50_000_000) + opener.flush()
    before = world.counts()
    words = {"SAMLRequest": base64.b64encode(squeezed).decode()}
    refused(person.get("/saml/sso", words), before, "too_large")


@pytest.mark.parametrize("told", ["", "###", "YQ"])
def test_what_is_no_message_is_not_read(person, told):
    before = world.counts()
    refused(person.get("/saml/sso", {"SAMLRequest": told}), before, "unreadable")


def test_many_wrong_requests_from_one_place_are_stopped_and_fill_no_ledger(
    person, provider, partner
):
    answers = [person.get(provider.ask(sign=False)).status_code for _ in range(31)]
    assert answers[:30] == [400] * 30
    assert answers[30] == 429
    assert len(world.refusals(partner)) == 30


def test_an_assertion_for_one_partner_is_worth_nothing_at_another(
    person, provider, partner, tmp_path
):
    """The audience and the recipient stand in it; a system that reads them refuses it."""
    other = world.Provider(tmp_path, host="https://khac.example", name="khac")
    other.trust(person)
    page = person.get(provider.ask(), follow=True).content.decode()
    other.outstanding = provider.outstanding
    read = other.read(world.fields_of(page))
    assert read is None or (read.assertion, read.ava) == (None, None)


def test_an_assertion_that_was_changed_on_its_way_is_worth_nothing(person, provider, partner):
    page = person.get(provider.ask(), follow=True).content.decode()
    fields = world.fields_of(page)
    sent = base64.b64decode(fields["SAMLResponse"]).decode()
    assert "tiepnhan.quynhon" in sent
    forged = sent.replace("tiepnhan.quynhon", "chutich.quynhon")
    with pytest.raises(SAMLError):
        provider.read(fields | {"SAMLResponse": world.encoded(forged)})


def test_our_own_signature_proves_no_partner(person, provider, partner):
    """A request signed by the house itself, reflected at it."""
    form = changed(signed_form(provider), signed_by_the_house)
    before = world.counts()
    refused(person.post("/saml/sso", form), before, "signature")
