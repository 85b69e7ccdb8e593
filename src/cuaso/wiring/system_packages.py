"""System packages by apt, as root on Debian and Ubuntu only, and never unannounced."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cuaso.wiring.postgres import binaries
from cuaso.wiring.words import done, say

PREPARED_VERSIONS = {"debian": {"12": "15", "13": "17"}, "ubuntu": {"24.04": "16"}}
PYTHON_LDAP = Path("/usr/lib/python3/dist-packages/ldap")
_APACHE_OPENID = "/usr/lib/apache2/modules/mod_auth_openidc.so"
NO_MAIN_CLUSTER = Path("/etc/postgresql-common/createcluster.d/cuaso.conf")


@dataclass(frozen=True, kw_only=True)
class Need:
    """A package and why; `present` says whether the machine has what it gives."""

    package: str
    reason: str
    present: bool


def postgresql() -> tuple[Need, ...]:
    """Return the need of a PostgreSQL with PostGIS."""
    if os.environ.get("DATABASE_URL") or os.environ.get("CUASO_POSTGRES_BIN"):
        return ()
    version = _server_version()
    present = any(found.postgis for found in binaries.found())
    package = f"postgresql-{version}-postgis-3" if version else "postgresql-postgis"
    return (Need(package=package, reason="cơ sở dữ liệu có bản đồ", present=present),)


def for_tests() -> tuple[Need, ...]:
    """Return what the tests need of the system."""
    programs = (
        ("chromium", "trình duyệt để thử trang", "chromium"),
        ("poppler-utils", "pdfsig kiểm chữ ký độc lập", "pdfsig"),
        ("softhsm2", "thiết bị khóa PKCS#11 giả lập", "softhsm2-util"),
        ("clamav-daemon", "quét mã độc", "clamd"),
        ("nodejs", "máy khách OpenID của bên ngoài", "node"),
        ("npm", "cài máy khách OpenID theo bản khóa", "npm"),
        ("slapd", "danh bạ LDAP", "slapd"),
        ("ldap-utils", "công cụ của OpenLDAP", "ldapmodify"),
        ("xmlsec1", "chữ ký XML của hệ thống SAML bên ngoài", "xmlsec1"),
        ("apache2", "trang web của bên ngoài", "apache2"),
        ("libapache2-mod-auth-openidc", "máy khách OpenID trong Apache", _APACHE_OPENID),
        ("dehydrated", "máy khách ACME của bên ngoài", "dehydrated"),
    )
    have_path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin"
    found = [
        Need(package=package, reason=reason, present=_is_there(program, have_path))
        for package, reason, program in programs
    ]
    client = Need(
        package="python3-ldap", reason="chương trình đọc LDAP", present=PYTHON_LDAP.is_dir()
    )
    return (*postgresql(), *found, client)


def _is_there(thing: str, path: str) -> bool:
    """Whether there is a program of that name, or a file at that place."""
    return Path(thing).exists() if thing.startswith("/") else bool(shutil.which(thing, path=path))


def provide(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    """Install what is missing when that is ours to do; return what is still missing."""
    missing = tuple(need for need in needs if not need.present)
    if not missing:
        return ()
    line = f"apt-get install -y --no-install-recommends {' '.join(n.package for n in missing)}"
    if not _may_install():
        for need in missing:
            say(f"! Thiếu {need.package} ({need.reason}).")
        say(f"  Hãy gõ:  sudo {line}")
        return missing
    say("• Sắp cài các gói hệ thống còn thiếu bằng apt (CUASO_NO_APT=1 để từ chối):")
    for need in missing:
        say(f"    {need.package} — {need.reason}")
    _keep_debian_from_making_a_cluster()
    _keep_debian_from_running_slapd()
    if not _with_apache_at_rest(missing, line):
        say(f"! apt không cài được. Đi tiếp với những gì máy có. Hãy thử lại:  {line}")
        return missing
    done("Đã cài các gói hệ thống")
    return ()


def _may_install() -> bool:
    return (
        os.geteuid() == 0
        and not os.environ.get("CUASO_NO_APT")
        and bool(shutil.which("apt-get"))
        and _release().get("ID") in PREPARED_VERSIONS
    )


def _server_version() -> str:
    release = _release()
    return PREPARED_VERSIONS.get(release.get("ID", ""), {}).get(release.get("VERSION_ID", ""), "")


def _release() -> dict[str, str]:
    path = Path("/etc/os-release")
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value.strip('"') for name, _, value in pairs}


def _keep_debian_from_making_a_cluster() -> None:
    """Keep the package from starting a server of its own on port 5432, unless one is set up."""
    if NO_MAIN_CLUSTER.exists() or shutil.which("pg_lsclusters"):
        return
    NO_MAIN_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    NO_MAIN_CLUSTER.write_text("create_main_cluster = false\n")


def _keep_debian_from_running_slapd() -> None:
    """Keep the package from setting up a tree of its own on port 389."""
    answer = b"slapd slapd/no_configuration boolean true\n"
    if shutil.which("debconf-set-selections") and not Path("/etc/ldap/slapd.d").exists():
        subprocess.run(["debconf-set-selections"], input=answer, check=False)  # noqa: S607


def _with_apache_at_rest(missing: tuple[Need, ...], line: str) -> bool:
    """Install, but keep a new Apache from serving on port 80, now and after a restart."""
    if not any(need.package == "apache2" for need in missing) or not shutil.which("systemctl"):
        return _apt(line.split())
    _service("mask")
    installed = _apt(line.split())
    _service("unmask")
    _service("disable")
    return installed


def _service(act: str) -> None:
    command = ["systemctl", act, "apache2.service"]
    subprocess.run(command, check=False, capture_output=True)  # noqa: S603


def _apt(line: list[str]) -> bool:
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = subprocess.run(["apt-get", "update", "-qq"], env=surroundings, check=False)  # noqa: S607
    if update.returncode:
        return False
    command = [line[0], "-qq", *line[1:]]
    return subprocess.run(command, env=surroundings, check=False).returncode == 0  # noqa: S603
