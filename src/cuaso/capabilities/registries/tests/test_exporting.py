"""A registry goes from the web to the folder of a pack and back, and nothing differs."""

import os
import string
from pathlib import Path

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.logic.designing import wording
from cuaso.capabilities.registries.logic.storing import definition
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import columns_of
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.capabilities.registries.models import Version
from cuaso.capabilities.registries.tests.conftest import INSTALLER
from cuaso.declarations import packs, strict_yaml
from cuaso.declarations.reading import document_of
from cuaso.declarations.registries import Registry
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.text import nfc

FILE = Path("local/registries/any.yaml")
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
WORDS = (
    st.text(LETTERS, min_size=3, max_size=40)
    .map(lambda text: nfc(" ".join(text.split())))
    .filter(lambda text: len(text) > 2)
)
# A table costs a third of a second; the nightly soak makes as many as it is told.
EXAMPLES = min(int(os.environ.get("CUASO_SOAK_EXAMPLES", "8")), 500)
PLAIN = {
    'text collate "C"': "text",
    "timestamptz": "timestamp with time zone",
    **{f"numeric(24, {digits})": f"numeric(24,{digits})" for digits in range(1, 7)},
}
NAMES = st.from_regex(r"f_[a-z0-9]{1,8}", fullmatch=True)
FIELD = st.one_of(
    st.fixed_dictionaries(
        {"title": WORDS},
        optional={
            "hint": WORDS,
            "unique": st.booleans(),
            "required": st.sampled_from([True, False, "f_0 != ''"]),
            "type": st.sampled_from(["text", "long_text", "phone", "person", "place", "file"]),
            "examples": st.lists(WORDS, max_size=3),
        },
    ),
    st.fixed_dictionaries(
        {"title": WORDS, "type": st.just("decimal")},
        optional={"min": st.integers(-9, 9).map(str), "digits": st.integers(1, 6), "unit": WORDS},
    ),
    st.fixed_dictionaries({"title": WORDS, "type": st.just("choice"), "codes": NAMES}),
)


@st.composite
def declared(draw: st.DrawFn) -> Registry:
    fields = draw(st.dictionaries(NAMES, FIELD, min_size=1, max_size=8))
    key = next(iter(fields))
    return Registry.load(
        {
            "title": draw(WORDS),
            "about": draw(WORDS | st.just("")),
            "owner": draw(st.from_regex(r"[a-z]{2,9}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)),
            "legal": [{"source": "Văn bản " + draw(WORDS)}],
            "key": [key],
            "fields": fields,
            "lists": {"default": {"columns": list(fields), "sort": [f"-{key}"]}},
        }
    )


@given(declared())
@settings(max_examples=120)
def test_any_declaration_is_written_as_a_file_and_read_again_the_same(one: Registry) -> None:
    again = document_of(wording.text_of(one), Registry, file=FILE).value
    assert again == one
    assert again.fingerprint == one.fingerprint
    assert columns_of(again) == columns_of(one)


@given(st.text(string.printable + "ạđệ", max_size=60).map(nfc))
def test_any_words_stand_in_a_file_as_they_were_typed(text: str) -> None:
    plain = {"kept": {"a": text, "b": [text]}}
    if text.isprintable():
        assert strict_yaml.parse_text(wording.written(plain), file=FILE).content == plain


@given(declared())
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_declaration_becomes_a_table_and_comes_back_from_it_the_same(
    harbour: packs.Pack, tmp_path: Path, one: Registry
) -> None:
    owned = one.replace(owner="so-nong-nghiep-va-moi-truong-gia-lai")
    name = f"any_{new_id().hex[-12:]}"
    assert registries.install("proof", {name: owned}, actor=INSTALLER) == 1
    row = RegistryRow.objects.get(key=f"proof/{name}")
    assert types_of(row.table) == types_of(f"h_{row.table.removeprefix('r_')}")
    wanted = {
        name: definition.type_of(kind)
        for column in columns_of(owned)
        for name, kind in ((column.name, column.kind), column.beside)
        if name
    }
    assert types_of(row.table) == {name: PLAIN.get(kind, kind) for name, kind in wanted.items()}
    file = registries.export_registry(registry=row.key, folder=tmp_path / "proof")
    again = document_of(file.read_text(encoding="utf-8"), Registry, file=file).value
    assert (again, again.fingerprint) == (owned, owned.fingerprint)
    assert registries.install("proof", {name: again}, actor=INSTALLER) == 0


def types_of(table: str) -> dict[str, str]:
    """Return the type of each column of a table that a declaration asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname, format_type(atttypid, atttypmod) from pg_attribute where attnum > 0"
            " and not attisdropped and attname not like 'row\\_%%' and attrelid = to_regclass(%s)",
            [table],
        )
        return {str(name): str(kind) for name, kind in cursor.fetchall()}


def test_an_official_takes_a_registry_to_a_folder_and_the_house_finds_it_the_same(
    harbour: packs.Pack, tmp_path: Path
) -> None:
    file = registries.export_registry(registry="harbour/vessel", folder=tmp_path / "harbour")
    pack = packs.load(tmp_path / "harbour")
    assert pack.registries["vessel"] == harbour.registries["vessel"]
    assert registries.install("harbour", dict(pack.registries), actor=INSTALLER) == 0
    row = RegistryRow.objects.get(key="harbour/vessel")
    kept = Registry.load(Version.objects.get(registry=row).declared)
    assert wording.text_of(kept) == file.read_text(encoding="utf-8")
    table = Built(
        id=row.id, key=row.key, table=row.table, owner_id=row.owner_id, version=1, declared=kept
    )
    there = set(row.columns.values_list("path", "name", "kind"))
    assert there == {(one.path, one.name, one.kind) for one in table.columns}
    remarked = "# Lời ghi của người viết gói\n" + file.read_text(encoding="utf-8")
    file.write_text(remarked, encoding="utf-8")
    registries.export_registry(registry="harbour/vessel", folder=tmp_path / "harbour")
    assert file.read_text(encoding="utf-8") == remarked
