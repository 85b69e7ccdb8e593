"""The dictionary as XML Schema 1.0: a simple type an element, a complex type a class."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from lxml import etree

from cuaso.foundation.dictionary.logic.exports.described import Described, base, described

XS: Final = "http://www.w3.org/2001/XMLSchema"
_BASES: Final = {
    "integer": "integer",
    "vnd": "integer",
    "decimal": "decimal",
    "yes_no": "boolean",
    "date": "date",
    "moment": "dateTime",
}


def export_xsd(keys: Iterable[str] | None = None, *, on: date | None = None) -> bytes:
    """Return an XML Schema of the elements (all) as they stand on a day (today).

    The root element of a class is its name: `<person><sex>female</sex></person>`.
    """
    found = described(keys, on)
    space = f"{base()}xsd"
    root = etree.Element(
        _tag("schema"),
        nsmap={"xs": XS, "d": space},
        targetNamespace=space,
        elementFormDefault="qualified",
    )
    classes: dict[str, list[Described]] = {}
    for one in found:
        classes.setdefault(one.object_class, []).append(one)
        _simple_type(root, one)
    for name, members in classes.items():
        _class(root, name, members)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _class(root: etree._Element, name: str, members: list[Described]) -> None:
    element = etree.SubElement(root, _tag("element"), name=name)
    complex_type = etree.SubElement(element, _tag("complexType"))
    every = etree.SubElement(complex_type, _tag("all"))
    for one in members:
        etree.SubElement(
            every, _tag("element"), name=one.name, type=f"d:{one.element.key}", minOccurs="0"
        )


def _simple_type(root: etree._Element, one: Described) -> None:
    simple = etree.SubElement(root, _tag("simpleType"), name=one.element.key)
    said = etree.SubElement(etree.SubElement(simple, _tag("annotation")), _tag("documentation"))
    said.text = f"{one.element.title}: {one.element.definition}"
    if one.codes and one.domain.type == "multi_choice":
        listed = etree.SubElement(simple, _tag("list"))
        simple = etree.SubElement(listed, _tag("simpleType"))
    kind = "string" if one.codes else _BASES.get(one.domain.type, "string")
    restriction = etree.SubElement(simple, _tag("restriction"), base=f"xs:{kind}")
    for facet, value in _facets(one, kind):
        etree.SubElement(restriction, _tag(facet), value=value)


def _facets(one: Described, kind: str) -> Iterable[tuple[str, str]]:
    domain = one.domain
    yield from (("enumeration", code.code) for code in one.codes)
    if domain.pattern:
        # In XML Schema \d means every digit of Unicode.
        yield "pattern", domain.pattern.replace("\\d", "[0-9]")
    if kind == "string" and domain.min_length:
        yield "minLength", str(domain.min_length)
    if kind == "string" and domain.max_length:
        yield "maxLength", str(domain.max_length)
    if domain.min:
        yield "minInclusive", domain.min
    if domain.max:
        yield "maxInclusive", domain.max
    if kind == "decimal" and domain.digits:
        yield "fractionDigits", str(domain.digits)


def _tag(name: str) -> str:
    return f"{{{XS}}}{name}"
