"""YAML as text: every scalar stays what was typed, nothing is guessed."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from cuaso.declarations.trouble import BadDeclaration, DeclarationError
from cuaso.kernel.text import nfc

LIMIT_BYTES: Final = 512 * 1024
LIMIT_DEPTH: Final = 24
LIMIT_NODES: Final = 40_000
LIMIT_ALIASES: Final = 40

Place = tuple[str | int, ...]
Plain = str | None | list["Plain"] | dict[str, "Plain"]

_TEXT: Final = "tag:yaml.org,2002:str"
_PLAIN_TAGS: Final = frozenset(
    {_TEXT, "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map", "tag:yaml.org,2002:null"}
)
_TAB: Final = ("Dòng này thụt vào bằng phím Tab.", "Hãy thay Tab bằng hai dấu cách.")
_SAID: Final = {
    "mapping values are not allowed": (
        "Có dấu hai chấm ở chỗ không đọc được.",
        "Hãy đặt cả câu trong dấu nháy kép.",
    ),
    "could not find expected ':'": (
        "Thiếu dấu hai chấm sau tên mục.",
        "Hãy viết theo mẫu “tên: giá trị”.",
    ),
    "did not find expected key": (
        "Thụt dòng không thẳng hàng hoặc thiếu dấu nháy.",
        "Hãy xem lại dòng này và dòng ngay trên.",
    ),
    "exceeded maximum nesting depth": ("Tệp lồng quá sâu.", "Hãy tách nhỏ khai báo."),
}


@dataclass(frozen=True, kw_only=True)
class Text:
    """A file's content as plain text values, and the line of every place in it."""

    file: Path
    content: Plain
    lines: dict[Place, int]

    def line_of(self, place: Place) -> int:
        """Return the line of a place, or of the nearest place around it."""
        probe = place
        while probe and probe not in self.lines:
            probe = probe[:-1]
        return self.lines.get(probe, 1)


@dataclass(kw_only=True)
class _Walk:
    file: Path
    lines: dict[Place, int] = field(default_factory=dict)
    errors: list[DeclarationError] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    nodes: int = 0
    aliases: int = 0

    def error(self, node: yaml.Node, what: str, remedy: str) -> None:
        line = node.start_mark.line + 1
        self.errors.append(DeclarationError(file=self.file, line=line, what=what, remedy=remedy))

    def stop(self, node: yaml.Node, what: str, remedy: str) -> BadDeclaration:
        self.error(node, what, remedy)
        return BadDeclaration(self.errors)


def parse(file: Path) -> Text:
    """Read a YAML file as text values; raise BadDeclaration with every mistake found."""
    return parse_text(_decoded(file), file=file)


def parse_text(source: str, *, file: Path) -> Text:
    """Read typed YAML as `parse` reads a file; `file` is where the text would stand."""
    source = nfc(source)
    if len(source.encode()) > LIMIT_BYTES:
        raise _too_large(file)
    try:
        node = yaml.compose(source, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        raise BadDeclaration([_syntax(file, error, source)]) from None
    except yaml.YAMLError:
        raise _whole(file, "Tệp có ký tự điều khiển.", "Hãy lưu lại tệp dạng UTF-8.") from None
    if node is None:
        raise _whole(file, "Tệp trống.", "Hãy viết khai báo hoặc xoá tệp.")
    walk = _Walk(file=file)
    content = _value(walk, node, place=(), above=())
    if walk.errors:
        raise BadDeclaration(walk.errors)
    return Text(file=file, content=content, lines=walk.lines)


def _decoded(file: Path) -> str:
    if not file.is_file():
        raise _whole(file, "Không có tệp này.", "Hãy kiểm tra tên tệp.")
    if file.stat().st_size > LIMIT_BYTES:
        raise _too_large(file)
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _whole(file, "Tệp không phải UTF-8.", "Hãy lưu lại tệp dạng UTF-8.") from None


def _too_large(file: Path) -> BadDeclaration:
    limit = LIMIT_BYTES // 1024
    return _whole(file, f"Tệp lớn hơn {limit} KB.", "Hãy tách thành nhiều tệp.")


def _whole(file: Path, what: str, remedy: str) -> BadDeclaration:
    return BadDeclaration([DeclarationError(file=file, line=0, what=what, remedy=remedy)])


def _syntax(file: Path, error: yaml.MarkedYAMLError, source: str) -> DeclarationError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    written = source.splitlines()[line - 1 : line]
    if written and written[0].lstrip(" ").startswith("\t"):
        what, remedy = _TAB
    else:
        what, remedy = _said(error.problem or "")
    return DeclarationError(file=file, line=line, what=what, remedy=remedy)


def _said(problem: str) -> tuple[str, str]:
    unknown = ("Không đọc được YAML ở dòng này.", "Hãy xem lại thụt dòng và dấu nháy.")
    return next((said for text, said in _SAID.items() if text in problem), unknown)


def _value(walk: _Walk, node: yaml.Node, *, place: Place, above: tuple[yaml.Node, ...]) -> Plain:
    _count(walk, node, above=above)
    walk.lines.setdefault(place, node.start_mark.line + 1)
    if node.tag not in _PLAIN_TAGS:
        walk.error(node, f"Không dùng nhãn kiểu “{node.tag}”.", "Hãy bỏ nhãn: mọi giá trị là chữ.")
    if isinstance(node, yaml.MappingNode):
        return _mapping(walk, node, place=place, above=(*above, node))
    if isinstance(node, yaml.SequenceNode):
        inside = (*above, node)
        return [
            _value(walk, item, place=(*place, index), above=inside)
            for index, item in enumerate(node.value)
        ]
    written: str = node.value
    quoted = isinstance(node, yaml.ScalarNode) and node.style
    return written if written or quoted else None


def _count(walk: _Walk, node: yaml.Node, *, above: tuple[yaml.Node, ...]) -> None:
    walk.nodes += 1
    if any(node is one for one in above):
        raise walk.stop(node, "Dấu * trỏ về chính mục chứa nó.", "Hãy viết rõ giá trị.")
    if len(above) > LIMIT_DEPTH:
        raise walk.stop(node, "Khai báo lồng quá sâu.", "Hãy tách nhỏ khai báo.")
    if isinstance(node, yaml.CollectionNode):
        walk.aliases += 1 if id(node) in walk.seen else 0
        walk.seen[id(node)] = 1
    if walk.nodes > LIMIT_NODES or walk.aliases > LIMIT_ALIASES:
        raise walk.stop(node, "Khai báo nhân bản quá nhiều.", "Hãy bớt dùng dấu & và *.")


def _mapping(
    walk: _Walk, node: yaml.MappingNode, *, place: Place, above: tuple[yaml.Node, ...]
) -> dict[str, Plain]:
    out: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        key = _key(walk, key_node, known=out)
        if key is None:
            continue
        walk.lines[(*place, key)] = key_node.start_mark.line + 1
        out[key] = _value(walk, value_node, place=(*place, key), above=above)
    return out


def _key(walk: _Walk, node: yaml.Node, *, known: Hashable | dict[str, Plain]) -> str | None:
    if not isinstance(node, yaml.ScalarNode) or not node.value:
        walk.error(node, "Tên mục phải là một chữ.", "Hãy viết theo mẫu “tên: giá trị”.")
        return None
    name: str = node.value
    if name == "<<":
        walk.error(node, "Không dùng “<<” để gộp mục.", "Hãy viết rõ từng mục.")
        return None
    if isinstance(known, dict) and name in known:
        walk.error(node, f"Mục “{name}” bị viết hai lần.", "Hãy giữ lại một mục.")
        return None
    return name
