"""Anybody downloads the open columns of the province's registers, and never what is personal."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.logic.seeing import open_data
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.channels.portal.views import opendata
from cuaso.declarations.fields import type_of
from cuaso.declarations.registries import SharingOf
from cuaso.wiring.installation import INSTALLER

pytestmark = pytest.mark.django_db

SCHOOLS = "/du-lieu-mo/education/school/"


@pytest.fixture
def schools(working_morning):
    registries.fill_samples(actor=INSTALLER, key="education/school", rows=25)


def every_path(declared):
    for name, one in declared.fields.items():
        yield name
        yield from (f"{name}.{part}" for part in type_of(one).parts(one))


def closed(declared):
    """Return the paths that must never be open, worked out as a reader of the file would."""
    found = set()
    for path in every_path(declared):
        one, asked = declared.fields[path.partition(".")[0]], declared.field_at(path)
        if (
            one.personal
            or asked.personal
            or one.type in ("person", "file")
            or "personal" in (one.number, asked.number)
            or one.element.startswith("person.")
        ):
            found.add(path)
        if any(mask == path or path.startswith(f"{mask}.") for mask in declared.masks):
            found.add(path)
    while True:
        named = {path.partition(".")[0] for path in found}
        more = {
            path
            for path, one in declared.fields.items()
            if one.is_ and path not in found and named & set(re.findall(r"[a-z_0-9]+", one.is_))
            if not _only_other_parts(one.is_, found, named)
        }
        if not more:
            return found
        found |= more


def _only_other_parts(formula, found, named):
    """Say whether a formula reads only open parts of compound fields that have closed ones."""
    whole = {path for path in found if "." not in path}
    return not any(re.search(rf"\b{re.escape(path)}\b", formula) for path in found) and not (
        named & whole & set(re.findall(r"[a-z_0-9]+", formula))
    )


def test_whoever_declares_every_column_of_every_registry_open_lets_nothing_personal_out():
    looked, kept_back = 0, 0
    for built in sets.current():
        sharing = SharingOf(default="mở", open=tuple(every_path(built.declared)))
        wide = replace(built, declared=built.declared.replace(sharing=sharing))
        out = {column.path for column in open_data.columns_of(wide)}
        never = closed(built.declared)
        assert out & never == set(), built.key
        looked += 1
        kept_back += len(never)
    assert looked > 90
    assert kept_back > 300


def test_a_query_of_any_dataset_names_no_column_beyond_the_open_ones():
    cards = registries.datasets()
    assert len(cards) > 50
    for card in cards:
        built = sets.built(card.key)
        with CaptureQueriesContext(connection) as queries:
            _media, content = registries.open_file(registry=card.key, kind="csv")
            header = b"".join(content).decode("utf-8-sig").splitlines()[0].split(";")
        said = " ".join(one["sql"] for one in queries if f'"{built.table}"' in one["sql"])
        read = set(re.findall(rf'"{built.table}"\."([a-z0-9_]+)"', said)) - {"row_id", "row_gone"}
        assert read == {name for name in header if not name.endswith("_label")}, card.key
        assert not read & {
            built.by_path[path].name for path in closed(built.declared) if path in built.by_path
        }


def test_a_guest_finds_a_dataset_and_its_files_say_the_same(client, schools):
    shelf = client.get("/du-lieu-mo/?q=truong").content.decode()
    assert f'href="{SCHOOLS}"' in shelf
    page = client.get(SCHOOLS).content.decode()
    assert "Có 25 dòng." in page
    assert page.count("<tr>") >= 20
    answer = client.get(f"{SCHOOLS}du-lieu.csv")
    assert answer["Cache-Control"] == "public, max-age=300"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    rows = json.loads(b"".join(client.get(f"{SCHOOLS}du-lieu.json").streaming_content))
    assert len(lines) == len(rows) == 25
    described = client.get(f"{SCHOOLS}datapackage.json").json()
    fields = described["resources"][0]["schema"]["fields"]
    assert [one["name"] for one in fields] == list(lines[0]) == list(rows[0])
    assert described["resources"][0]["schema"]["primaryKey"] == ["code"]
    for line, row in zip(lines, rows, strict=True):
        assert line["code"] == row["code"]
        assert line["kind"] == row["kind"]
        assert line["kind_label"] == row["kind_label"] != row["kind"]
        assert int(line["classes"]) == row["classes"]
        assert row["where"] is None or row["where"]["type"] == "Point"
    same = client.get(f"{SCHOOLS}du-lieu.csv", headers={"If-None-Match": answer["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    registries.fill_samples(actor=INSTALLER, key="education/school", rows=26, seed=2)
    again = client.get(f"{SCHOOLS}du-lieu.csv", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != answer["ETag"]


def test_a_portal_gathers_the_catalogue(client):
    answer = client.get("/du-lieu-mo/danh-muc.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    found = answer.json()
    assert found["@type"] == "dcat:Catalog"
    ids = {one["dct:identifier"] for one in found["dcat:dataset"]}
    assert ids == {card.key for card in registries.datasets()}
    assert "education/pupil" not in ids
    (school,) = (
        one for one in found["dcat:dataset"] if one["dct:identifier"] == "education/school"
    )
    assert school["dct:publisher"]["foaf:name"] == "Sở Giáo dục và Đào tạo tỉnh Gia Lai"
    assert [
        one["dcat:mediaType"]["@id"].rpartition("/")[2] for one in school["dcat:distribution"]
    ] == ["csv", "json"]


@pytest.mark.parametrize("file", ["", "du-lieu.csv", "du-lieu.json", "datapackage.json"])
def test_a_guest_asks_for_a_registry_that_opens_nothing(client, file):
    assert client.get(f"/du-lieu-mo/education/pupil/{file}").status_code == 404


def test_a_machine_that_downloads_without_end_is_told_to_wait(client, working_morning, monkeypatch):
    monkeypatch.setattr(opendata, "FILES", 2)
    file = f"{SCHOOLS}du-lieu.csv"
    said = [b"".join(client.get(file).streaming_content).decode("utf-8-sig") for _ in range(2)]
    assert said[0] == said[1]
    assert said[0].startswith("code;name;kind;kind_label;")
    assert client.get(file).status_code == 429
