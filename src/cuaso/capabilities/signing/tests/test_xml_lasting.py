"""KT-h3: signed XML that is checkable in decades (XAdES B-LT, B-LTA)."""

from datetime import timedelta

import pytest
from lxml import etree

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.logic.lasting import horizon
from cuaso.capabilities.signing.logic.xml import values
from cuaso.capabilities.signing.logic.xml.reading import DS, XADES
from cuaso.capabilities.signing.logic.xml.verify import ARCHIVE_BROKEN, BROKEN
from cuaso.capabilities.signing.models import RevocationAnswer
from cuaso.capabilities.signing.tests.conftest import ADMINISTRATOR, AGENCY
from cuaso.capabilities.signing.tests.test_xml import LETTER, part, written
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Unavailable

FOR_ARCHIVE = "Sau chữ ký này chỉ thêm bằng chứng và dấu thời gian để lưu trữ lâu dài."


@pytest.fixture
def signed(cipher):
    cipher.certify("seal", kind="agency", name=AGENCY)
    return signing.sign_xml(xml=LETTER, key="seal")


@pytest.fixture
def lasting(signed):
    return signing.archive_xml(xml=signed)


def checked(xml):
    verdict = signing.verify_xml(xml)
    assert verdict.ok
    assert verdict.signature is not None
    return verdict.signature


def level_of(xml):
    return checked(xml).level


def changed(xml, act):
    root = etree.fromstring(xml)
    act(root)
    return written(root)


def drop(name):
    """Take a property out of the signature."""

    def act(root):
        one = part(root, f".//{name}")
        one.getparent().remove(one)

    return act


def test_a_letter_carries_all_that_its_check_needs_and_a_stamp_over_it_kt_h3(signed, lasting):
    assert level_of(signed) == "B-T"
    assert (lasting.level, level_of(lasting.xml)) == ("B-LTA", "B-LTA")
    found = values.properties_of(part(etree.fromstring(lasting.xml), f"{DS}Signature"))
    assert [one.tag for one in found] == [
        f"{XADES}SignatureTimeStamp",
        f"{values.XADES_141}TimeStampValidationData",
        f"{XADES}CertificateValues",
        f"{XADES}RevocationValues",
        f"{values.XADES_141}ArchiveTimeStamp",
    ]
    assert checked(lasting.xml).changed_after == FOR_ARCHIVE
    assert signing.verify_xml(lasting.xml).signed == signing.verify_xml(signed).signed
    assert lasting.renew_by_at is not None
    assert "sha256" in lasting.algorithms
    assert signing.archive_xml(xml=lasting.xml).xml == lasting.xml


def test_a_letter_of_b_lt_needs_its_issuer_no_more_and_goes_on_to_b_lta(cipher, signed):
    kept = signing.archive_xml(xml=signed, level="B-LT")
    assert (kept.level, kept.renew_by_at) == ("B-LT", None)
    RevocationAnswer.objects.all().delete()
    cipher.behave("down")
    assert level_of(kept.xml) == "B-LT"
    assert checked(kept.xml).revocation == "good"
    cipher.behave("ok")
    assert signing.archive_xml(xml=kept.xml).level == "B-LTA"


def test_a_lasting_letter_holds_when_all_certificates_have_ended(lasting):
    with clock.at(lasting.renew_by_at):
        again = signing.renew_xml(xml=lasting.xml)
    assert again.renew_by_at is not None
    found = values.properties_of(part(etree.fromstring(again.xml), f"{DS}Signature"))
    assert [one.tag for one in found[-3:]] == [
        f"{values.XADES_141}ArchiveTimeStamp",
        f"{values.XADES_141}TimeStampValidationData",
        f"{values.XADES_141}ArchiveTimeStamp",
    ]
    assert level_of(again.xml) == "B-LTA"


def test_a_stronger_digest_is_taken_when_one_ends(signed):
    signing.set_algorithm_end(
        name="sha256",
        ends_at=clock.now() + timedelta(days=30),
        source="Văn bản giả định",
        actor=ADMINISTRATOR,
    )
    assert horizon.digest_in_force() == "sha384"
    made = signing.archive_xml(xml=signed)
    assert "sha384" in made.algorithms
    assert level_of(made.xml) == "B-LTA"


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (drop(f"{XADES}RevocationValues"), ARCHIVE_BROKEN),
        (drop(f"{XADES}CertificateValues"), ARCHIVE_BROKEN),
        (drop(f"{values.XADES_141}TimeStampValidationData"), ARCHIVE_BROKEN),
        (drop(f"{XADES}SignatureTimeStamp"), ARCHIVE_BROKEN),
        (lambda root: root[1].__setattr__("text", "9500000"), BROKEN),
    ],
)
def test_what_is_changed_under_the_archive_stamp_is_found_kt_h3(lasting, act, sentence):
    verdict = signing.verify_xml(changed(lasting.xml, act))
    assert (verdict.ok, verdict.sentence, verdict.signed) == (False, sentence, b"")


def test_an_archive_stamp_of_another_letter_is_found(signed, lasting):
    other = etree.fromstring(signing.archive_xml(xml=signed).xml)
    place = f".//{values.ARCHIVE}/{XADES}EncapsulatedTimeStamp"
    foreign = other.findtext(place)

    def act(root):
        part(root, place).text = foreign
        part(root, f".//{XADES}RevocationValues").set("Id", "khac")

    assert signing.verify_xml(changed(lasting.xml, act)).sentence == ARCHIVE_BROKEN


def test_without_evidence_or_a_stamp_nothing_is_made(cipher, signed):
    cipher.behave("down")
    with pytest.raises(Unavailable):
        signing.archive_xml(xml=signed)
    cipher.behave("ok")
    with pytest.raises(Conflict) as refused:
        signing.archive_xml(xml=signed.replace(b"1500000", b"9500000"))
    assert refused.value.code == "signing.signed_text_broken"
    assert level_of(signed) == "B-T"
