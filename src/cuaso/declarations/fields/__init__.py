"""Field types behind one registry; forms and registries use the same."""

from cuaso.declarations.fields.choices import Choice, MultiChoice, Place, YesOrNo
from cuaso.declarations.fields.compounds import ACCEPTED, PERSON_PARTS, Address, Files, Person
from cuaso.declarations.fields.days import Day, Moment
from cuaso.declarations.fields.field import OPTIONS_OF, Field
from cuaso.declarations.fields.kind import (
    REGISTRY,
    CodeLists,
    Context,
    FieldType,
    NoLists,
    Option,
    Wrong,
    leaves,
    register,
    type_of,
)
from cuaso.declarations.fields.numbers import Dong, Integer, Measured
from cuaso.declarations.fields.texts import Code, Email, LongText, Phone, Text

__all__ = [
    "ACCEPTED",
    "OPTIONS_OF",
    "PERSON_PARTS",
    "REGISTRY",
    "CodeLists",
    "Context",
    "Field",
    "FieldType",
    "NoLists",
    "Option",
    "Wrong",
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
)
