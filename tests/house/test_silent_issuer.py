"""Many live sessions stand on certificates; an issuer is silent, another has revoked one."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from django.contrib.sessions.models import Session

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.tests.openssl_authority import OpensslAuthority
from cuaso.capabilities.signing.logic import surroundings
from cuaso.capabilities.signing.logic.lasting.side_by_side import MOST_AT_ONE_DOOR
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.models import Account, CertifiedSession, PersonCertificate
from cuaso.kernel import clock
from cuaso.kernel.actors import system

pytestmark = pytest.mark.django_db
SESSIONS = 200
SECONDS = 1.0


class SilentIssuer:
    """An authority whose door opens and says nothing, or a byte now and then; `opened` counts."""

    def __init__(self, *, drip=b""):
        self.opened, self._drip, self._held = 0, drip, []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cơ quan cấp im lặng")])
        self._serial = 0
        ca = x509.BasicConstraints(ca=True, path_length=None)
        self.pem = self._made(self._name, self._key.public_key(), (ca, True))

    def certify(self, name):
        url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{url}/ocsp")
        )
        point = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(f"{url}/list.crl")], None, None, None
        )
        return self._made(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            self._key.public_key(),
            (x509.AuthorityInformationAccess([access]), False),
            (x509.CRLDistributionPoints([point]), False),
        )

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        for one in self._held:
            one.close()

    def _serve(self):
        while True:
            try:
                door, _ = self._socket.accept()
            except OSError:
                return
            self.opened += 1
            self._held.append(door)
            if self._drip:
                threading.Thread(target=self._say_slowly, args=[door], daemon=True).start()

    def _say_slowly(self, door):
        for byte in self._drip:
            try:
                door.sendall(bytes([byte]))
            except OSError:
                return
            time.sleep(SECONDS / 5)

    def _made(self, subject, public, *extensions):
        self._serial += 1
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(self._serial)
            .not_valid_before(clock.now() - timedelta(days=1))
            .not_valid_after(clock.now() + timedelta(days=30))
        )
        for value, critical in extensions:
            builder = builder.add_extension(value, critical=critical)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(surroundings, "REVOCATION_SECONDS", SECONDS)


@pytest.fixture
def trust(tmp_path, monkeypatch):
    """Have the front end ask certificates of these authorities."""

    def believe(*pems):
        (tmp_path / "asked.pem").write_text("".join(pems))
        monkeypatch.setenv("CUASO_CLIENT_AUTHORITIES", str(tmp_path / "asked.pem"))

    return believe


@pytest.fixture
def silent(short):
    one = SilentIssuer()
    yield one
    one.close()


@pytest.fixture
def answering(tmp_path):
    folder = tmp_path / "authority"
    folder.mkdir()
    one = OpensslAuthority(folder)
    yield one
    one.close()


@pytest.fixture
def account(db):
    person = directory.ensure_person(name="Lê Thị Im Lặng", personal_number="052188000778")
    identity.open_official_account(
        actor=system("Bài thử"),
        person_id=person.id,
        name=person.name,
        username="le.im.lang",
        password="Mat-khau-rat-dai-2026",
    )
    return Account.objects.get(username="le.im.lang")


def open_session(account, pem, key):
    row = PersonCertificate.objects.create(
        account=account,
        thumbprint=key,
        subject=key,
        certificate_pem=pem,
        valid_until=clock.now() + timedelta(days=30),
    )
    expires = clock.now() + timedelta(hours=1)
    Session.objects.create(session_key=key, session_data="", expire_date=expires)
    CertifiedSession.objects.create(session_key=key, certificate=row, since_at=clock.now())


def test_of_two_hundred_sessions_the_revoked_one_ends_while_the_others_issuer_is_silent_kt_f3(
    silent, answering, trust, account, settings
):
    settings.CUASO_UNREACHABLE_ISSUER = "accept"
    trust(silent.pem, answering.bundle.read_text())
    for number in range(SESSIONS):
        open_session(account, silent.certify(f"nguoi-{number}"), f"im-lang-{number}")
    open_session(account, answering.certify("tiep"), "da-thu-hoi")
    answering.revoke("tiep")
    began = time.monotonic()
    assert identity.end_certified() == 1
    lasted = time.monotonic() - began
    assert not Session.objects.filter(session_key="da-thu-hoi").exists()
    assert Session.objects.count() == SESSIONS
    assert (
        silent.opened == MOST_AT_ONE_DOOR + 1
    )  # as many as may be open at once, and its list; then no more
    assert lasted < 100  # one after another it would have been 400 seconds


def test_sessions_whose_issuer_is_silent_all_end_in_one_round_where_that_is_declared_kt_f3(
    silent, trust, account, settings
):
    settings.CUASO_UNREACHABLE_ISSUER = "refuse"
    trust(silent.pem)
    for number in range(20):
        open_session(account, silent.certify(f"nguoi-{number}"), f"im-lang-{number}")
    assert identity.end_certified() == 20
    assert Session.objects.count() == 0
    assert silent.opened == MOST_AT_ONE_DOOR + 1


def test_an_issuer_that_drips_its_answer_is_not_waited_for_longer_than_a_silent_one(short, trust):
    issuer = SilentIssuer(drip=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500)
    trust(issuer.pem)
    began = time.monotonic()
    (said,) = certificates.judge(pems=[issuer.certify("nguoi")])
    issuer.close()
    assert said.state == "unknown"
    assert said.why.count("không trả lời trong 1 giây") == 2
    assert time.monotonic() - began < 60  # the whole drip takes ten minutes
