"""What `foresee` answers: a record as a decision would leave it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FieldForeseen:
    """One field as a decision would write it: `before` is what stands today and would change."""

    path: str
    title: str
    text: str
    before: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What a decision would write into a record. `name` is the record's today, `""` for a new one.

    `refused` is the registry's sentence where it would refuse, `""` where it would not.
    """

    registry: str
    title: str
    name: str
    added: bool
    step: str
    fields: tuple[FieldForeseen, ...]
    refused: str = ""
    mend: str = ""
