"""Takes out of a draft what a registry does not accept, piece by piece, and says each of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from cuaso.declarations.packs.registry_proof import registry_faults
from cuaso.declarations.registries import Registry
from cuaso.declarations.xlsform.tables import Untaken
from cuaso.kernel.errors import Invalid

Plain = dict[str, Any]
Place = tuple[str | int, ...]
Fault = tuple[Place, str, str]
_MOST_ROUNDS: Final = 30
_BARE: Final = ("title", "title_en", "type", "codes", "is", "as", "required")


def proven(
    assemble: Callable[[], Plain],
    drop: Callable[[Place], int],
    *,
    codes: frozenset[str],
    registries: frozenset[str],
) -> tuple[Plain, list[Untaken]]:
    """Return a declaration that holds: `drop` takes the piece at a place out of what `assemble`
    puts together, and returns the row of the form from which it came. Raises Invalid for a form of
    which that makes nothing right.
    """
    untaken: list[Untaken] = []
    for _ in range(_MOST_ROUNDS):
        plain = assemble()
        faults = _pieces(_faults(plain, codes, registries))
        if not faults:
            return plain, untaken
        for place, what, mend in faults:
            row = drop(place)
            untaken.append(Untaken(sheet="survey", row=row, what=what, mend=mend or _MEND))
    raise Invalid(
        code="declarations.no_xlsform",
        what="Biểu mẫu này có quá nhiều chỗ không dùng được ở sổ.",
        mend="Hãy bỏ bớt điều kiện, ràng buộc trong biểu mẫu rồi chọn lại tệp.",
    )


def _faults(
    plain: Mapping[str, Any], codes: frozenset[str], registries: frozenset[str]
) -> list[Fault]:
    try:
        registry = Registry.model_validate(plain)
    except ValidationError as error:
        return [_said(one) for one in error.errors()]
    return list(registry_faults(registry, codes=codes, registries=registries))


def _said(error: Mapping[str, Any]) -> Fault:
    said = error.get("ctx") or {}
    what = str(said.get("what") or f"“{error['input']}” không dùng được ở sổ.")[:300]
    return tuple(error["loc"]), what, str(said.get("remedy") or "")


def _pieces(faults: Sequence[Fault]) -> list[Fault]:
    """Return one fault a piece, rules from the last to the first, so that none moves meanwhile."""
    found: dict[Place, Fault] = {}
    for place, what, mend in faults:
        numbered = [at for at, part in enumerate(place) if isinstance(part, int)]
        piece = place[: numbered[0] + 1] if numbered else place
        found.setdefault(piece, (place, what, mend))
    return sorted(
        found.values(), key=lambda one: [-part for part in one[0] if isinstance(part, int)]
    )


def without(one: Plain, rest: Place) -> bool:
    """Take a key out of a field, else everything but its type; say no where nothing is left."""
    key = str(rest[0]) if rest else ""
    if key in one and key not in ("title", "type"):
        del one[key]
        return True
    extra = [name for name in one if name not in _BARE]
    for name in extra:
        del one[name]
    return bool(extra)


_MEND: Final = "Hãy thêm lại điều này ở bản nháp theo cách viết của sổ."
