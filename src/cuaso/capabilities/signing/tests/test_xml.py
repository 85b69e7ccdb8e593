"""KT-h3: XML that the exchange carries, signed and checked; what is hostile is refused."""

import copy
from datetime import timedelta

import pytest
from lxml import etree

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing import jobs
from cuaso.capabilities.signing.logic import weakness
from cuaso.capabilities.signing.logic.xml import shape
from cuaso.capabilities.signing.logic.xml.reading import DS, XADES
from cuaso.capabilities.signing.logic.xml.verify import BROKEN, NO_CERTIFICATE
from cuaso.capabilities.signing.tests.conftest import AGENCY
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Unavailable

LETTER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<thu xmlns="urn:cuaso:thu" so="12">'
    "<noi-dung>Kính gửi Sở Nội vụ</noi-dung><tien>1500000</tien></thu>"
).encode()


@pytest.fixture
def signer(cipher):
    return cipher.certify("seal", kind="agency", name=AGENCY)


@pytest.fixture
def signed(signer):
    return signing.sign_xml(xml=LETTER, key="seal")


def written(root):
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def part(root, place):
    found = root.find(place)
    assert found is not None
    return found


def test_an_agency_signs_a_letter_and_the_receiver_learns_by_whom_and_when_kt_h3(signed):
    verdict = signing.verify_xml(signed)
    assert verdict.ok
    one = verdict.signature
    assert one is not None
    assert (one.kind, one.signer, one.level, one.stamped) == ("agency", AGENCY, "B-T", True)
    assert verdict.sentence.startswith(f"Cơ quan {AGENCY} ký lúc ")
    assert one.chain == (AGENCY, "Cơ yếu giả lập - Chứng thư công vụ", "Cơ yếu giả lập - Gốc")
    told = etree.fromstring(verdict.signed)
    assert told.findtext("{urn:cuaso:thu}tien") == "1500000"
    assert told.find(f"{DS}Signature") is None


def test_one_changed_figure_is_found(signed):
    verdict = signing.verify_xml(signed.replace(b"1500000", b"9500000"))
    assert (verdict.ok, verdict.sentence, verdict.signed) == (False, BROKEN, b"")


def test_a_signature_under_an_unknown_root_is_not_trusted(signed, monkeypatch):
    monkeypatch.delenv("CUASO_TRUST_FOLDER")
    verdict = signing.verify_xml(signed)
    assert not verdict.ok
    assert "Chưa xác định được nơi cấp chứng thư số là đáng tin cậy." in verdict.sentence


@pytest.mark.parametrize(("minutes", "ok"), [(-60, False), (5, True)])
def test_a_key_revoked_before_it_signed_makes_the_letter_worthless_and_later_it_does_not(
    cipher, signer, signed, minutes, ok
):
    cipher.revoke(signer, at=(clock.now() + timedelta(minutes=minutes)).isoformat())
    assert jobs.refresh_revocations() == 1
    verdict = signing.verify_xml(signed)
    assert verdict.signature is not None
    assert (verdict.ok, verdict.signature.revoked) == (ok, not ok)
    assert verdict.signature.revocation == "revoked"


def test_without_a_stamp_the_letter_is_not_signed_at_all(cipher, signer):
    cipher.behave("down", only="tsa")
    with pytest.raises(Unavailable) as refused:
        signing.sign_xml(xml=LETTER, key="seal")
    assert refused.value.code == "signing.timestamp_down"


def wrapped(root):
    """The signed letter moved under another one: the classic wrapping."""
    evil = etree.fromstring(LETTER.replace(b"1500000", b"9500000"))
    evil.append(root)
    return evil


def beside(root):
    """The signature taken along into another letter, the signed one hidden in it."""
    evil = etree.fromstring(LETTER.replace(b"1500000", b"9500000"))
    signature = root.find(f"{DS}Signature")
    hidden = copy.deepcopy(root)
    hidden.remove(hidden.find(f"{DS}Signature"))
    etree.SubElement(signature, f"{DS}Object").append(hidden)
    evil.append(signature)
    return evil


def by_id(root):
    """A reference to a part by its Id instead of the whole."""
    root[0].set("Id", "phan")
    root.find(f".//{DS}Reference").set("URI", "#phan")
    return root


def external(uri):
    def act(root):
        root.find(f".//{DS}Reference").set("URI", uri)
        return root

    return act


def transform(algorithm):
    def act(root):
        place = root.find(f".//{DS}Reference/{DS}Transforms")
        etree.SubElement(place, f"{DS}Transform", Algorithm=algorithm)
        return root

    return act


def doubled(root):
    root.append(copy.deepcopy(root.find(f"{DS}Signature")))
    return root


def same_id(root):
    root[0].set("Id", root.find(f".//{XADES}SignedProperties").get("Id"))
    return root


def bare(root):
    info = root.find(f".//{DS}KeyInfo")
    info.getparent().remove(info)
    return root


def without_properties(root):
    place = root.find(f".//{DS}Object")
    place.getparent().remove(place)
    return root


def weak(root):
    method = root.find(f".//{DS}SignatureMethod")
    method.set("Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")
    return root


def unsigned(root):
    root.remove(root.find(f"{DS}Signature"))
    return root


XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (wrapped, shape.MISPLACED),
        (beside, BROKEN),
        (by_id, shape.PARTIAL),
        (external("http://127.0.0.1:9/thu.xml"), shape.OUTSIDE),
        (external("file:///etc/passwd"), shape.OUTSIDE),
        (transform(XPATH), shape.TRANSFORMED),
        (transform(XSLT), shape.TRANSFORMED),
        (transform(shape.ENVELOPED), shape.TRANSFORMED),
        (doubled, shape.MANY),
        (same_id, shape.DOUBLED),
        (bare, shape.PARTIAL),
        (without_properties, shape.PARTIAL),
        (weak, weakness.say([weakness.Weakness(place="signature", name="SHA-1")])),
        (unsigned, shape.NONE),
    ],
)
def test_a_moved_hidden_or_recomputed_part_is_refused_with_a_sentence_kt_h3(signed, act, sentence):
    verdict = signing.verify_xml(written(act(etree.fromstring(signed))))
    assert (verdict.ok, verdict.sentence, verdict.signed) == (False, sentence, b"")


def test_a_stamp_of_another_signature_counts_for_nothing(signed):
    other = etree.fromstring(signing.sign_xml(xml=LETTER, key="seal"))
    root = etree.fromstring(signed)
    place = f".//{XADES}EncapsulatedTimeStamp"
    part(root, place).text = other.findtext(place)
    verdict = signing.verify_xml(written(root))
    assert not verdict.ok
    assert "Không có dấu thời gian đáng tin cậy." in verdict.sentence


def test_another_certificate_in_place_of_the_signers_is_refused(cipher, signed):
    stranger = cipher.certify("other", kind="agency", name="Cơ quan khác")
    root = etree.fromstring(signed)
    pem = stranger.certificate_pem.splitlines()[1:-1]
    part(root, f".//{DS}X509Certificate").text = "".join(pem)
    assert signing.verify_xml(written(root)).sentence == BROKEN


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><a>&d;</a>"""
OUTSIDE = (
    b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"""
)
HOSTILE = {
    "an entity bomb": BOMB,
    "a file from the disk": OUTSIDE,
    "an outside DTD": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "nothing": b"",
    "no XML": b"%PDF-1.7",
    "depth": b"<a>" * 5000 + b"</a>" * 5000,
    "another coding": BOMB.decode().encode("utf-16"),
    "too large": b"<a>" + b"x" * (5 * 1024 * 1024) + b"</a>",
}


@pytest.mark.parametrize("xml", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_xml_gets_a_sentence_and_is_never_signed(signer, xml):
    verdict = signing.verify_xml(xml)
    assert not verdict.ok
    assert verdict.sentence.endswith(".")
    with pytest.raises(Invalid) as refused:
        signing.sign_xml(xml=xml, key="seal")
    assert refused.value.code == "signing.xml_wrong"


def test_a_signed_letter_is_not_signed_again(signed):
    with pytest.raises(Invalid) as refused:
        signing.sign_xml(xml=signed, key="seal")
    assert refused.value.code == "signing.xml_signed"


def test_a_letter_without_the_signers_certificate_says_so(signed):
    root = etree.fromstring(signed)
    info = part(root, f".//{DS}KeyInfo")
    for one in list(info):
        info.remove(one)
    assert signing.verify_xml(written(root)).sentence == NO_CERTIFICATE
