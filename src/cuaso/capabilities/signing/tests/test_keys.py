import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import connection

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.logic import providers
from cuaso.capabilities.signing.logic.authority import authority, certify
from cuaso.capabilities.signing.tests.conftest import (
    ADMINISTRATOR,
    AGENCY,
    CHAIR,
    VALUES,
    issue,
    sign,
)
from cuaso.foundation.audit import api as audit
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject


def entries(key):
    return [entry.act for entry in audit.history(Subject(kind="signing.key", id=key.id))]


def test_an_administrator_issues_a_key_for_a_post_and_the_ledger_has_it(keeper):
    post = new_id()
    key = issue(owner_id=post)
    assert (key.label, key.kind, key.owner_id) == ("chair", "person", post)
    assert (key.subject_name, key.organisation, key.title) == (CHAIR, AGENCY, "Chủ tịch")
    assert key.demonstration
    assert key.revoked_at is None
    certificate = x509.load_pem_x509_certificate(key.certificate_pem.encode())
    certificate.verify_directly_issued_by(authority().issuing)
    assert certificate.fingerprint(hashes.SHA256()).hex() == key.fingerprint
    assert signing.keys(owner_id=post) == (key,)
    assert signing.keys(owner_id=new_id()) == ()
    assert entries(key) == ["signing.key_issued"]


def test_the_private_key_is_in_no_row_and_no_readable_file(house, settings):
    issue()
    (path,) = (settings.CUASO_KEYS / "signing").glob("chair.*.key.pem")
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    for file in (settings.CUASO_KEYS / "signing").rglob("*"):
        if file.is_file() and file.name.endswith(("key.pem", "passphrase")):
            assert file.stat().st_mode & 0o077 == 0


def test_two_keys_with_one_label_are_refused_and_the_first_still_signs(house, paper):
    first = issue()
    with pytest.raises(Conflict) as refused:
        issue(subject_name="Người khác")
    assert refused.value.code == "signing.label_taken"
    assert signing.keys() == (first,)
    assert signing.verify(sign(paper)).ok


@pytest.mark.django_db(transaction=True)
def test_two_administrators_issue_one_label_at_once_and_one_wins(house, paper, settings):
    def attempt(_number):
        try:
            return issue().fingerprint
        except Conflict as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(attempt, range(2)), key=len)
    (key,) = signing.keys()
    assert told == ["signing.label_taken", key.fingerprint]
    assert len(list((settings.CUASO_KEYS / "signing").glob("chair.*.key.pem"))) == 1
    assert signing.verify(sign(paper)).ok


@pytest.mark.parametrize("label", ["", "../x", "Chủ-tịch", "a" * 64, "a b"])
def test_a_label_that_is_no_plain_name_is_refused(house, label):
    with pytest.raises(Invalid) as refused:
        issue(label)
    assert refused.value.code == "signing.label_wrong"
    assert signing.keys() == ()


def test_when_the_ledger_refuses_no_key_is_left_behind(house, settings, monkeypatch):
    def fail(**_facts):
        raise RuntimeError("ledger")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        issue()
    assert signing.keys() == ()
    assert list((settings.CUASO_KEYS / "signing").glob("chair.*")) == []


def test_a_revoked_key_signs_no_more_but_what_it_signed_stays_valid(house, paper):
    issue()
    before = sign(paper)
    revoked = signing.revoke_key(label="chair", reason="Thôi giữ chức vụ", actor=ADMINISTRATOR)
    assert revoked.revoked_at is not None
    assert revoked.revoke_reason == "Thôi giữ chức vụ"
    assert entries(revoked) == ["signing.key_issued", "signing.key_revoked"]
    with pytest.raises(NotAllowed) as refused:
        sign(paper)
    assert refused.value.code == "signing.key_revoked"
    with pytest.raises(NotAllowed):
        signing.revoke_key(label="chair", reason="lần nữa", actor=ADMINISTRATOR)
    assert signing.verify(before).ok


def test_a_revocation_without_a_reason_or_a_key_is_refused(house):
    key = issue()
    with pytest.raises(Invalid) as refused:
        signing.revoke_key(label="chair", reason=" ", actor=ADMINISTRATOR)
    assert refused.value.code == "signing.reason_missing"
    with pytest.raises(NotFound):
        signing.revoke_key(label="none", reason="x", actor=ADMINISTRATOR)
    assert signing.keys() == (key,)


def test_a_key_with_a_certificate_from_outside_proves_itself_and_signs(keeper, paper):
    provider = providers.current()
    certificate, other = (certified(provider, label) for label in ("outside", "another"))
    with pytest.raises(Invalid) as refused:
        register("outside", other)
    assert refused.value.code == "signing.certificate_of_other_key"
    with pytest.raises(Invalid) as refused:
        register("outside", "không phải chứng thư")
    assert refused.value.code == "signing.certificate_wrong"
    assert signing.keys() == ()
    key = register("outside", certificate)
    assert not key.demonstration
    assert signing.verify(sign(paper, key="outside")).ok
    provider.destroy(label="outside")
    provider.destroy(label="another")


def certified(provider, label):
    certificate = certify(
        public_key=provider.generate(label=label),
        kind="person",
        name=CHAIR,
        organisation=AGENCY,
        title="",
    )
    return certificate.public_bytes(Encoding.PEM).decode()


def register(label, certificate_pem):
    return signing.register_key(
        label=label,
        kind="person",
        certificate_pem=certificate_pem,
        chain_pem=authority().issuing.public_bytes(Encoding.PEM).decode(),
        actor=ADMINISTRATOR,
    )


def test_production_refuses_key_files_and_the_demonstration_authority(house, settings, paper):
    issue()
    settings.MODE = "production"
    with pytest.raises(NotAllowed) as refused:
        issue("other")
    assert refused.value.code == "signing.demonstration_authority"
    with pytest.raises(Unavailable) as unsigned:
        sign(paper)
    assert unsigned.value.code == "signing.keyfile_in_production"
    assert not signing.provider_status().ready
    assert len(signing.production_findings()) == 1
    assert {root.source for root in signing.trust_roots()} == {"root.pem"}


CUT = "Trung tâm Phục vụ hành chính công và Chuyển đổi s"  # 64 bytes of it


def test_an_agency_with_a_long_name_keeps_its_whole_name(house, paper):
    name = "Trung tâm Phục vụ hành chính công và Chuyển đổi số phường Quy Nhơn Đông, tỉnh Gia Lai"
    assert issue("long", "agency", subject_name=name).subject_name == name
    box = signing.Box(x=60, y=60, width=260, height=130)
    sealed = signing.seal(pdf=paper, key="long", agency_name=name, box=box)
    (signature,) = signing.verify(sealed).signatures
    assert (signature.kind, signature.signer, signature.ok) == ("agency", CUT, True)


@pytest.mark.outside
def test_a_long_agency_name_is_broken_in_the_caption_beside_a_real_signature(house, paper):
    name = "Ủy ban nhân dân xã Vĩnh Thịnh thuộc khu vực miền núi phía tây của tỉnh Gia Lai"
    issue()
    issue("seal", "agency", subject_name=name)
    sealed = signing.seal(pdf=sign(paper), key="seal", agency_name=name, values=VALUES)
    words = subprocess.run(
        ["pdftotext", "-", "-"], input=sealed, capture_output=True, check=True
    ).stdout.decode()
    assert f"Ký bởi: {name}" in " ".join(words.split())


def test_an_administrator_sees_which_provider_is_in_use(house):
    status = signing.provider_status()
    assert (status.name, status.ready, status.demonstration) == ("keyfile", True, True)


@pytest.mark.outside
def test_an_administrator_sees_that_the_token_is_ready(token):
    status = signing.provider_status()
    assert (status.name, status.ready, status.demonstration) == ("pkcs11", True, False)


def test_a_root_is_let_in_once_and_withdrawn_with_a_record(house, tsa):
    pem = (tsa.trust_folder / "root.pem").read_text()
    root = signing.add_trust_root(
        pem=pem, purpose="timestamp", source="Văn bản 1", actor=ADMINISTRATOR
    )
    again = signing.add_trust_root(
        pem=pem, purpose="timestamp", source="Văn bản 1", actor=ADMINISTRATOR
    )
    assert again == root
    assert [one for one in signing.trust_roots() if one.purpose == "timestamp"] == [root]
    with pytest.raises(Conflict) as refused:
        signing.add_trust_root(pem=pem, purpose="both", source="", actor=ADMINISTRATOR)
    assert refused.value.code == "signing.root_other_purpose"
    signing.withdraw_trust_root(
        fingerprint=root.fingerprint, reason="Hết tin cậy", actor=ADMINISTRATOR
    )
    assert [one for one in signing.trust_roots() if one.purpose == "timestamp"] == []
    with pytest.raises(NotFound):
        signing.withdraw_trust_root(
            fingerprint=root.fingerprint, reason="lần nữa", actor=ADMINISTRATOR
        )


def test_what_is_no_root_is_not_let_in(house):
    leaf = issue().certificate_pem
    for pem in (leaf, "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"):
        with pytest.raises(Invalid) as refused:
            signing.add_trust_root(pem=pem, purpose="both", source="x", actor=ADMINISTRATOR)
        assert refused.value.code == "signing.root_wrong"
