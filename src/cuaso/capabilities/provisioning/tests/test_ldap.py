"""OpenLDAP shows the directory; its binds are checked by the house."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import get_user_model
from django.core.cache import cache

from cuaso.capabilities.provisioning import api
from cuaso.capabilities.provisioning.logic.ldap import serve as serving
from cuaso.capabilities.provisioning.logic.ldap import tree
from cuaso.capabilities.provisioning.logic.ldap.binds import answer, answering
from cuaso.capabilities.provisioning.logic.ldap.serve import make_ldap_anew
from cuaso.capabilities.provisioning.logic.ldap.slapd import Slapd
from cuaso.capabilities.provisioning.tests import world
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.subjects import Subject

# slapd asks from another connection: what it asks about is committed.
committed = pytest.mark.django_db(transaction=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(autouse=True)
def _nothing_tried(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("transactional_db" if "server" in request.fixturenames else "db")
    cache.clear()


@pytest.fixture
def server(tmp_path: Path) -> Slapd:
    slapd = Slapd(folder=tmp_path / "ldap", port=free_port(), tls_port=free_port())
    slapd.prepare()
    return slapd


def search(
    server: Slapd,
    who: str,
    password: str,
    filter: str,
    *wanted: str,
    tls: bool = True,
    from_first_byte: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Search as OpenLDAP's own client does: bind by name and password, StartTLS unless told not."""
    address = server.tls_url if from_first_byte else server.url
    command = ["ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", address]
    command += ["-ZZ"] if tls and not from_first_byte else []
    bind = ["-D", f"uid={who},ou=people,{tree.suffix()}", "-w", password] if who else []
    return subprocess.run(
        [*command, *bind, "-b", tree.suffix(), filter, *wanted],
        env={"LDAPTLS_CACERT": str(server.certificate), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


def names(answer: subprocess.CompletedProcess[str]) -> list[str]:
    assert answer.returncode == 0, answer.stderr
    return sorted(line[4:] for line in answer.stdout.splitlines() if line.startswith("dn: "))


def under(branch: str, rdn: str) -> str:
    return f"{rdn},ou={branch},{tree.suffix()}"


def place_with_lam() -> tuple[world.World, tuple[str, str]]:
    """Make the agencies, and in the department an official whose name and password are returned."""
    place, lam = world.build(), ("lam.vth", world.PASSWORD)
    world.official("Võ Thị Hạ Lam", lam[0], agency_id=place.department_id, password=lam[1])
    return place, lam


@committed
def test_kt_f1_people_are_found_by_ldap_with_and_without_marks_and_only_by_who_signs_in(
    server: Slapd,
) -> None:
    place = world.build()
    lam = ("lam.vth", world.PASSWORD)
    lam_id = world.official("Võ Thị Hạ Lam", lam[0], agency_id=place.department_id, password=lam[1])
    duc = world.official("Trần Đình Đức", "duc.td", agency_id=place.other_id)
    api.revise()
    with answering(server.binds), kept(server) as keeper:
        assert keeper.turn() == 18
        assert keeper.turn() == 0
        for asked in ("(cn=*dinh duc)", "(cn=*Đình Đức)", "(givenName=duc)", "(uid=DUC.TD)"):
            assert names(search(server, *lam, asked, "dn")) == [under("people", "uid=duc.td")]
        assert names(search(server, *lam, "(ou=so y te)", "dn")) == [
            under("groups", "cn=so-y-te"),
            under("agencies", "ou=so-y-te"),
        ]
        post = search(server, *lam, f"(roleOccupant={under('people', 'uid=duc.td')})", "cn").stdout
        assert "cn: chuyen vien" in post
        member = search(server, *lam, "(uid=duc.td)", "memberOf", "userPassword").stdout
        assert f"memberOf: {under('groups', 'cn=so-y-te')}" in member
        assert "userPassword" not in member
        refused = {
            "no name": search(server, "", "", "(uid=duc.td)"),
            "wrong password": search(server, lam[0], "sai", "(uid=duc.td)"),
            "no password": search(server, lam[0], "", "(uid=duc.td)"),
            "no account": search(server, "khong.co", world.PASSWORD, "(uid=duc.td)"),
            "never activated": search(server, "duc.td", world.PASSWORD, "(uid=duc.td)"),
            "in the clear": search(server, *lam, "(uid=duc.td)", tls=False),
        }
        assert {why: answer.returncode for why, answer in refused.items()} == {
            "no name": 48,
            "wrong password": 49,
            "no password": 53,
            "no account": 49,
            "never activated": 49,
            "in the clear": 13,
        }
        assert {answer.stdout for answer in refused.values()} == {""}
    assert [entry.act for entry in audit.history(account(duc))] == ["identity.account_opened"]
    assert {entry.act for entry in audit.history(account(lam_id))} == {
        "identity.account_opened",
        "identity.password_checked",
    }


@committed
def test_kt_f1_what_changes_is_seen_by_ldap_and_a_leaver_binds_no_more(server: Slapd) -> None:
    place, lam = place_with_lam()
    duc = world.official(
        "Trần Đình Đức", "duc.td", agency_id=place.other_id, password=world.PASSWORD
    )
    api.revise()
    with answering(server.binds), kept(server) as keeper:
        keeper.turn()
        assert search(server, "duc.td", world.PASSWORD, "(uid=duc.td)").returncode == 0
        identity.change_account(
            actor=world.ADMIN, account_id=duc, username="duc.trandinh", name="Đức", email="d@x.vn"
        )
        unit = directory.found_unit(
            agency_id=place.department_id, name="Phòng Công chức", actor=world.ADMIN
        )
        assert catch_up(keeper) == 2
        found = search(server, *lam, "(mail=d@x.vn)", "displayName").stdout
        assert under("people", "uid=duc.trandinh") in found
        assert names(search(server, *lam, "(uid=duc.td)", "dn")) == []
        now = under("people", "uid=duc.trandinh")
        assert names(search(server, *lam, f"(member={now})", "dn")) == [
            under("groups", "cn=so-y-te")
        ]
        assert len(names(search(server, *lam, f"(roleOccupant={now})", "dn"))) == 1
        assert names(search(server, *lam, "(ou=phong cong chuc)", "dn")) == [
            under("groups", f"cn={unit.id}"),
            under("units", f"ou={unit.id}"),
        ]
        identity.retire_account(actor=world.ADMIN, account_id=duc, reason="Nghỉ hưu")
        assert search(server, "duc.trandinh", world.PASSWORD, "(uid=x)").returncode == 49
        catch_up(keeper)
        assert names(search(server, *lam, "(mail=d@x.vn)", "dn")) == []
        members = search(server, *lam, "(&(objectClass=groupOfNames)(cn=so-y-te))", "member").stdout
        assert f"member: {tree.nobody()}" in members


@committed
def test_kt_f1_a_client_without_starttls_binds_and_reads_over_tls_from_the_first_byte(
    server: Slapd,
) -> None:
    _, lam = place_with_lam()
    api.revise()
    with answering(server.binds), kept(server) as keeper:
        keeper.turn()
        read = search(server, *lam, "(uid=lam.vth)", "dn", from_first_byte=True)
        assert names(read) == [under("people", "uid=lam.vth")]
        wrong = search(server, lam[0], "sai", "(uid=lam.vth)", from_first_byte=True)
        nobody = search(server, "", "", "(uid=lam.vth)", from_first_byte=True)
        assert (wrong.returncode, nobody.returncode) == (49, 48)
    assert wrong.stdout == nobody.stdout == ""


@committed
def test_kt_f1_an_ldap_server_that_was_away_or_lost_its_data_gets_everything_again(
    server: Slapd,
) -> None:
    place, lam = place_with_lam()
    api.revise()
    with answering(server.binds), kept(server) as keeper:
        keeper.turn()
        keeper.stop()
        world.official("Trần Đình Đức", "duc.td", agency_id=place.other_id)
        catch_up(keeper)
        assert names(search(server, *lam, "(uid=duc.td)", "dn")) != []
        keeper.stop()
        shutil.rmtree(server.folder / "data")
        server.prepare()
        keeper.turn()
        assert names(search(server, *lam, "(uid=duc.td)", "dn")) != []
        assert make_ldap_anew()
        keeper.turn()
        assert len(names(search(server, *lam, "(objectClass=inetOrgPerson)", "dn"))) == 2


@committed
def test_kt_f1_a_program_with_python_ldap_signs_in_reads_by_pages_and_writes_nothing(
    server: Slapd,
) -> None:
    place, lam = place_with_lam()
    for number in range(4):
        world.official("Trần Đình Đức", f"duc{number}.td", agency_id=place.other_id)
    api.revise()
    with answering(server.binds), kept(server) as keeper:
        keeper.turn()
        told = python_ldap(server, *lam)
    assert told["me"] == f"dn:{under('people', 'uid=lam.vth')}"
    assert [len(page) for page in told["pages"]] == [2, 2, 1]
    everybody = sorted(name for page in told["pages"] for name in page)
    assert everybody == ["duc0.td", "duc1.td", "duc2.td", "duc3.td", "lam.vth"]
    assert told["cn"] == ["Võ Thị Hạ Lam", "vo thi ha lam"]
    assert told["compared"] is True
    assert (told["wrong"], told["nobody"]) == ("INVALID_CREDENTIALS", "NO_SUCH_OBJECT")
    assert told["written"] == [*["INSUFFICIENT_ACCESS"] * 2, "UNWILLING_TO_PERFORM"]


def python_ldap(server: Slapd, who: str, password: str) -> dict[str, Any]:
    """Run the program of python-ldap before the server, as the system's own Python has it."""
    script = Path(__file__).with_name("python_ldap_client.py")
    told = [server.url, str(server.certificate), tree.suffix(), who, password]
    done = subprocess.run(
        ["/usr/bin/python3", "-I", str(script), *told],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@committed
def test_a_server_that_outlived_its_process_is_ended_before_another_begins(server: Slapd) -> None:
    left = server.start()
    with kept(server) as keeper:
        keeper.turn()
        assert left.wait(10) is not None
        assert search(server, "khong.co", "x", "(uid=x)").returncode != 255


def test_guessing_a_password_by_ldap_stops_after_five_and_does_not_lock_others_out(
    db: None,
) -> None:
    place = world.build()
    for name in ("lam.vth", "duc.td"):
        world.official("Người Thử", name, agency_id=place.other_id, password=world.PASSWORD)
    asked = "BIND\nmsgid: 1\npeername: IP=10.0.0.7:5002\ndn: uid={},ou=people,{}\nmethod: 128\n"
    said = asked + "credlen: {}\ncred: {}\n\n"

    def bind(name: str, password: str) -> int:
        told = said.format(name, tree.suffix(), len(password), password)
        return answer(told.encode())[0]

    assert [bind("lam.vth", "sai") for _ in range(6)] == [49] * 5 + [51]
    assert bind("lam.vth", world.PASSWORD) == 51
    assert bind("duc.td", world.PASSWORD) == 0
    assert bind("duc.td", world.PASSWORD + "\n\n") == 49
    elsewhere = said.format("lam.vth", tree.suffix(), len(world.PASSWORD), world.PASSWORD)
    assert answer(elsewhere.replace("10.0.0.7", "10.0.0.8").encode())[0] == 0


@pytest.mark.parametrize("way", [str.lower, str.upper, str.title])
def test_a_person_binds_however_the_name_of_the_branch_is_spelled(
    db: None, way: Callable[[str], str]
) -> None:
    place = world.build()
    world.official("Lam", "lam.vth", agency_id=place.other_id, password=world.PASSWORD)
    head = f"BIND\npeername: IP=10.0.0.7:5002\ndn: {way(under('people', 'uid=lam.vth'))}\n"
    told = f"{head}method: 128\ncredlen: {len(world.PASSWORD)}\ncred: {world.PASSWORD}\n\n"
    assert answer(told.encode())[0] == 0
    assert answer(told.replace(",", ",ou=khac,", 1).encode())[0] == 53


def test_with_an_authenticator_app_the_code_stands_behind_the_password(db: None) -> None:
    place = world.build()
    id = world.official("Hạ Lam", "lam.vth", agency_id=place.other_id, password=world.PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(get_user_model().objects.get(pk=id), secret)
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    def opens(password: str) -> bool:
        try:
            identity.check_password(
                username="lam.vth", password=password, address="10.0.0.1", door="ldap"
            )
        except NotAllowed:
            return False
        return True

    assert not opens(world.PASSWORD)
    assert opens(world.PASSWORD + code)
    assert not opens(world.PASSWORD + code)


@contextmanager
def kept(server: Slapd) -> Iterator[serving.Keeper]:
    keeper = serving.Keeper(server)
    try:
        yield keeper
    finally:
        keeper.stop()


def catch_up(keeper: serving.Keeper) -> int:
    """Take what changed and tell it; return how many entries were told."""
    while api.revise():
        pass
    told = 0
    while more := keeper.turn():
        told += more
    return told


def account(id: UUID) -> Subject:
    return Subject(kind="identity.account", id=id)
