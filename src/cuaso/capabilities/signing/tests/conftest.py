import os
import subprocess
import threading
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.logic import keyfile, providers, surroundings
from cuaso.capabilities.signing.logic.token import Token
from cuaso.kernel.actors import Actor
from cuaso_simulators.cipher_authority.server import Server as CipherServer
from cuaso_simulators.timestamp.server import Server

SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "246810"
PAPER = Path(__file__).parent / "papers" / "paper.pdf"
AGENCY = "Ủy ban nhân dân phường Quy Nhơn"
CHAIR = "Nguyễn Thị Ưởng"
PLACES = {
    "number": signing.Box(x=128, y=706, width=130, height=18),
    "date": signing.Box(x=273, y=706, width=280, height=18, align="center", italic=True),
}
SIGNATURE = signing.Box(x=330, y=190, width=190, height=64)
VALUES = {"number": "123/UBND-XNTTHN", "date": "Quy Nhơn, ngày 05 tháng 8 năm 2025"}
ADMINISTRATOR = Actor(kind="official", name="Quản trị", roles=frozenset({"admin"}))


def held():
    """The token that the house's keys lie in."""
    provider = providers.current()
    assert isinstance(provider, Token)
    return provider


class Authority:
    """The time-stamp simulator as its askers reach it."""

    def __init__(self, *, server, folder):
        self.server = server
        self.url = f"http://127.0.0.1:{server.server_port}/"
        self.trust_folder = folder / "trust"

    def behave(self, mode, **more):
        httpx.post(self.url + "faults", json={"mode": mode, **more}).raise_for_status()


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tsa")
    server = Server(port=0, folder=folder)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    yield Authority(server=server, folder=folder)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tsa(authority, monkeypatch):
    monkeypatch.setenv("CUASO_TSA_URL", authority.url)
    monkeypatch.setenv("CUASO_TRUST_FOLDER", str(authority.trust_folder))
    yield authority
    authority.behave("ok")


@pytest.fixture
def house(tmp_path, settings, monkeypatch, tsa, db):
    """A house with keys in files and a time-stamp authority."""
    settings.CUASO_KEYS = tmp_path / "keys"
    monkeypatch.delenv("CUASO_PKCS11_MODULE", raising=False)
    return tsa


@pytest.fixture(scope="session")
def token_store(tmp_path_factory):
    """One SoftHSM token for the run: a process loads a PKCS#11 module once."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    (folder / "pin").write_text(PIN + "\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "conf")
    command = ["softhsm2-util", "--init-token", "--free", "--label", "cuaso-test"]
    command += ["--pin", PIN, "--so-pin", "87654321"]
    subprocess.run(command, check=True, capture_output=True)
    yield folder
    del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def token(house, token_store, monkeypatch):
    """The same house with its keys in a token."""
    monkeypatch.setenv("CUASO_PKCS11_MODULE", SOFTHSM)
    monkeypatch.setenv("CUASO_PKCS11_TOKEN", "cuaso-test")
    monkeypatch.setenv("CUASO_PKCS11_PIN_FILE", str(token_store / "pin"))
    yield token_store
    held().close()
    providers._token.cache_clear()


@pytest.fixture(params=["keyfile", pytest.param("token", marks=pytest.mark.outside)])
def keeper(request):
    """Each provider of keys in turn."""
    return request.getfixturevalue("house" if request.param == "keyfile" else "token")


class Cipher:
    """The foreign authority's simulator as its askers reach it."""

    def __init__(self, *, server, folder):
        self.server, self.url = server, server.url
        self.trust_folder = folder / "trust"

    def post(self, path, **told):
        return httpx.post(f"{self.url}/{path}", json=told).raise_for_status().json()

    def behave(self, mode, **more):
        self.post("faults", mode=mode, **more)

    def certify(self, label, *, kind, name, organisation="", title="", days=1095):
        """A key in a file, certified there and registered here."""
        folder = surroundings.keys_folder()
        key = ec.generate_private_key(ec.SECP256R1())
        keyfile.write_new(
            folder / f"{label}.key.pem", keyfile.encrypt(key, keyfile.passphrase(folder))
        )
        csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        signed = csr.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
        told = {"kind": kind, "name": name, "organisation": organisation, "title": title}
        answer = self.post("certificates", csr=signed, days=days, **told)
        return signing.register_key(
            label=label,
            kind=kind,
            certificate_pem=answer["certificate"],
            chain_pem=answer["chain"],
            actor=ADMINISTRATOR,
        )

    def revoke(self, key, *, reason="cessationOfOperation", at=""):
        serial = x509.load_pem_x509_certificate(key.certificate_pem.encode()).serial_number
        self.post("revocations", serial=f"{serial:x}", reason=reason, at=at)


@pytest.fixture
def cipher(tmp_path, settings, monkeypatch, db):
    """A house whose keys and time stamps are all of the foreign authority."""
    settings.CUASO_KEYS = tmp_path / "keys"
    monkeypatch.delenv("CUASO_PKCS11_MODULE", raising=False)
    server = CipherServer(port=0, folder=tmp_path / "cipher")
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    monkeypatch.setenv("CUASO_TSA_URL", f"{server.url}/tsa")
    monkeypatch.setenv("CUASO_TRUST_FOLDER", str(tmp_path / "cipher" / "trust"))
    yield Cipher(server=server, folder=tmp_path / "cipher")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def paper():
    """One page as reports renders it: PDF/A-2b, made on 4 August 2025."""
    return PAPER.read_bytes()


def issue(label="chair", kind="person", **more):
    facts = {
        "subject_name": CHAIR if kind == "person" else AGENCY,
        "organisation": AGENCY if kind == "person" else "",
        "title": "Chủ tịch" if kind == "person" else "",
    }
    return signing.issue_key(label=label, kind=kind, actor=ADMINISTRATOR, **facts | more)


def sign(pdf, *, key="chair", **more):
    return signing.sign_person(
        pdf=pdf,
        key=key,
        name=CHAIR,
        title="Chủ tịch",
        box=more.get("box", SIGNATURE),
        fields=more.get("fields", PLACES),
    )


def seal(pdf, *, key="seal", values=VALUES, **more):
    return signing.seal(pdf=pdf, key=key, agency_name=AGENCY, values=values, **more)
