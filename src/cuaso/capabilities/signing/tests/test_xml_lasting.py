"""KT-h3: signed XML that is checkable in decades (XAdES B-LT, B-LTA)."""

from datetime import timedelta

import pytest
from lxml import etree

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing import jobs
from cuaso.capabilities.signing.logic.lasting import horizon
from cuaso.capabilities.signing.logic.xml import archive, values
from cuaso.capabilities.signing.logic.xml.reading import DS, XADES
from cuaso.capabilities.signing.logic.xml.verify import ARCHIVE_BROKEN, BROKEN
from cuaso.capabilities.signing.models import LastingPaper, RevocationAnswer
from cuaso.capabilities.signing.tests.conftest import ADMINISTRATOR, AGENCY
from cuaso.capabilities.signing.tests.test_xml import LETTER, part, written
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Unavailable
from cuaso.kernel.subjects import Subject

TOO_LARGE = "lớn hơn 5 MB, là mức lớn nhất mà hệ thống kiểm tra được chữ ký."
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


def kept(xml):
    stored = files.store_bytes(
        actor=ADMINISTRATOR, name="a.xml", media_type="application/xml", content=xml
    )
    signing.keep_lasting(file_id=stored.id)
    return stored.id


def newest(file_id):
    return files.read_clean(signing.latest_form(file_id))


def test_a_kept_letter_is_made_lasting_by_the_job_and_renewed_before_its_stampers_end_kt_h3(cipher):
    now = clock.now()
    cipher.post("stamper", days=400)
    cipher.certify("seal", kind="agency", name=AGENCY)
    signed = signing.sign_xml(xml=LETTER, key="seal")
    file_id = kept(signed)
    assert jobs.archive_due() == 1
    old = newest(file_id)
    assert (level_of(old), level_of(signed)) == ("B-LTA", "B-T")
    info = files.info(signing.latest_form(file_id))
    assert (info.name, info.media_type) == ("luu-tru.xml", "application/xml")
    (listed,) = signing.renewals(within=timedelta(days=320))
    assert listed.file_id == file_id
    assert jobs.archive_due() == 0
    with clock.at(now + timedelta(days=330)):
        cipher.post("clock", at=clock.now().isoformat())
        cipher.post("stamper", days=3000)
        assert jobs.archive_due() == 1
        assert signing.renewals(within=timedelta(days=365)) == ()
    with clock.at(now + timedelta(days=1500)):  # signer and first stamper are over
        assert not signing.verify_xml(old).ok
        assert level_of(newest(file_id)) == "B-LTA"
    (row,) = LastingPaper.objects.all()
    acts = {one.act for one in audit.history(Subject(kind="signing.lasting", id=row.id))}
    assert acts == {"signing.paper_archived", "signing.paper_renewed"}


def test_a_kept_letter_waits_while_its_issuer_is_out_and_nothing_is_half_written(cipher, signed):
    file_id = kept(signed)
    cipher.behave("down")
    assert jobs.archive_due() == 0
    (waiting,) = signing.waiting_papers()
    assert waiting.why.startswith("Chưa lấy được thông tin thu hồi chứng thư để lưu lâu dài")
    assert newest(file_id) == signed
    cipher.behave("ok")
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert jobs.archive_due() == 1
    assert level_of(newest(file_id)) == "B-LTA"


def test_a_letter_that_cannot_last_is_tried_once_and_an_odd_one_holds_up_no_other(
    cipher, signed, monkeypatch
):
    unsigned, unstamped = kept(LETTER), kept(changed(signed, drop(f"{XADES}UnsignedProperties")))
    odd, good = kept(signed), kept(signed + b"\n")
    read = files.read_clean

    def odd_bytes(file_id):
        if file_id == odd:
            raise RecursionError
        return read(file_id)

    monkeypatch.setattr(files, "read_clean", odd_bytes)
    assert jobs.archive_due() == 1
    monkeypatch.setattr(files, "read_clean", read)
    papers = signing.waiting_papers()
    told = {one.file_id: (one.due_at is not None, one.why.split(".")[0]) for one in papers}
    assert told == {
        unsigned: (False, "Văn bản chưa có chữ ký số nên không có gì để lưu lâu dài"),
        unstamped: (False, "Không lưu lâu dài được vì có chữ ký không có dấu thời gian"),
        odd: (
            True,
            "Không lưu lâu dài được vì có phần của tệp hoặc của chữ ký không đọc được",
        ),
    }
    assert level_of(newest(good)) == "B-LTA"


def test_of_papers_that_wait_the_job_claims_one_at_a_time_so_that_a_death_holds_up_no_other(
    signed, monkeypatch
):
    first, second = kept(signed), kept(signed + b"\n")
    read = files.read_clean

    def dies(file_id):
        raise SystemExit

    monkeypatch.setattr(files, "read_clean", dies)
    with pytest.raises(SystemExit):
        jobs.archive_due()
    monkeypatch.setattr(files, "read_clean", read)
    assert jobs.archive_due() == 1
    assert [level_of(newest(one)) for one in (first, second)] == ["B-T", "B-LTA"]
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert jobs.archive_due() == 1
    assert level_of(newest(first)) == "B-LTA"


@pytest.mark.parametrize(
    ("most", "why"),
    [
        (1_000, f"Tệp XML {TOO_LARGE}"),
        (
            None,
            f"Tệp XML cùng bằng chứng về chứng thư {TOO_LARGE}",
        ),
    ],
    ids=["as it is", "with its evidence"],
)
def test_xml_that_is_too_large_to_last_says_so_and_is_tried_once(signed, monkeypatch, most, why):
    file_id = kept(signed)
    monkeypatch.setattr(archive, "MOST_BYTES", most or len(signed) + 100)
    assert jobs.archive_due() == 0
    (paper,) = signing.waiting_papers()
    assert (paper.level, paper.due_at) == ("B-T", None)
    assert paper.why == (
        f"Không lưu lâu dài được tệp XML này vì tệp quá lớn. {why} Tệp giữ nguyên như cũ và chữ ký "
        "đã có vẫn còn giá trị. Hãy lập tệp nhỏ hơn, ví dụ để phụ lục thành tệp riêng, rồi ký lại."
    )
    assert newest(file_id) == signed
