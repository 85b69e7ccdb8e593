"""How a file that cannot be imported is told: file, line, fault, remedy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cuaso.kernel.errors import Invalid, Problem

NOTHING_DONE: Final = "Không có thủ tục nào được nhập; danh mục vẫn như trước."
MOST_TOLD: Final = 20


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault of the file; line 0 is the file as a whole."""

    line: int
    say: str
    mend: str


def refusal(*, file: str, faults: Sequence[Fault]) -> Invalid:
    """Return the refusal of a file with these faults, the first one in the sentence."""
    first = faults[0]
    place = f"Tệp {file}, dòng {first.line}" if first.line else f"Tệp {file}"
    more = f" Tệp có {len(faults)} chỗ hỏng." if len(faults) > 1 else ""
    return Invalid(
        code="catalogue.file_damaged",
        what=f"{place}: {first.say}{more}",
        why=NOTHING_DONE,
        mend=first.mend,
        problems=tuple(
            Problem(field=f"dòng {fault.line}", say=f"{fault.say} {fault.mend}")
            for fault in faults[:MOST_TOLD]
            if len(faults) > 1
        ),
        data={"file": file, "lines": [fault.line for fault in faults[:MOST_TOLD]]},
    )


def refuse(*, file: str, say: str, mend: str, line: int = 0) -> Invalid:
    """Return the refusal for one fault."""
    return refusal(file=file, faults=(Fault(line=line, say=say, mend=mend),))
