"""What the population register needs to number a new-born, read from a birth form."""

from collections.abc import Mapping
from typing import Any

from cuaso.capabilities.exchange.contracts import ChildFacts
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.models import ProcedureVersion


def child(version: ProcedureVersion, stored: Mapping[str, Any]) -> ChildFacts:
    """Return the child of a form with the sections `child`, `mother` and `father`.

    A flow that asks for `population.request_personal_number` belongs to such a form.
    """
    cleaned = declared.form(version).load(stored)
    born: Any = cleaned.get("child.birth_date")
    sex: Any = cleaned.get("child.sex")
    return ChildFacts(
        name=str(cleaned.get("child.full_name") or ""),
        birth_date=born,
        sex=getattr(sex, "code", sex),
        mother_number=str(cleaned.get("mother.personal_number") or ""),
        father_number=str(cleaned.get("father.personal_number") or ""),
    )
