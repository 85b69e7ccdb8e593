"""A line that was said before is said again only while all that it says stands."""

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, RowView
from cuaso.capabilities.registries.tests.conftest import VESSEL
from cuaso.declarations.registries import Registry
from cuaso.kernel.actors import Actor
from cuaso.kernel.remembering import one_moment

KEY = "harbour/vessel"
COLUMNS = ("number", "name", "gear")


def _line(actor: Actor, language: str = "vi") -> RowView:
    asked = ListQuery(columns=COLUMNS)
    with one_moment():
        page = registries.list_records(registry=KEY, query=asked, actor=actor, language=language)
    return page.rows[0]


def test_reading_an_unchanged_record_again_gives_the_line_that_was_kept(
    vessel: Registry, department: Actor
) -> None:
    registries.add(registry=KEY, values=VESSEL, actor=department)
    first = _line(department)
    assert _line(department) is first
    assert first.cells[1].text == "Hải Âu"


def test_changing_a_record_changes_its_line_at_once(vessel: Registry, department: Actor) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=department)
    assert _line(department).cells[1].text == "Hải Âu"
    registries.amend(registry=KEY, id=made.id, values={"name": "Hải Yến"}, actor=department)
    after = _line(department)
    assert (after.cells[1].text, after.revision) == ("Hải Yến", 2)
