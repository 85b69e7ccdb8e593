"""OpenLDAP's slapd as the house runs it: its configuration, its certificate, its life."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cuaso.capabilities.provisioning.logic.ldap import feed, tree
from cuaso.capabilities.provisioning.models import Entry
from cuaso.kernel import clock
from cuaso.kernel.errors import Unavailable

START_SECONDS: Final = 20.0
PATH: Final = ":/usr/sbin:/usr/local/sbin:/usr/local/libexec"
SCHEMAS: Final = ("core", "cosine", "inetorgperson")
_CONFIGURATION: Final = """\
{schemas}
pidfile {folder}/slapd.pid
modulepath {modules}
moduleload back_mdb
moduleload back_sock
moduleload memberof
moduleload refint
TLSCertificateFile {folder}/tls/server.pem
TLSCertificateKeyFile {folder}/tls/server.key
TLSProtocolMin 3.3
disallow bind_anon
require LDAPv3
security simple_bind=128
localSSF 256
sizelimit 1000
timelimit 10
threads {threads}
authz-regexp "gidNumber={gid}\\\\+uidNumber={uid},cn=peercred,cn=external,cn=auth"
  "cn=house,{suffix}"
database mdb
suffix "{suffix}"
rootdn "cn=house,{suffix}"
directory {folder}/data
maxsize 4294967296
dbnosync
checkpoint 1024 1
index objectClass eq
index uid,mail,employeeType,businessCategory eq
index cn,sn,givenName,displayName,ou eq,sub
index member,memberOf,roleOccupant,seeAlso eq
access to dn.exact="cn=stamp,{suffix}" by * none
access to dn.subtree="ou=people,{suffix}" attrs=entry
  by anonymous auth by users read by * none
access to * by users read by * none
overlay memberof
memberof-group-oc groupOfNames
memberof-member-ad member
memberof-memberof-ad memberOf
memberof-refint TRUE
overlay refint
refint_attributes member roleOccupant seeAlso
refint_nothing "cn=nobody,{suffix}"
overlay sock
extensions peername
socketpath {folder}/binds.sock
sockops bind
sockdnpat "^uid=.+,ou=people,{suffix}$"
"""


@dataclass(frozen=True, kw_only=True)
class Slapd:
    """One slapd in one folder, at two TCP ports of an address (loopback unless told otherwise):
    `port` for StartTLS, `tls_port` for clients that know only LDAP over TLS from the first byte.
    """

    folder: Path
    port: int
    tls_port: int
    host: str = "127.0.0.1"

    @property
    def address(self) -> str:
        """Where we ourselves speak to it: a Unix socket that knows us by our user."""
        return f"ldapi://{str(self.folder / 'ldapi').replace('/', '%2F')}"

    @property
    def url(self) -> str:
        return f"ldap://{self.host}:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"ldaps://{self.host}:{self.tls_port}"

    @property
    def binds(self) -> Path:
        return self.folder / "binds.sock"

    @property
    def certificate(self) -> Path:
        """What clients trust."""
        return self.folder / "tls" / "server.pem"

    def prepare(self) -> None:
        """Write the configuration, and the first certificate and tree when there are none."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_certificate(self.folder / "tls", host=self.host)
        (self.folder / "slapd.conf").write_text(self._configuration(), encoding="utf-8")
        if not (self.folder / "data" / "data.mdb").exists():
            self.load(iter([*tree.roots(), (tree.stamp_dn(), tree.stamp(0))]))

    def load(self, entries: Iterator[tuple[str, tree.Attributes]]) -> int:
        """Make the tree of these entries, in place of what stood there; slapd must be down."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        (self.folder / "data").mkdir(mode=0o700)
        command = [program("slapadd"), "-q", "-f", str(self.folder / "slapd.conf")]
        count = 0
        with subprocess.Popen(  # noqa: S603 a program that we found ourselves
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE
        ) as adding:
            if adding.stdin is None or adding.stderr is None:
                raise _unavailable("slapadd")
            with suppress(BrokenPipeError), adding.stdin:
                for dn, attributes in entries:
                    adding.stdin.write(tree.ldif(dn, attributes).encode())
                    count += 1
            why = adding.stderr.read().decode(errors="replace")
        if adding.returncode:
            raise _unavailable(why[-500:])
        return count

    def start(self) -> subprocess.Popen[bytes]:
        """Start slapd and return once it answers; raise Unavailable when it does not."""
        self._end_left_behind()
        listening = f"{self.url} {self.tls_url} {self.address}"
        command = [program("slapd"), "-d", "0", "-h", listening]
        with (self.folder / "slapd.log").open("ab") as log:
            running = subprocess.Popen(  # noqa: S603 a program that we found ourselves
                [*command, "-f", str(self.folder / "slapd.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and running.poll() is None:
            with suppress(Unavailable):
                feed.stamp_of(self.address)
                return running
            time.sleep(0.05)
        stop(running)
        raise _unavailable("slapd không trả lời.")

    def _end_left_behind(self) -> None:
        """End a slapd of this folder that outlived the process which started it."""
        with suppress(OSError, ValueError):
            number = int((self.folder / "slapd.pid").read_text())
            if str(self.folder / "slapd.conf") in _words_of(number):
                os.kill(number, signal.SIGTERM)
                until = time.monotonic() + START_SECONDS
                while _words_of(number) and time.monotonic() < until:
                    time.sleep(0.05)

    def _configuration(self) -> str:
        schemas = next(
            folder
            for folder in (Path("/etc/ldap/schema"), Path("/etc/openldap/schema"))
            if folder.is_dir()
        )
        return _CONFIGURATION.format(
            schemas="\n".join(f"include {schemas}/{name}.schema" for name in SCHEMAS),
            folder=self.folder,
            modules=_modules(),
            threads=max(4, 2 * (os.cpu_count() or 2)),
            suffix=tree.suffix(),
            uid=os.geteuid(),
            gid=os.getegid(),
        )


def _words_of(number: int) -> list[str]:
    """Return the words that a process was started with; none when it has ended."""
    said = Path(f"/proc/{number}/cmdline").read_bytes().decode(errors="replace")
    return [word for word in said.split("\0") if word]


def stop(running: subprocess.Popen[bytes]) -> None:
    """Stop slapd in order."""
    if running.poll() is None:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def everything(revision: int) -> Iterator[tuple[str, tree.Attributes]]:
    """Return the whole tree as it is shown now, for `load`; `revision` is what it has then."""
    yield from tree.roots()
    yield tree.stamp_dn(), tree.stamp(revision)
    rows = Entry.objects.filter(gone_at=None)
    groups = list(rows.filter(kind__in=("agency", "unit")))
    groups_named = {row.id: tree.group_dn(row) for row in groups}
    names = {row.id: tree.dn_of(row) for row in groups}
    members = dict[UUID, list[str]]()
    for row in rows.filter(kind="person").iterator(2000):
        names[row.id] = tree.dn_of(row)
        for group in row.group_ids:
            members.setdefault(group, []).append(names[row.id])
        # slapd keeps memberOf itself when groups change, but not while it loads.
        told = [groups_named[id] for id in row.group_ids if id in groups_named]
        yield names[row.id], {**tree.attributes(row, {}), "memberOf": told}
    for row in groups:
        yield names[row.id], tree.attributes(row, names)
        yield tree.group_dn(row), tree.group(row, members.get(row.id, []))
    for row in rows.filter(kind="post").iterator(2000):
        yield tree.dn_of(row), tree.attributes(row, names)


def program(name: str) -> str:
    """Return where a program of OpenLDAP is; raise Unavailable when the machine has none."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + PATH)
    if found is None:
        raise Unavailable(
            code="provisioning.no_slapd",
            what=f"Máy chưa có {name} của OpenLDAP.",
            mend="Hãy cài: sudo apt-get install slapd ldap-utils",
        )
    return found


def _modules() -> Path:
    folders = (Path("/usr/lib/ldap"), Path("/usr/lib64/openldap"), Path("/usr/libexec/openldap"))
    return next((folder for folder in folders if folder.is_dir()), folders[0])


def _make_certificate(folder: Path, *, host: str) -> None:
    """Make a certificate for TLS, once; an administrator may put a better one in its place."""
    folder.mkdir(exist_ok=True, mode=0o700)
    certificate, key = folder / "server.pem", folder / "server.key"
    if certificate.exists() and key.exists():
        return
    made = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = clock.now()
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ip_address(host))]
    )
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(made.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=825))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(made, hashes.SHA256())
    )
    key.touch(mode=0o600)
    key.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def _unavailable(why: str) -> Unavailable:
    return Unavailable(
        code="provisioning.slapd",
        what="Không dựng được máy chủ LDAP.",
        why=why,
        mend="Hãy xem tệp slapd.log trong thư mục ldap của hệ thống.",
    )
