"""An administrator certifies systems for their names, and takes certificates back."""

from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates import jobs
from cuaso.capabilities.certificates.models import Authority, Certificate
from cuaso.capabilities.certificates.tests import world
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

DAY = timedelta(days=1)


def issue(*names):
    made = world.pem(world.request(*(names or (world.NAME,))))
    return certificates.issue(actor=world.ADMIN, request=made)


def listed():
    found = x509.load_der_x509_crl(certificates.crl())
    house = x509.load_der_x509_certificate(certificates.authority_der())
    key = house.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert found.is_signature_valid(key)
    return {f"{one.serial_number:x}": one for one in found}


def asked(card):
    house = x509.load_der_x509_certificate(certificates.authority_der())
    leaf = x509.load_pem_x509_certificate(card.pem.encode())
    builder = ocsp.OCSPRequestBuilder().add_certificate(leaf, house, hashes.SHA1())
    question = builder.add_extension(x509.OCSPNonce(b"n" * 16), critical=False).build()
    return ocsp.load_der_ocsp_response(
        certificates.answer_ocsp(question.public_bytes(serialization.Encoding.DER))
    )


def test_a_certificate_is_for_the_systems_own_names_for_ninety_days(house):
    card = issue()
    made = x509.load_pem_x509_certificate(card.pem.encode())
    made.verify_directly_issued_by(x509.load_der_x509_certificate(certificates.authority_der()))
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    ends = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert names.get_values_for_type(x509.DNSName) == [world.NAME]
    assert ExtendedKeyUsageOID.CLIENT_AUTH in ends
    assert made.not_valid_after_utc - made.not_valid_before_utc == 90 * DAY
    assert (card.client_id, card.way, card.state) == ("van-ban", "csr", "good")
    assert world.acts(Certificate.objects.get()) == ["certificates.issued"]
    assert Authority.objects.get().provider == "keyfile"


@pytest.mark.parametrize(
    ("made", "error"),
    [
        (lambda: world.request(world.OTHER), NotAllowed),
        (lambda: world.request(world.NAME, world.OTHER), NotAllowed),
        (world.request, Invalid),
        (lambda: world.request(world.NAME, key=rsa.generate_private_key(65537, 1024)), Invalid),
        (
            lambda: world.request(world.NAME, key=ec.generate_private_key(ec.SECP521R1())),
            Invalid,
        ),
        (
            lambda: world.request(world.NAME, extra=[x509.IPAddress(ip_address("10.0.0.1"))]),
            Invalid,
        ),
        (lambda: world.request(world.NAME, extra=[x509.RFC822Name("a@b.example")]), Invalid),
    ],
)
def test_a_request_for_other_names_or_with_a_weak_key_gets_nothing(house, made, error):
    before = world.counts()
    with pytest.raises(error):
        certificates.issue(actor=world.ADMIN, request=world.pem(made()))
    assert world.counts() == before


def test_a_request_that_its_own_key_has_not_signed_gets_nothing(house):
    good = world.request(world.NAME).public_bytes(serialization.Encoding.DER)
    forged = x509.load_der_x509_csr(good[:-1] + bytes([good[-1] ^ 1]))
    before = world.counts()
    with pytest.raises(Invalid) as refusal:
        certificates.issue(actor=world.ADMIN, request=world.pem(forged))
    assert refusal.value.code == "certificates.request_wrong"
    assert world.counts() == before


@pytest.mark.parametrize("told", ["", "không phải yêu cầu", "-----BEGIN CERTIFICATE REQUEST-----"])
def test_what_is_no_request_gets_nothing(house, told):
    before = world.counts()
    with pytest.raises(Invalid):
        certificates.issue(actor=world.ADMIN, request=told)
    assert world.counts() == before


def test_names_of_two_systems_never_stand_in_one_certificate(house):
    certificates.allow_name(actor=world.ADMIN, name=world.OTHER, client_id="du-lieu")
    before = world.counts()
    with pytest.raises(NotAllowed):
        issue(world.NAME, world.OTHER)
    assert world.counts() == before


@pytest.mark.parametrize("system", ["", "van\0ban", "x" * 101])
def test_a_name_is_allowed_to_no_system_that_cannot_be(house, system):
    before = world.counts()
    with pytest.raises(Invalid):
        certificates.allow_name(actor=world.ADMIN, name=world.OTHER, client_id=system)
    assert world.counts() == before


@pytest.mark.parametrize(
    "name", ["", "*.example", "VAN-BAN", "10.0.0.1", "a b.example", "-a.example"]
)
def test_a_name_that_is_no_host_is_not_allowed(house, name):
    before = world.counts()
    with pytest.raises(Invalid):
        certificates.allow_name(actor=world.ADMIN, name=name, client_id="x")
    assert world.counts() == before


def test_this_machine_is_no_name_in_production(house, settings):
    settings.MODE = "production"
    with pytest.raises(Invalid):
        certificates.allow_name(actor=world.ADMIN, name="localhost", client_id="x")


def test_a_name_belongs_to_one_system_until_it_is_taken_away(house):
    with pytest.raises(Conflict):
        certificates.allow_name(actor=world.ADMIN, name=world.NAME, client_id="khac")
    [name] = certificates.allowed_names()
    certificates.forbid_name(actor=world.ADMIN, name_id=name.id)
    with pytest.raises(NotAllowed):
        issue()
    certificates.allow_name(actor=world.ADMIN, name=world.NAME, client_id="khac")
    assert issue().client_id == "khac"


def test_only_an_administrator_decides(house):
    card = issue()
    before = world.counts()
    made = world.pem(world.request(world.NAME))
    with pytest.raises(NotAllowed):
        certificates.issue(actor=world.CLERK, request=made)
    with pytest.raises(NotAllowed):
        certificates.allow_name(actor=world.CLERK, name=world.OTHER, client_id="x")
    with pytest.raises(NotAllowed):
        certificates.revoke(actor=world.CLERK, serial=card.serial, reason="superseded")
    assert world.counts() == before
    assert Certificate.objects.get().revoked_at is None


def test_a_revoked_certificate_stands_in_the_list_with_its_reason_and_ocsp_says_so(house):
    card, kept = issue(), issue()
    assert listed() == {}
    first = asked(card)
    assert first.certificate_status == ocsp.OCSPCertStatus.GOOD
    nonce = first.extensions.get_extension_for_class(x509.OCSPNonce).value
    assert nonce.nonce == b"n" * 16
    certificates.revoke(actor=world.ADMIN, serial=card.serial, reason="keyCompromise")
    found = listed()
    assert list(found) == [card.serial]
    reason = found[card.serial].extensions.get_extension_for_class(x509.CRLReason).value
    assert reason.reason == x509.ReasonFlags.key_compromise
    told = asked(card)
    assert told.certificate_status == ocsp.OCSPCertStatus.REVOKED
    assert told.revocation_reason == x509.ReasonFlags.key_compromise
    assert asked(kept).certificate_status == ocsp.OCSPCertStatus.GOOD
    with pytest.raises(Conflict):
        certificates.revoke(actor=world.ADMIN, serial=card.serial, reason="superseded")
    row = Certificate.objects.get(serial=card.serial)
    assert row.revoke_reason == "keyCompromise"
    assert world.acts(row) == ["certificates.issued", "certificates.revoked"]


@pytest.mark.parametrize(
    ("serial", "reason", "error"),
    [("00", "superseded", NotFound), (None, "", Invalid), (None, "removeFromCRL", Invalid)],
)
def test_a_revocation_without_a_certificate_or_a_reason_changes_nothing(
    house, serial, reason, error
):
    card = issue()
    with pytest.raises(error):
        certificates.revoke(actor=world.ADMIN, serial=serial or card.serial, reason=reason)
    assert Certificate.objects.get().revoked_at is None


def test_the_list_is_not_signed_anew_at_every_look(house):
    card = issue()
    first = certificates.crl()
    assert certificates.crl() == first
    certificates.revoke(actor=world.ADMIN, serial=card.serial, reason="superseded")
    second = certificates.crl()
    assert second != first
    number = x509.load_der_x509_crl(second).extensions.get_extension_for_class(x509.CRLNumber)
    assert number.value.crl_number == 2
    assert certificates.crl() == second


@pytest.mark.parametrize("question", [b"", b"0", b"\x30\x82\xff\xff", b"x" * 10_000])
def test_hostile_questions_get_the_standards_error(house, question):
    answer = ocsp.load_der_ocsp_response(certificates.answer_ocsp(question))
    assert answer.response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_a_question_about_anothers_certificate_is_not_ours_to_answer(house):
    card = issue()
    Certificate.objects.update(serial="1")
    assert asked(card).response_status == ocsp.OCSPResponseStatus.UNAUTHORIZED


def warned(days):
    with clock.at(clock.now() + 90 * DAY - days * DAY):
        jobs.warn_due()
    return Certificate.objects.order_by("issued_at").values_list("warned_days", flat=True)[0]


def test_the_end_is_told_thirty_seven_and_one_days_before_and_once_each(house):
    issue()
    assert warned(31) is None
    assert [warned(days) for days in (29, 28, 7, 6, 1, 0.5)] == [30, 30, 7, 7, 1, 1]
    acts = world.acts(Certificate.objects.get())
    assert sorted(acts) == ["certificates.ending"] * 3 + ["certificates.issued"]


def test_nobody_is_warned_of_a_certificate_that_was_renewed_or_revoked(house):
    issue()
    with clock.at(clock.now() + 50 * DAY):
        renewed = issue()
    assert warned(10) is None
    certificates.revoke(actor=world.ADMIN, serial=renewed.serial, reason="superseded")
    assert warned(10) == 30


def test_the_page_shows_what_ends_first_and_then_what_is_over(house):
    first, second = issue(), issue()
    certificates.revoke(actor=world.ADMIN, serial=first.serial, reason="superseded")
    shown = [(one.serial, one.state) for one in certificates.cards()]
    assert shown == [(second.serial, "good"), (first.serial, "revoked")]
    with clock.at(clock.now() + 70 * DAY):
        assert certificates.find_card(second.serial).state == "ending"
    with clock.at(clock.now() + 100 * DAY):
        assert certificates.find_card(second.serial).state == "ended"
