"""A survey form made elsewhere (XLSForm) as the draft of a registry; what was not taken is told.

Source: xlsform.org/en/ref-table, the reference of the standard. It reads tables of texts, no file.
"""

from cuaso.declarations.xlsform.draft import Draft, drafted
from cuaso.declarations.xlsform.labels import Words
from cuaso.declarations.xlsform.tables import ChoiceLine, Row, Table, Untaken

__all__ = ["ChoiceLine", "Draft", "Row", "Table", "Untaken", "Words", "drafted"]
