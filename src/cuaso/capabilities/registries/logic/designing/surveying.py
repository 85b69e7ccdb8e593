"""Begins a registry from a survey form made elsewhere (XLSForm): a draft, and what was not taken.

Source: xlsform.org/en/ref-table. Nothing is installed: the draft is designed and approved as any.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any, BinaryIO, Final

from cuaso.capabilities.registries.logic.designing import versions
from cuaso.capabilities.registries.logic.designing.drafting import begun
from cuaso.capabilities.registries.logic.designing.shapes import DesignView
from cuaso.capabilities.registries.logic.exchanging.formats import opening
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.declarations import xlsform
from cuaso.declarations.xlsform import Draft, Table, Untaken
from cuaso.declarations.xlsform.tables import plain_name
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem

_MOST_LINES: Final = 20_000
_SHORTEST: Final = 5


def begin_from_form(
    *, file: BinaryIO, legal: str, title: str, actor: Actor
) -> tuple[DesignView, tuple[Untaken, ...]]:
    """Begin a registry from the workbook of a form, owned by the actor's agency, in the pack
    `local`; return its draft, and what of the form could not be taken, by sheet and row.

    Without a title it takes the form's. Choices of lists that the province does not have become
    texts. Raises NotAllowed, Invalid for what is no form, Conflict for a name that is taken.
    """
    owner = directory.agency_key(versions.require_new(actor))
    if len(legal.strip()) < _SHORTEST:
        raise Invalid(
            code="registries.new_registry_wrong",
            what="Chưa lập được sổ mới.",
            mend="Hãy sửa từng chỗ được nêu.",
            problems=(Problem(field="legal", say="Chưa ghi mục này."),),
        )
    sheets = _sheets(file)
    draft = xlsform.drafted(
        sheets,
        around=_around(owner, legal),
        codes=_codes(sheets),
        registries=frozenset(sets.current().keys),
        title=title.strip(),
    )
    return begun(draft.name, draft.declared, actor=actor), draft.untaken


def read_form(*, file: BinaryIO, owner: str, legal: str) -> Draft:
    """Return the draft of a form with the code lists that its own pack is to bring."""
    sheets = _sheets(file)
    return xlsform.drafted(sheets, around=_around(owner, legal), codes={}, new_lists=True)


def _around(owner: str, legal: str) -> dict[str, Any]:
    return {"owner": owner, "legal": [{"source": legal.strip(), "unverified": "yes"}]}


def _sheets(file: BinaryIO) -> dict[str, Table]:
    """Return the visible sheets of a workbook by name; raise Invalid for what is not read."""
    found = {}
    for sheet in opening.opened(file):
        lines = ((line.number, line.cells) for line in islice(sheet.read(), _MOST_LINES))
        name = sheet.name.strip().lower()
        found[name] = Table.of(name, lines)
    return found


def _codes(sheets: Mapping[str, Table]) -> dict[str, frozenset[str]]:
    """Return the code lists of the province; with their codes those that the form may mean."""
    rows = sheets["choices"].rows if "choices" in sheets else ()
    meant = {plain_name(row.get("list_name")) for row in rows}
    return {
        one.list_id: frozenset(code.code for code in dictionary.codes(one.list_id))
        if one.list_id in meant
        else frozenset()
        for one in dictionary.lists()
    }
