"""The way of a record, drawn as BPMN: lanes are posts, each step of a person is a move of status.

The drawing is a file of the pack; its text travels with the version of the registry. A record
keeps the drawing with which it began.
"""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field as Key

from cuaso.declarations.flows import FlowFile, flow_of
from cuaso.declarations.shape import Declaration, Line, Name, Names

LONGEST_DRAWING: Final = 1024 * 1024
# The move that sends a record on its way when it was not sent by being added.
BEGIN: Final = "begin"
DECISION: Final = "decision"
Element = Annotated[str, Key(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,99}$")]
Office = Annotated[str, Key(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")]


class Lane(Declaration):
    """Who works in a lane: roles at the owning agency, at the keeping one, at any of the province,
    or at one `agency` by its key.
    """

    title: Line = Key(min_length=2)
    title_en: Line = ""
    roles: Names = Key(min_length=1)
    of: Literal["chủ quản", "nơi giữ", "tỉnh"] = "chủ quản"
    agency: Office = Key(default="", description="Khóa của một cơ quan, thay cho “of”.")


class Workflow(Declaration):
    """A step of the drawing takes the move of its own name, or one of those that `steps` names.

    `stops` are moves beside the way that end it, such as cancelling; other moves beside it stay
    as they are declared.
    """

    flow: Name = Key(description="Tên tệp trong thư mục flows, không có đuôi .bpmn.")
    drawing: str = Key(
        default="", max_length=LONGEST_DRAWING, description="Chữ BPMN, thay cho tệp."
    )
    lanes: dict[Element, Lane] = Key(min_length=1)
    steps: dict[Element, Names] = {}
    stops: Names = ()

    def moves_of(self, element: str) -> tuple[str, ...]:
        """Return the moves that a step of the drawing takes."""
        return self.steps.get(element, (element,))

    @cached_property
    def drawn(self) -> FlowFile:
        """The drawing as it was read; raise BadDeclaration for one that may not be."""
        return flow_of(self.drawing.encode(), path=Path(f"flows/{self.flow}.bpmn"))

    @cached_property
    def element_of(self) -> dict[str, str]:
        """The step of the drawing that takes each move of the way."""
        steps = self.drawn.people_steps
        return {move: element for element in steps for move in self.moves_of(element)}

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The fields that conditions of the drawing read."""
        return tuple(name for name, _line in self.drawn.variables if name != DECISION)
