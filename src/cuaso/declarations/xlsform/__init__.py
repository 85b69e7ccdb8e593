"""A survey form (XLSForm) as the draft of a registry, and a registry as such a form; what one of
them has no place for is told by row.

Source: xlsform.org/en/ref-table, the reference of the standard. It reads tables of texts, no file.
"""

from cuaso.declarations.xlsform.draft import Draft, drafted
from cuaso.declarations.xlsform.labels import Words
from cuaso.declarations.xlsform.tables import ChoiceLine, Row, Table, Untaken
from cuaso.declarations.xlsform.written import Written, written

__all__ = [
    "ChoiceLine",
    "Draft",
    "Row",
    "Table",
    "Untaken",
    "Words",
    "Written",
    "drafted",
    "written",
]
