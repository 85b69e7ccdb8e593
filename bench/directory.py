"""The directory by LDAP: 200,000 people loaded in bulk, and searches a second.

Searches are OpenLDAP's own client's, one connection with StartTLS for each core; every search is
for one person, by user name and by name without marks.
"""

import os
import secrets
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from bench.measuring import children, figures
from cuaso.wiring.running_house import RunningHouse

PEOPLE = 200_000
UNITS = 5_000
SEARCHES = 6_000
LONGEST_LOAD_SECONDS = 900.0
WANTED_PER_SECOND = 1_000.0
ENTRIES = """
insert into provisioning_entry (id, kind, name, external_id, title, display_name, email, phone,
  active, agency_ids, group_ids, facts, said, folded, sort_key, created_at, changed_at, digest,
  revised, revision)
select gen_random_uuid(), 'person', 'phep.do.' || one, '', 'Chuyên viên',
  'Nguyễn Thị Phép Đo ' || one, 'phep.do.' || one || '@example.vn', '09' || lpad(one::text, 8, '0'),
  true, array[unit.agency], array[unit.agency, unit.id],
  jsonb_build_object('full_name', 'Nguyễn Thị Phép Đo ' || one, 'posts', '[]'::jsonb), '{}'::jsonb,
  'nguyen thi phep do ' || one, lpad(one::text, 8, '0'), now(), now(), md5(one::text),
  md5(one::text),
  (select coalesce(max(revision), 0) from provisioning_entry) + one
from generate_series(1, %(people)s) as one
join provisioning_bench_unit as unit on unit.n = one %% %(units)s
"""
GROUPS = """
create table provisioning_bench_unit as
select n, gen_random_uuid() as id, gen_random_uuid() as agency
from generate_series(0, %(units)s - 1) as n;
"""
UNIT_ENTRIES = """
insert into provisioning_entry (id, kind, name, external_id, title, display_name, email, phone,
  active, agency_ids, group_ids, facts, said, folded, sort_key, created_at, changed_at, digest,
  revised, revision)
select id, 'unit', id::text, '', '', 'Phòng đo số ' || n, '', '', true, array[agency],
  array[]::uuid[], '{}'::jsonb, '{}'::jsonb, 'phong do so ' || n, lpad(n::text, 8, '0'), now(),
  now(), md5('u' || n), md5('u' || n), (select coalesce(max(revision), 0) from provisioning_entry)
from provisioning_bench_unit
"""
CLEAN = (
    "delete from provisioning_placed",
    "delete from provisioning_entry where name like 'phep.do.%' or display_name like 'Phòng đo %'",
    "drop table if exists provisioning_bench_unit",
)


def run(house: RunningHouse) -> dict[str, object]:
    """Return seconds to load and searches a second by both ways."""
    many = {"people": PEOPLE, "units": UNITS}
    with psycopg.connect(house.owner_url, autocommit=True) as owner:
        owner.execute(GROUPS, many)
        owner.execute(UNIT_ENTRIES)
        owner.execute(ENTRIES, many)
        owner.execute("analyze provisioning_entry")
    try:
        return _measure(house)
    finally:
        with psycopg.connect(house.owner_url, autocommit=True) as owner:
            for statement in CLEAN:
                owner.execute(statement)


def _measure(house: RunningHouse) -> dict[str, object]:
    password = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory(prefix="cuaso-bench-") as folder:
        serving = children.Child(house, "ldap", folder, password)
        serving.wait()
        serving.go()
        told = Path(folder) / "ready"
        until = time.monotonic() + LONGEST_LOAD_SECONDS
        while not told.exists():
            if time.monotonic() > until:
                raise TimeoutError(told)
            time.sleep(0.1)
        url, certificate, dn, suffix = told.read_text(encoding="utf-8").splitlines()
        ask = _Asking(url=url, certificate=certificate, dn=dn, password=password, suffix=suffix)
        by_name = ask.per_second("(uid=phep.do.%s)")
        by_letters = ask.per_second("(cn=nguyen thi phep do %s)")
        (Path(folder) / "done").touch()
        loaded = serving.end()
    return {
        "what": f"{PEOPLE} people in {UNITS} units; LDAP v3 with StartTLS, simple bind",
        "target": figures.at_least(
            min(by_name, by_letters), WANTED_PER_SECOND, unit="searches/s", source="issue 5"
        ),
        "by_user_name_per_second": by_name,
        "by_name_without_marks_per_second": by_letters,
        **loaded,
        "machine": figures.machine(),
    }


class _Asking:
    """Asks by OpenLDAP's client, a connection for each core."""

    def __init__(self, *, url: str, certificate: str, dn: str, password: str, suffix: str) -> None:
        self._command = ["ldapsearch", "-x", "-LLL", "-ZZ", "-H", url, "-D", dn, "-w", password]
        self._suffix = suffix
        self._around = {**os.environ, "LDAPTLS_CACERT": certificate}

    def per_second(self, pattern: str) -> float:
        """Return searches a second, each for another person, with the bind counted."""
        at_once = os.cpu_count() or 2
        each = SEARCHES // at_once
        began = time.perf_counter()
        with ThreadPoolExecutor(at_once) as asking:
            found = list(asking.map(lambda _: self._ask(pattern, each), range(at_once)))
        took = time.perf_counter() - began
        if sum(found) != each * at_once:
            message = f"{sum(found)} of {each * at_once} were found"
            raise RuntimeError(message)
        return round(sum(found) / took, 1)

    def _ask(self, pattern: str, count: int) -> int:
        numbers = "".join(f"{1 + secrets.randbelow(PEOPLE)}\n" for _ in range(count))
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(numbers)
            file.flush()
            answer = subprocess.run(
                [*self._command, "-f", file.name, "-b", self._suffix, pattern, "mail"],
                env=self._around,
                capture_output=True,
                text=True,
                check=True,
            )
        return answer.stdout.count("\nmail: ") + answer.stdout.startswith("mail: ")
