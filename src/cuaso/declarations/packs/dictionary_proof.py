"""Proves what packs declare for the dictionary and the data plan, all packs together."""

from collections.abc import Iterator, Mapping

from cuaso.declarations.codes import PLACES
from cuaso.declarations.dictionary_elements import ElementFile
from cuaso.declarations.dictionary_mappings import mapping_faults
from cuaso.declarations.dictionary_planning import plan_faults
from cuaso.declarations.pack import Pack
from cuaso.declarations.reading import Document
from cuaso.declarations.registries import Registry
from cuaso.declarations.trouble import DeclarationError, suggestion


def dictionary_faults(pack: Pack, packs: Mapping[str, Pack]) -> Iterator[DeclarationError]:
    """Yield elements without their list, doubled or replaced by nothing; mappings with gaps;
    fields and plans that name an element which no pack declares.
    """
    lists = {name: one for each in packs.values() for name, one in each.codes.items()}
    elements = _homes(packs)
    for name, one in pack.elements.items():
        file = pack.documents[f"elements/{name}.yaml"]
        yield from _element_faults(pack, name, one, file, lists=frozenset(lists), homes=elements)
    for mapping in pack.mappings:
        yield from mapping_faults(mapping, lists)
    if pack.plan:
        yield from plan_faults(pack.plan, elements)
    if elements:
        yield from _unknown_elements(pack, elements)


def _homes(packs: Mapping[str, Pack]) -> dict[str, str]:
    """Return, for each element, the first pack that declares it."""
    homes: dict[str, str] = {}
    for pack in packs.values():
        for name, one in pack.elements.items():
            for key, _ in one.keyed(name):
                homes.setdefault(key, pack.id)
    return homes


def _element_faults(
    pack: Pack,
    name: str,
    one: ElementFile,
    file: Document[object],
    *,
    lists: frozenset[str],
    homes: Mapping[str, str],
) -> Iterator[DeclarationError]:
    for key, element in one.keyed(name):
        place = ("elements", key.partition(".")[2])
        if homes[key] != pack.id:
            what = f"Phần tử “{key}” đã khai báo trong gói “{homes[key]}”."
            yield file.error(place, what, "Hãy giữ một nơi.")
        if element.replaced_by and element.replaced_by not in homes:
            what = f"Không có phần tử “{element.replaced_by}” để thay."
            yield file.error((*place, "replaced_by"), what, suggestion(element.replaced_by, homes))
        for index, version in enumerate(element.domain):
            codes = version.value.codes
            if codes and codes not in lists | PLACES:
                what = f"Không có danh mục nào tên “{codes}”."
                spot = (*place, "domain", index, "value", "codes")
                yield file.error(spot, what, suggestion(codes, lists))


def _unknown_elements(pack: Pack, homes: Mapping[str, str]) -> Iterator[DeclarationError]:
    for name, registry in pack.registries.items():
        file = pack.documents[f"registries/{name}.yaml"]
        for place, key in _named(registry):
            if key not in homes:
                what = f"Từ điển không có phần tử “{key}”."
                yield file.error(place, what, suggestion(key, homes))


def _named(registry: Registry) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name, one in registry.fields.items():
        if one.element:
            yield ("fields", name, "element"), one.element
    for group_name, group in registry.groups.items():
        for name, one in group.fields.items():
            if one.element:
                yield ("groups", group_name, "fields", name, "element"), one.element
