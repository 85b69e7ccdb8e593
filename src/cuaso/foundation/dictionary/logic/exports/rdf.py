"""Code lists as SKOS and elements as SHACL shapes, in Turtle."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from rdflib import RDF, SH, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS

from cuaso.foundation.dictionary.element_models import Mapping
from cuaso.foundation.dictionary.logic.exports.described import Described, base, described
from cuaso.foundation.dictionary.logic.find_codes import view as code_view
from cuaso.foundation.dictionary.models import Code, CodeList
from cuaso.kernel.periods import Period

_DATATYPES = {
    "integer": XSD.integer,
    "vnd": XSD.integer,
    "decimal": XSD.decimal,
    "yes_no": XSD.boolean,
    "date": XSD.date,
    "moment": XSD.dateTime,
}
_MATCHES = {
    "exact": SKOS.exactMatch,
    "broader": SKOS.broadMatch,
    "narrower": SKOS.narrowMatch,
    "related": SKOS.relatedMatch,
}


def skos_turtle(list_ids: Iterable[str] | None) -> str:
    """Return code lists (all) with every code that ever was, and the mappings between them."""
    graph = Graph()
    space = Namespace(base())
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    wanted = CodeList.objects.all() if list_ids is None else _named(list_ids)
    for row in wanted:
        scheme = space[f"danh-muc/{row.list_id}"]
        graph.add((scheme, RDF.type, SKOS.ConceptScheme))
        graph.add((scheme, SKOS.prefLabel, Literal(row.title, lang="vi")))
        if row.title_en:
            graph.add((scheme, SKOS.prefLabel, Literal(row.title_en, lang="en")))
        graph.add((scheme, DCTERMS.source, Literal(row.source, lang="vi")))
        for code in row.codes.select_related("code_list"):
            _concept(graph, space, scheme, code)
    names = {row.list_id for row in wanted}
    for line in Mapping.objects.exclude(target="").select_related("from_list", "to_list"):
        if {line.from_list.list_id, line.to_list.list_id} <= names:
            _match(graph, space, line)
    return graph.serialize(format="turtle")


def _named(list_ids: Iterable[str]) -> Iterable[CodeList]:
    return CodeList.objects.filter(list_id__in=list(list_ids))


def _concept(graph: Graph, space: Namespace, scheme: URIRef, row: Code) -> None:
    one = code_view(row)
    concept = _uri(space, one.list_id, one.code, one.valid)
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, scheme))
    graph.add((concept, SKOS.notation, Literal(one.code)))
    graph.add((concept, SKOS.prefLabel, Literal(one.label, lang="vi")))
    if one.label_en:
        graph.add((concept, SKOS.prefLabel, Literal(one.label_en, lang="en")))
    if one.valid != Period():
        graph.add((concept, DCTERMS.valid, Literal(str(one.valid), lang="vi")))
    if one.source:
        graph.add((concept, DCTERMS.source, Literal(one.source, lang="vi")))


def _match(graph: Graph, space: Namespace, line: Mapping) -> None:
    """Match every meaning of the two codes that some day of the line knows."""
    held = Period(line.from_date, line.until_date)
    for source in _meanings(line.from_list, line.code, None):
        for target in _meanings(line.to_list, line.target, held):
            graph.add(
                (
                    _uri(space, line.from_list.list_id, source.code, _valid(source)),
                    _MATCHES[line.relation],
                    _uri(space, line.to_list.list_id, target.code, _valid(target)),
                )
            )


def _meanings(code_list: CodeList, code: str, held: Period | None) -> list[Code]:
    rows = code_list.codes.filter(code=code)
    return [row for row in rows if held is None or _valid(row).overlaps(held)]


def _valid(row: Code) -> Period:
    return Period(row.from_date, row.until_date)


def _uri(space: Namespace, list_id: str, code: str, valid: Period) -> URIRef:
    since = f"/{valid.start}" if valid.start else ""
    return space[f"danh-muc/{list_id}/{code}{since}"]


def shacl_turtle(keys: Iterable[str] | None, on: date | None) -> str:
    """Return a node shape for each object class, a property shape for each element (all)."""
    graph = Graph()
    space = Namespace(base())
    graph.bind("sh", SH)
    graph.bind("d", space)
    for one in described(keys, on):
        shape = space[f"hinh/{one.object_class}"]
        graph.add((shape, RDF.type, SH.NodeShape))
        graph.add((shape, SH.targetClass, space[one.object_class]))
        graph.add((shape, SH.property, _property(graph, space, one)))
    return graph.serialize(format="turtle")


def _property(graph: Graph, space: Namespace, one: Described) -> URIRef:
    shape = space[f"hinh/{one.element.key}"]
    graph.add((shape, RDF.type, SH.PropertyShape))
    graph.add((shape, SH.path, space[one.element.key]))
    graph.add((shape, SH.name, Literal(one.element.title, lang="vi")))
    if one.element.title_en:
        graph.add((shape, SH.name, Literal(one.element.title_en, lang="en")))
    graph.add((shape, SH.description, Literal(one.element.definition, lang="vi")))
    if one.domain.type != "multi_choice":
        graph.add((shape, SH.maxCount, Literal(1)))
    if one.codes:
        head = BNode()
        Collection(graph, head, [Literal(code.code) for code in one.codes])
        graph.add((shape, SH["in"], head))
        return shape
    datatype = _DATATYPES.get(one.domain.type, XSD.string)
    graph.add((shape, SH.datatype, datatype))
    _facets(graph, shape, one)
    return shape


def _facets(graph: Graph, shape: URIRef, one: Described) -> None:
    domain = one.domain
    if domain.pattern:
        graph.add((shape, SH.pattern, Literal(f"^(?:{domain.pattern})$")))
    if domain.min_length:
        graph.add((shape, SH.minLength, Literal(domain.min_length)))
    if domain.max_length:
        graph.add((shape, SH.maxLength, Literal(domain.max_length)))
    if domain.min:
        graph.add((shape, SH.minInclusive, Literal(Decimal(domain.min))))
    if domain.max:
        graph.add((shape, SH.maxInclusive, Literal(Decimal(domain.max))))
