"""Which agency a submission means today, whatever code the portal still has for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency
from cuaso.kernel.errors import Invalid, Problem
from cuaso.services.national_portal.contracts import Submission
from cuaso.services.procedures import api as procedures

Values = Mapping[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """The answers with the place of today, and the agencies that the stated code stands for."""

    values: Values
    allowed: frozenset[UUID]


def addressed(asked: Submission) -> Addressed:
    """Return the submission's answers with the place that settles as it is called today.

    An abolished agency or place stands for its successor. Raises Invalid for an unknown
    procedure or agency, and where a place was split and nobody but a person can tell the part.
    """
    path = procedures.procedure(code=asked.procedure_code).place_path
    heirs = _heirs(asked.agency_code)
    values = dict(asked.values)
    if path:
        values[path] = _place_of_today(str(values.get(path) or ""), heirs, path=path)
    return Addressed(values=values, allowed=frozenset(_settling(one) for one in heirs))


def check(dossier_agency: UUID, addressed_to: Addressed) -> None:
    """Raise Invalid when the dossier would go to another agency than the portal named."""
    if addressed_to.allowed and dossier_agency not in addressed_to.allowed:
        raise _wrong(
            "agency_code",
            "Cơ quan đã ghi không phải cơ quan giải quyết của nơi khai trong tờ khai: "
            f"{directory.agency(dossier_agency).name}.",
        )


def _heirs(code: str) -> tuple[Agency, ...]:
    if not code:
        return ()
    try:
        found = directory.agency_heirs(code)
    except Invalid as refusal:
        raise _wrong("agency_code", refusal.what) from refusal
    if not found:
        raise _wrong("agency_code", f"Tỉnh không có cơ quan mang mã {code}.")
    return found


def _settling(agency: Agency) -> UUID:
    """Return who settles: a one-stop centre receives for the committee above it."""
    above = agency.parent_id if agency.kind == "one_stop_centre" else None
    return above or agency.id


def _place_of_today(stated: str, heirs: tuple[Agency, ...], *, path: str) -> str:
    if not stated:
        return heirs[0].place_code if len(heirs) == 1 else stated
    found = directory.place_heirs(stated, "commune")
    if len(found) > 1:
        names = ", ".join(one.full_name for one in found)
        raise _wrong(f"values.{path}", f"Địa bàn này đã chia về {names}; hãy chọn một.")
    return found[0].code if found else stated


def _wrong(field: str, say: str) -> Invalid:
    return Invalid(
        code="national_portal.agency_unfit",
        what="Chưa xác định được cơ quan giải quyết.",
        why=say,
        mend="Hãy chọn lại cơ quan hoặc địa bàn rồi gửi lại.",
        problems=(Problem(field=field, say=say),),
    )
