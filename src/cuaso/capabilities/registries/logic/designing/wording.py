"""A declaration as the text of a pack's file, and back, with every mistake at its line."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from cuaso.capabilities.registries.logic.storing import sets
from cuaso.declarations.codes import PLACES
from cuaso.declarations.packs.registry_proof import registry_faults
from cuaso.declarations.reading import Document, document_of
from cuaso.declarations.registries import Registry
from cuaso.declarations.shape import Loose
from cuaso.declarations.trouble import BadDeclaration, DeclarationError
from cuaso.foundation.dictionary import api as dictionary
from cuaso.kernel.errors import Invalid, Problem

_TEXT: Final = "tag:yaml.org,2002:str"
_MAP: Final = "tag:yaml.org,2002:map"
_SEQ: Final = "tag:yaml.org,2002:seq"
_WIDTH: Final = 100


def text_of(declared: Registry) -> str:
    """Return a registry as the text of its file; reading it again gives the same registry."""
    return written(declared.dump())


def written(plain: Mapping[str, Any]) -> str:
    """Return plain values as YAML in the manner of the packs: what is short stands on one line."""
    node = _node(plain, indent=0)
    if isinstance(node, yaml.CollectionNode):
        node.flow_style = False
    text = yaml.serialize(node, Dumper=_Dumper, allow_unicode=True, width=10_000)
    return str(text)


class _Dumper(yaml.emitter.Emitter, yaml.serializer.Serializer, yaml.resolver.BaseResolver):
    """Writes nodes; no scalar is anything but text, so none needs quotes to stay text."""

    def __init__(self, stream: Any, **words: Any) -> None:  # noqa: ANN401 PyYAML's
        laid_out = {name: words[name] for name in ("allow_unicode", "width") if name in words}
        yaml.emitter.Emitter.__init__(self, stream, **laid_out)
        yaml.serializer.Serializer.__init__(self)
        yaml.resolver.BaseResolver.__init__(self)


def _node(value: Loose, *, indent: int) -> yaml.Node:
    if isinstance(value, Mapping):
        pairs = [
            (_scalar(str(name)), _node(inner, indent=indent + 2)) for name, inner in value.items()
        ]
        mapping = yaml.MappingNode(_MAP, pairs, flow_style=False)
        mapping.flow_style = _short(pairs, indent)
        return mapping
    if isinstance(value, list | tuple):
        items = [_node(inner, indent=indent + 2) for inner in value]
        sequence = yaml.SequenceNode(_SEQ, items, flow_style=False)
        sequence.flow_style = not items or _short([(None, one) for one in items], indent)
        return sequence
    if isinstance(value, bool):
        return _scalar("yes" if value else "no")
    return _scalar(str(value))


def _scalar(text: str) -> yaml.ScalarNode:
    style = '"' if not text or text != text.strip() or "\n" in text else None
    return yaml.ScalarNode(_TEXT, text, style=style)


def _short(pairs: "list[tuple[Any, yaml.Node]]", indent: int) -> bool:
    """Say whether what is inside may stand on one line."""
    length = indent + 12
    for name, one in pairs:
        if isinstance(one, yaml.CollectionNode) and not one.flow_style:
            return False
        length += _length(one) + (len(name.value) + 4 if name is not None else 2)
    return length <= _WIDTH


def _length(node: Loose) -> int:
    if isinstance(node, yaml.ScalarNode):
        return len(node.value)
    if isinstance(node, yaml.MappingNode):
        return sum(_length(name) + _length(one) + 4 for name, one in node.value)
    return sum(_length(one) + 2 for one in node.value)


def refused(faults: Sequence[DeclarationError]) -> Invalid:
    """Return the refusal of a declaration; the problems stand at their lines."""
    return Invalid(
        code="registries.declaration_wrong",
        what=f"Khai báo còn {len(faults)} chỗ cần sửa.",
        mend="Hãy sửa từng chỗ được nêu rồi ghi lại. Bản nháp trước đó vẫn còn nguyên.",
        problems=tuple(
            Problem(field="text", say=f"Dòng {one.line}: {one.what} {one.remedy}".rstrip())
            for one in faults
        ),
        data={"lines": [one.line for one in faults]},
    )


def read(
    text: str,
    *,
    key: str,
    refusal: Callable[[Sequence[DeclarationError]], Invalid] = refused,
) -> Registry:
    """Return the registry that a text declares for a key.

    Raises the `refusal` of its mistakes; as usual, each problem names the line, what is wrong and
    how to mend it.
    """
    pack, _, name = key.partition("/")
    file = Path(pack) / "registries" / f"{name}.yaml"
    try:
        found = document_of(text, Registry, file=file)
        faults = list(_faults(found, pack, key))
    except BadDeclaration as bad:
        faults = list(bad.errors)
    if faults:
        raise refusal(faults)
    return found.value


def _faults(found: Document[Registry], pack: str, key: str) -> list[DeclarationError]:
    known = {key, *sets.current().keys}
    short = {one.partition("/")[2] for one in known if one.startswith(f"{pack}/")}
    codes = frozenset(one.list_id for one in dictionary.lists()) | PLACES
    named = registry_faults(found.value, codes=codes, registries=frozenset(known | short))
    return [found.error(place, what, remedy) for place, what, remedy in named]
