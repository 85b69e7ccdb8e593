"""Hands a registry out as a survey form (XLSForm), to ask on a telephone where there is no network.

Source: xlsform.org/en/ref-table. What such a form has no place for stands on its last sheet.
"""

import io
from uuid import UUID

from openpyxl import Workbook
from openpyxl.styles import Font

from cuaso.capabilities.registries.logic.designing import versions
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.declarations import xlsform
from cuaso.declarations.fields import Field, leaves
from cuaso.declarations.registries import Registry
from cuaso.foundation.directory.api import HouseLists
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor


def survey_form(*, registry: str, actor: Actor) -> tuple[str, bytes]:
    """Return name and content of the form of a registry in force; its answers are brought in as a
    sheet, so it is for who may import. Raises NotFound, NotAllowed.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "import")
    return _form(registry, built.declared)


def design_form(*, id: UUID, actor: Actor) -> tuple[str, bytes]:
    """Return name and content of the form of a version in the making; raise NotFound."""
    found = versions.design(id=id, actor=actor)
    return _form(found.card.key, found.declared)


def _form(key: str, declared: Registry) -> tuple[str, bytes]:
    name = key.partition("/")[2]
    lists_, today = HouseLists(), clock.today()
    every = [*leaves(declared.fields)]
    every += [one for group in declared.groups.values() for one in leaves(group.fields)]
    lists = {id: lists_.options(id, today) for _, one in every if (id := _list_of(one))}
    form = xlsform.written(declared, name=name, lists=lists)
    return f"bieu-mau-{key.replace('/', '-')}.xlsx", _workbook(form)


def _list_of(one: Field) -> str:
    return one.level if one.type == "place" else one.codes


def _workbook(form: xlsform.Written) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in form.sheets.items():
        sheet = book.create_sheet(name)
        for line in rows:
            sheet.append(line)
        sheet.freeze_panes = "A2"
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.data_type = "s" if cell.value else "n"
                cell.font = Font(bold=cell.row == 1)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
