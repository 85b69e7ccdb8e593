"""What a system asks: Authorization API 1.0 (OpenID AuthZEN), sections 5 to 7."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

MOST = 200
# No column of PostgreSQL holds NUL.
_PRINTABLE = r"^[^\x00]*$"
Text = Annotated[str, Field(pattern=_PRINTABLE)]
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=_PRINTABLE)]
# As long as what `foundation/access` keeps of a system's rule.
Code80 = Annotated[Text, Field(min_length=1, max_length=80)]
Code40 = Annotated[Text, Field(min_length=1, max_length=40)]
Code20 = Annotated[Text, Field(min_length=1, max_length=20)]
Semantic = Literal["execute_all", "deny_on_first_deny", "permit_on_first_permit"]


class Part(BaseModel):
    """Whatever else a system says is left unread, as the standard has it."""

    model_config = ConfigDict(extra="ignore")


class Subject(Part):
    type: Word
    id: Word
    properties: dict[str, Any] = {}


class Action(Part):
    name: Word
    properties: dict[str, Any] = {}


class ThingProperties(Part):
    """What a system says of its own thing, for its own rules."""

    agency_id: UUID | None = None
    owner_id: UUID | None = None
    place_code: Text = Field("", max_length=20)
    data_class: Text = Field("", max_length=40)
    from_date: date | None = None
    until_date: date | None = None


class Resource(Part):
    type: Word
    id: Word
    properties: ThingProperties = ThingProperties()


class Context(Part):
    """`purpose` is a code; `day` asks about a past or coming day."""

    purpose: Text = Field("", max_length=40)
    day: date | None = None


class Evaluation(Part):
    subject: Subject | None = None
    action: Action | None = None
    resource: Resource | None = None
    context: Context | None = None


class Options(Part):
    evaluations_semantic: Semantic = "execute_all"


class Evaluations(Evaluation):
    evaluations: list[Evaluation] = Field([], max_length=MOST)
    options: Options = Options()


class RuleBody(Part):
    """Một quy tắc của hệ thống."""

    name: Code80
    actions: list[Code40]
    say: Word
    source: Word
    reach: Literal["any", "own", "below", "place", "self"] = "own"
    roles: list[Code20] = []
    data_classes: list[Code40] = []
    purposes: list[Code40] = []
    denies: bool = False
    from_date: date | None = None
    until_date: date | None = None


class Rules(Part):
    rules: list[RuleBody] = Field(max_length=MOST)
