"""TT-IV.18: the dictionary in four standards, each judged by a tool that is not ours."""

from datetime import date
from pathlib import Path

import jsonschema_rs
import pyshacl
import pytest
from lxml import etree
from rdflib import RDF, SKOS, Graph, Literal

from cuaso.declarations.dictionary_elements import ElementFile
from cuaso.declarations.dictionary_mappings import read_mappings
from cuaso.declarations.reading import read
from cuaso.foundation.dictionary import api

PACKS = Path(__file__).parents[5] / "packs"
DAY = date(2026, 10, 7)
PERSON = ["person.personal_number", "person.sex", "person.birth_date", "money.amount"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def core(settings):
    settings.PUBLIC_URL = "https://tinh.example"
    for name in ("province", "core-data"):
        api.install_folder(PACKS / name / "codes")
    for mapping in read_mappings(PACKS / "core-data" / "codes"):
        api.install_mapping(mapping)
    for name in ("person", "place", "money"):
        declared = read(PACKS / "core-data" / "elements" / f"{name}.yaml", ElementFile)
        api.install_elements(name, declared, pack="core-data")


def test_json_schema_of_every_element_takes_right_values_and_refuses_wrong_ones(core):
    schema = api.export_json_schema(on=DAY)
    jsonschema_rs.meta.validate(schema)
    check = jsonschema_rs.validator_for(schema, validate_formats=True)
    right = {"personal_number": "052196000122", "sex": "female", "birth_date": "1996-03-02"}
    assert check.is_valid({"person": right, "money": {"amount": 8000}})
    assert check.is_valid({"place": {"province": "52"}})
    wrong = [
        {"person": {**right, "personal_number": "05219600012"}},
        {"person": {**right, "sex": "nữ"}},
        {"person": {**right, "birth_date": "02/03/1996"}},
        {"person": {"age": 3}},
        {"money": {"amount": -1}},
        {"place": {"province": "64"}},
    ]
    assert [each for each in wrong if check.is_valid(each)] == []


def test_json_schema_of_an_earlier_day_has_the_codes_of_that_day(core):
    schema = api.export_json_schema(["place.province"], on=date(2025, 6, 30))
    assert len(schema["$defs"]["place.province"]["enum"]) == 63
    assert (
        len(api.export_json_schema(["place.province"], on=DAY)["$defs"]["place.province"]["enum"])
        == 34
    )


def test_xml_schema_is_read_by_libxml_and_judges_a_document(core):
    schema = etree.XMLSchema(etree.fromstring(api.export_xsd(on=DAY)))
    space = "https://tinh.example/tu-dien/xsd"

    def judged(**values: str) -> bool:
        root = etree.Element(f"{{{space}}}person")
        for name, value in values.items():
            etree.SubElement(root, f"{{{space}}}{name}").text = value
        return schema.validate(root)

    assert judged(personal_number="052196000122", sex="female", birth_date="1996-03-02")
    assert not judged(personal_number="05219600012")
    assert not judged(personal_number="٠٥٢١٩٦٠٠٠١٢٢")
    assert not judged(sex="nữ")
    assert not judged(age="3")


def test_skos_of_the_lists_is_read_by_rdflib_with_codes_and_matches(core):
    graph = Graph().parse(
        data=api.export_skos(["province_before_2025", "national_province", "sex"]), format="turtle"
    )
    assert len(set(graph.subjects(RDF.type, SKOS.ConceptScheme))) == 3
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == 63 + 97 + 2
    assert len(list(graph.subject_objects(SKOS.broadMatch))) == 52
    assert len(list(graph.subject_objects(SKOS.exactMatch))) == 11
    (female,) = graph.subjects(SKOS.notation, Literal("female"))
    assert {str(label) for label in graph.objects(female, SKOS.prefLabel)} == {"Nữ", "Female"}


def test_shacl_shapes_are_run_by_pyshacl(core):
    shapes = Graph().parse(data=api.export_shacl(PERSON, on=DAY), format="turtle")

    def judged(sex: str, number: str) -> bool:
        text = (
            "@prefix d: <https://tinh.example/tu-dien/> .\n"
            f'[] a d:person ; d:person.sex "{sex}" ; d:person.personal_number "{number}" .'
        )
        data = Graph().parse(data=text, format="turtle")
        conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes, meta_shacl=True)
        return bool(conforms)

    assert judged("female", "052196000122")
    assert not judged("nữ", "052196000122")
    assert not judged("female", "05219600012")
