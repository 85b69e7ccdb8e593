"""dehydrated (ACME) and openssl use the authority over a real socket, its key in a token."""

import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.models import Authority, Certificate
from cuaso.capabilities.signing.logic import providers
from cuaso.capabilities.signing.logic.token import Token
from cuaso.kernel.actors import Actor

pytestmark = pytest.mark.outside

SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "246810"
ADMIN = Actor(kind="official", name="Quản trị", roles=frozenset({"admin"}))
NAME = "localhost"


@pytest.fixture(scope="module")
def token_store(tmp_path_factory):
    """A SoftHSM token of its own, beside others when the process has opened a store already."""
    folder, known = tmp_path_factory.mktemp("softhsm"), "SOFTHSM2_CONF" in os.environ
    (folder / "pin").write_text(PIN + "\n")
    if not known:
        tokens = folder / "tokens"
        tokens.mkdir()
        (folder / "conf").write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(folder / "conf")
    command = ["softhsm2-util", "--init-token", "--free", "--label", "cuaso-he-thong"]
    command += ["--pin", PIN, "--so-pin", "87654321"]
    subprocess.run(command, check=True, capture_output=True)
    yield folder
    if not known:
        del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def token(token_store, monkeypatch):
    monkeypatch.setenv("CUASO_PKCS11_MODULE", SOFTHSM)
    monkeypatch.setenv("CUASO_PKCS11_TOKEN", "cuaso-he-thong")
    monkeypatch.setenv("CUASO_PKCS11_PIN_FILE", str(token_store / "pin"))
    yield token_store
    held = providers.current()
    assert isinstance(held, Token)
    held.close()
    providers._token.cache_clear()


@pytest.fixture
def house(transactional_db, live_server, settings, token):
    settings.PUBLIC_URL = live_server.url
    settings.CUASO_KEYS = token / "keys"
    certificates.allow_name(actor=ADMIN, name=NAME, client_id="van-ban")
    return live_server.url


class _Shown(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """The folder that the system shows below its name."""
    folder = tmp_path / "shown" / ".well-known" / "acme-challenge"
    folder.mkdir(parents=True)
    handler = partial(_Shown, directory=str(tmp_path / "shown"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("CUASO_ACME_PORT", str(server.server_port))
    yield folder
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def dehydrated(house, shown, tmp_path):
    """Run the client as its operators do; its account and certificates lie in the test's folder."""
    program = shutil.which("dehydrated")
    assert program, "Thiếu dehydrated: hãy cài gói dehydrated của hệ thống."
    base = tmp_path / "acme"
    base.mkdir()
    words = {
        "CA": f"{house}/acme/directory",
        "WELLKNOWN": shown,
        "BASEDIR": base,
        "KEY_ALGO": "prime256v1",
        "ACCOUNT_KEYSIZE": "2048",
    }
    (base / "config").write_text(
        "\n".join(f'{name}="{word}"' for name, word in words.items()) + "\n"
    )

    def run(*told):
        done = subprocess.run(
            [program, "--config", str(base / "config"), *told],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    code, said = run("--register", "--accept-terms")
    assert code == 0, said
    run.base = base
    return run


def openssl(*words):
    done = subprocess.run(
        ["openssl", *map(str, words)], capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def checked(house, tmp_path):
    """Ask openssl about a certificate: by the list and by OCSP."""
    root = tmp_path / "root.pem"

    def check(certificate):
        der = tmp_path / "told"
        der.write_bytes(httpx.get(f"{house}/chung-thu/goc.crt").content)
        openssl("x509", "-inform", "DER", "-in", der, "-out", root)
        der.write_bytes(httpx.get(f"{house}/chung-thu/thu-hoi.crl").content)
        listed = tmp_path / "list.pem"
        openssl("crl", "-inform", "DER", "-in", der, "-out", listed)
        by_list = openssl("verify", "-crl_check", "-CAfile", root, "-CRLfile", listed, certificate)
        words = ("-issuer", root, "-CAfile", root, "-cert", certificate)
        by_ocsp = openssl("ocsp", *words, "-url", f"{house}/chung-thu/ocsp")
        return by_list, by_ocsp

    return check


def test_KT_f3_dehydrated_gets_renews_and_revokes_and_openssl_knows_it(dehydrated, checked):
    code, said = dehydrated("--cron", "--domain", NAME)
    assert code == 0, said
    kept = dehydrated.base / "certs" / NAME
    first = Certificate.objects.get()
    assert (first.names, first.client_id, first.way) == ([NAME], "van-ban", "acme")
    assert Authority.objects.get().provider == "pkcs11"
    by_list, by_ocsp = checked(kept / "cert.pem")
    assert by_list == (0, f"{kept / 'cert.pem'}: OK\n")
    assert "Response verify OK" in by_ocsp[1]
    assert f"{kept / 'cert.pem'}: good" in by_ocsp[1]
    code, said = dehydrated("--cron", "--domain", NAME, "--force")
    assert code == 0, said
    assert Certificate.objects.count() == 2
    old = kept / "old.pem"
    old.write_text(first.certificate_pem)
    code, said = dehydrated("--revoke", str(old))
    assert code == 0, said
    old.write_text(first.certificate_pem)  # the client has put its own copy aside
    by_list, by_ocsp = checked(old)
    assert by_list[0] != 0
    assert "certificate revoked" in by_list[1]
    assert "Response verify OK" in by_ocsp[1]
    assert f"{old}: revoked" in by_ocsp[1]
    by_list, by_ocsp = checked(kept / "cert.pem")
    assert by_list[0] == 0
    assert ": good" in by_ocsp[1]
    code, said = dehydrated("--cron", "--domain", "la.example")
    assert code != 0
    assert "rejectedIdentifier" in said
    assert Certificate.objects.count() == 2
