"""An officer or a program puts files into a record: what is there, fits, and is no other's."""

import base64
from dataclasses import replace
from uuid import UUID

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, Source
from cuaso.capabilities.registries.tests.conftest import INSTALLER
from cuaso.declarations.packs import Pack
from cuaso.declarations.registries import Registry
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db
KEY = "harbour/marker"
API = Source(kind="api")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MARKER = {
    "title": "Mốc bến",
    "item": "Mốc",
    "owner": "so-nong-nghiep-va-moi-truong-gia-lai",
    "legal": [{"source": "Luật Thủy sản 18/2017/QH14", "from": "2019-01-01", "unverified": True}],
    "key": ["number"],
    "fields": {
        "number": {"title": "Số", "type": "code", "pattern": r"M\d{2}", "pattern_say": "M01."},
        "photo": {"title": "Ảnh", "type": "file", "accept": ["jpg", "png"], "required": False},
    },
    "groups": {
        "checks": {
            "title": "Lần xem",
            "item": "Lần xem",
            "fields": {
                "seen": {"title": "Ảnh chụp", "type": "file", "accept": ["png"], "max": "1"},
            },
        }
    },
    "lists": {"default": {"columns": ["number"], "sort": ["number"]}},
}


@pytest.fixture
def officer(harbour: Pack, department: Actor) -> Actor:
    declared = Registry.load(MARKER)
    registries.install("harbour", {**harbour.registries, "marker": declared}, actor=INSTALLER)
    return replace(department, person_id=new_id())


def stored(actor: Actor, *, owner_id: UUID | None, pdf: bool = False) -> str:
    content = b"%PDF-1.4\n%%EOF\n" if pdf else PNG
    kept = files.store_bytes(
        actor=actor,
        name="Ảnh mốc.pdf" if pdf else "Ảnh mốc.png",
        media_type="application/pdf" if pdf else "image/png",
        content=content,
        owner_id=owner_id,
    )
    return str(kept.id)


def refused(actor: Actor, **values: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        registries.add(
            registry=KEY, values={"number": "M01", "checks": [], **values}, actor=actor, source=API
        )
    assert caught.value.code == "registries.wrong_file"
    return {one.field: one.say for one in caught.value.problems}


def test_a_program_puts_a_file_that_is_not_there_or_is_another_persons_and_nothing_is_written(
    officer: Actor,
) -> None:
    theirs = stored(officer, owner_id=new_id())
    nowhere = str(new_id())
    say = "không có tệp này. Hãy tải tệp lên lại."
    assert refused(officer, photo=[theirs]) == {"photo": f"Ảnh: {say}"}
    assert refused(officer, photo=[nowhere]) == {"photo": f"Ảnh: {say}"}
    rows = [{"seen": [stored(officer, owner_id=None)]}, {"seen": [theirs]}]
    assert refused(officer, checks=rows) == {"checks.1.seen": f"Ảnh chụp: {say}"}
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=officer, count=True)
    assert page.count == 0


def test_an_officer_puts_a_kind_of_file_that_the_field_does_not_take(officer: Actor) -> None:
    paper = stored(officer, owner_id=officer.person_id, pdf=True)
    assert refused(officer, photo=[paper]) == {
        "photo": "Ảnh: “Ảnh mốc.pdf” không phải tệp JPG, PNG. Hãy chọn tệp khác."
    }


def test_an_officer_puts_own_and_unowned_files_and_what_was_there_before_stays(
    officer: Actor,
) -> None:
    mine, house = (stored(officer, owner_id=who) for who in (officer.person_id, None))
    made = registries.add(
        registry=KEY,
        values={"number": "M01", "photo": [mine], "checks": [{"seen": [house]}]},
        actor=officer,
        source=API,
    )
    assert [str(one) for one in made.values["photo"]] == [mine]
    colleague = replace(officer, person_id=new_id())
    changed = registries.amend(
        registry=KEY,
        id=made.id,
        values={"photo": [mine, stored(officer, owner_id=colleague.person_id)]},
        actor=colleague,
        source=API,
    )
    assert len(changed.values["photo"]) == 2
    with pytest.raises(Invalid) as caught:
        registries.amend(
            registry=KEY,
            id=made.id,
            values={"photo": [mine, stored(officer, owner_id=officer.person_id)]},
            actor=colleague,
            source=API,
        )
    assert [one.field for one in caught.value.problems] == ["photo"]
    now = registries.record(registry=KEY, id=made.id, actor=officer)
    assert now.revision == changed.revision
