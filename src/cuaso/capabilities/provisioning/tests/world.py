"""A small province for tests: its committee, a department, units and people with accounts."""

from dataclasses import dataclass
from uuid import UUID

from cuaso.capabilities.provisioning import api, contracts
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import AgencyRow, PlaceRow
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.actors import system

ADMIN = system("Quản trị viên thử")
PASSWORD = "Mat-khau-dai-de-thu-2026"


@dataclass(frozen=True, kw_only=True)
class World:
    committee_id: UUID
    department_id: UUID
    other_id: UUID


def build() -> World:
    """Install a province with two departments."""
    place = PlaceRow(
        "52", "Gia Lai", "Tỉnh Gia Lai", "tỉnh", "province", "", None, None, "", unverified=False
    )
    directory.install_places([place])
    rows = [
        agency_row("ubnd-tinh", "H21", "Ủy ban nhân dân tỉnh Gia Lai", "committee", ""),
        agency_row("so-noi-vu", "H21.01", "Sở Nội vụ", "department", "ubnd-tinh"),
        agency_row("so-y-te", "H21.02", "Sở Y tế", "department", "ubnd-tinh"),
    ]
    directory.install_agencies(rows)
    ids = {row.key: directory.agency_by_key(row.key).id for row in rows}
    return World(
        committee_id=ids["ubnd-tinh"],
        department_id=ids["so-noi-vu"],
        other_id=ids["so-y-te"],
    )


def official(
    name: str,
    username: str,
    *,
    agency_id: UUID | None = None,
    title: str = "Chuyên viên",
    unit_id: UUID | None = None,
    password: str | None = None,
    personal_number: str = "",
) -> UUID:
    """Enter a person with an account, and a post where an agency is given; return the account."""
    person = directory.ensure_person(
        name=name, email=f"{username}@example.vn", personal_number=personal_number
    )
    account_id = identity.open_official_account(
        actor=ADMIN, person_id=person.id, name=name, username=username, password=password
    )
    if agency_id is not None:
        directory.appoint(
            agency_id=agency_id,
            unit_id=unit_id,
            person_id=person.id,
            title=title,
            roles=["handler"],
            start=clock.today(),
            actor=ADMIN,
        )
    return account_id


def known(agency_id: UUID | None = None, *, may_write: bool = True) -> contracts.System:
    """Let a system in and return it as its token shows it."""
    _, token = api.open_system(
        name=f"Hệ thống {agency_id} {may_write}",
        agency_id=agency_id,
        may_write=may_write,
        actor=ADMIN,
    )
    found = api.system_of_token(token)
    assert found is not None
    return found


def agency_row(key: str, code: str, name: str, kind: str, parent: str) -> AgencyRow:
    """Return an agency's row of a pack."""
    return AgencyRow(
        key,
        code,
        "",
        name,
        "",
        "",
        kind,
        "province",
        parent,
        "52",
        "",
        None,
        None,
        "",
        unverified=False,
    )
