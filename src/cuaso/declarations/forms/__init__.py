"""Forms: declared fields in, clean typed answers out."""

from cuaso.declarations.fields import CodeLists, Context, Field, Option
from cuaso.declarations.forms.cleaned import Cleaned, ShownSection
from cuaso.declarations.forms.fill import Prefilled, Texts
from cuaso.declarations.forms.form import Form
from cuaso.declarations.forms.posted import Posted, flatten
from cuaso.declarations.forms.schema import CONTEXT_NAMES, Repeat, Rule, Section
from cuaso.declarations.forms.view import FieldView, FormView, RowView, SectionView

__all__ = [
    "CONTEXT_NAMES",
    "Cleaned",
    "CodeLists",
    "Context",
    "Field",
    "FieldView",
    "Form",
    "FormView",
    "Option",
    "Posted",
    "Prefilled",
    "Repeat",
    "RowView",
    "Rule",
    "Section",
    "SectionView",
    "ShownSection",
    "Texts",
    "flatten",
]
