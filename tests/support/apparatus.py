"""An invented apparatus of home affairs: a department, two branches, a section, officials."""

from cuaso.capabilities.registries.contracts import RecordView
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from tests.support.answers import MOTHER, QUY_NHON
from tests.support.registers import entered

HOUSE = "so-noi-vu-gia-lai"
HERE = {"address__commune": QUY_NHON, "address__street": "12 Trần Phú"}


def key(name: str) -> str:
    """Return the key of a registry of home affairs."""
    return f"home-affairs/{name}"


def organisation(code: str, actor: Actor, **said: str) -> RecordView:
    """Enter an organisation."""
    fixed = {
        "founded_on": "01/07/2025",
        "own_seal": "no",
        "own_account": "no",
        "deputies": "2",
        "commune": "",
        "position": "",
        "sector": "general",
        "autonomy": "",
        **HERE,
    }
    return entered(
        key("organisation"),
        actor,
        code=code,
        rows={"functions": (), "old_names": ()},
        **{**fixed, **said},
    )


def apparatus_of(handler: Actor) -> str:
    """Keep the department, two branches of it, a section of one; return the department's code."""
    code = directory.agency_by_key(HOUSE).code
    organisation(code, handler, name="Sở Nội vụ tỉnh Gia Lai", kind="department", parent="")
    for branch, name in (("H21.90.01", "Chi cục Cũ Một"), ("H21.90.02", "Chi cục Cũ Hai")):
        organisation(branch, handler, name=f"{name} (minh hoạ)", kind="branch", parent=code)
    organisation(
        "H21.90.011",
        handler,
        name="Phòng Thanh niên (minh hoạ)",
        kind="section",
        parent="H21.90.01",
    )
    return code


def official(number: int, actor: Actor, **said: str) -> RecordView:
    """Enter the file of an official."""
    fixed = {
        "person__full_name": "Võ Thị Hạ Lam",
        "person__personal_number": MOTHER,
        "person__birth_date": "14/02/1996",
        "person__sex": "female",
        "commune": "",
        "kind": "civil_servant",
        "post": "specialist",
        "post_since": "",
        "recruited_on": "01/11/2022",
        "party_member": "no",
        "party_joined_on": "",
        "left_on": "",
    }
    rows = {"degrees": (), "career": (), "relatives": ()}
    return entered(key("official"), actor, code=f"CB-{number:06}", rows=rows, **{**fixed, **said})
