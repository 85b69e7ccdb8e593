"""The apparatus of home affairs written at the desk: a department, two branches, officials."""

from cuaso.foundation.directory import api as directory
from tests.support.answers import MOTHER
from tests.support.apparatus import HERE, HOUSE, key
from tests.support.doors import Desk

LAM = {
    "person__full_name": "Võ Thị Hạ Lam",
    "person__personal_number": MOTHER,
    "person__birth_date": "14/02/1996",
    "person__sex": "female",
}


def organisation(desk: Desk, code: str, **said: str) -> str:
    """Write an organisation into the register of the apparatus."""
    fixed = {
        "founded_on": "01/07/2025",
        "own_seal": "no",
        "own_account": "no",
        "deputies": "2",
        "sector": "general",
        **dict.fromkeys(("commune", "position", "autonomy", "parent"), ""),
        **HERE,
    }
    rows = {
        "functions": ({"text": "Tham mưu quản lý biên chế.", "basis": "Điều 3"},),
        "old_names": (),
    }
    return desk.enters(key("organisation"), code=code, rows=rows, **{**fixed, **said})


def official(desk: Desk, number: int, **said: str) -> str:
    """Write the file of an official."""
    blank = ("commune", "post_since", "party_joined_on", "left_on")
    fixed = {"kind": "civil_servant", "post": "specialist", "recruited_on": "01/11/2022"}
    fixed |= {"party_member": "no", **dict.fromkeys(blank, ""), **LAM}
    rows = {
        "degrees": (),
        "career": (
            {"span.from": "01/11/2022", "span.to": "", "place": "Sở Nội vụ", "post": "Chuyên viên"},
        ),
        "relatives": (),
    }
    return desk.enters(key("official"), code=f"CB-{number:06}", rows=rows, **{**fixed, **said})


def apparatus_at(handler: Desk) -> str:
    """Write and return the code of the department, with two branches of it and a section of one."""
    code = directory.agency_by_key(HOUSE).code
    organisation(handler, code, name="Sở Nội vụ tỉnh Gia Lai", kind="department")
    for branch, name in (("H21.90.01", "Chi cục Cũ Một"), ("H21.90.02", "Chi cục Cũ Hai")):
        organisation(handler, branch, name=f"{name} (minh hoạ)", kind="branch", parent=code)
    organisation(
        handler,
        "H21.90.011",
        name="Phòng Thanh niên (minh hoạ)",
        kind="section",
        parent="H21.90.01",
    )
    return code
