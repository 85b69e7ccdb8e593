"""Field types behind one registry; forms and registries use the same."""

from cuaso.declarations.fields.choices import Choice, MultiChoice, Place, YesOrNo
from cuaso.declarations.fields.compounds import (
    ACCEPTED,
    ORGANISATION_PARTS,
    PERSON_PARTS,
    Address,
    Files,
    Organisation,
    Person,
)
from cuaso.declarations.fields.computed import Computed, Formula, compute, formula
from cuaso.declarations.fields.days import Day, Moment
from cuaso.declarations.fields.field import OPTIONS_OF, Field
from cuaso.declarations.fields.geometries import Geometry, Located
from cuaso.declarations.fields.kind import (
    REGISTRY,
    CodeLists,
    Context,
    FieldType,
    NoLists,
    NoRecords,
    Option,
    Record,
    Records,
    Wrong,
    leaves,
    register,
    type_of,
)
from cuaso.declarations.fields.numbers import Chainage, Dong, Integer, Measured, chainage
from cuaso.declarations.fields.periods import PERIOD_PARTS, Period
from cuaso.declarations.fields.references import InventedRecords, Linked, Reference
from cuaso.declarations.fields.texts import Code, Email, LongText, Phone, Text

__all__ = [
    "ACCEPTED",
    "OPTIONS_OF",
    "ORGANISATION_PARTS",
    "PERIOD_PARTS",
    "PERSON_PARTS",
    "REGISTRY",
    "CodeLists",
    "Computed",
    "Context",
    "Field",
    "FieldType",
    "Formula",
    "InventedRecords",
    "Linked",
    "Located",
    "NoLists",
    "NoRecords",
    "Option",
    "Record",
    "Records",
    "Wrong",
    "chainage",
    "compute",
    "formula",
    "leaves",
    "register",
    "type_of",
]

register(
    text=Text(),
    long_text=LongText(),
    code=Code(),
    integer=Integer(),
    decimal=Measured(),
    chainage=Chainage(),
    vnd=Dong(),
    date=Day(),
    moment=Moment(),
    choice=Choice(),
    multi_choice=MultiChoice(),
    yes_no=YesOrNo(),
    person=Person(),
    place=Place(),
    address=Address(),
    phone=Phone(),
    email=Email(),
    file=Files(),
    organisation=Organisation(),
    period=Period(),
    reference=Reference(),
    point=Geometry("Point"),
    line=Geometry("LineString"),
    polygon=Geometry("Polygon"),
    computed=Computed(Text()),
)
