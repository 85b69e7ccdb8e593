"""An authority of people as openssl makes one: it issues, revokes, lists, answers OCSP."""

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIG = """
[ca]
default_ca = house
[house]
database = {folder}/index.txt
serial = {folder}/serial
crlnumber = {folder}/crlnumber
new_certs_dir = {folder}
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
default_days = 30
default_crl_days = 1
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign,digitalSignature
[both]
authorityInfoAccess = OCSP;URI:{url}/ocsp
crlDistributionPoints = URI:{url}/list.crl
[list]
crlDistributionPoints = URI:{url}/list.crl
[nothing]
basicConstraints = CA:false
"""


class OpensslAuthority:
    """`asked` counts what came over the wire; `mode` is ok or down."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.mode, self.asked = folder, "ok", {"ocsp": 0, "crl": 0}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _door(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True)
        self._thread.start()
        url = f"http://127.0.0.1:{self._server.server_port}"
        (folder / "ca.cnf").write_text(_CONFIG.format(folder=folder, url=url))
        (folder / "index.txt").touch()
        for name in ("serial", "crlnumber"):
            (folder / name).write_text("1000\n")
        self._key("ca")
        self._run("req", "-x509", "-config", "ca.cnf", "-extensions", "authority", "-days", "90",
                  "-key", "ca.key", "-subj", "/CN=Co quan cap thu", "-out", "ca.pem")  # fmt: skip

    @property
    def bundle(self) -> Path:
        return self.folder / "ca.pem"

    def certify(self, name: str, *, extensions: str = "both") -> str:
        """Return the PEM of a new person's certificate."""
        self._key(name)
        self._run("req", "-new", "-config", "ca.cnf", "-key", f"{name}.key",
                  "-subj", f"/CN={name}", "-out", f"{name}.csr")  # fmt: skip
        self._run("ca", "-batch", "-config", "ca.cnf", "-extensions", extensions, "-notext",
                  "-in", f"{name}.csr", "-out", f"{name}.pem")  # fmt: skip
        return (self.folder / f"{name}.pem").read_text()

    def revoke(self, name: str) -> None:
        self._run("ca", "-config", "ca.cnf", "-revoke", f"{name}.pem",
                  "-crl_reason", "keyCompromise")  # fmt: skip

    def listed(self) -> bytes:
        self.asked["crl"] += 1
        self._run("ca", "-config", "ca.cnf", "-gencrl", "-out", "list.pem")
        self._run("crl", "-in", "list.pem", "-outform", "DER", "-out", "list.crl")
        return (self.folder / "list.crl").read_bytes()

    def answer(self, question: bytes) -> bytes:
        self.asked["ocsp"] += 1
        (self.folder / "question.der").write_bytes(question)
        self._run("ocsp", "-index", "index.txt", "-rsigner", "ca.pem", "-rkey", "ca.key",
                  "-CA", "ca.pem", "-reqin", "question.der", "-respout", "answer.der",
                  "-ndays", "1")  # fmt: skip
        return (self.folder / "answer.der").read_bytes()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _key(self, name: str) -> None:
        self._run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                  "-out", f"{name}.key")  # fmt: skip

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)


def _door(authority: OpensslAuthority) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._tell(authority.listed() if authority.mode == "ok" else None)

        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            self._tell(authority.answer(question) if authority.mode == "ok" else None)

        def _tell(self, content: bytes | None) -> None:
            self.send_response(200 if content else 503)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *words: object) -> None:
            del words

    return Door
