"""Reads one declaration file into its frozen shape, or says in Vietnamese what to mend."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from cuaso.declarations import strict_yaml
from cuaso.declarations.shape import Loose
from cuaso.declarations.strict_yaml import Place, Text
from cuaso.declarations.trouble import BadDeclaration, DeclarationError, suggestion

T = TypeVar("T")

_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("Thiếu mục “{name}”.", "Hãy viết thêm “{name}: …”."),
    "string_type": ("“{name}” phải là chữ.", "Hãy viết một giá trị sau dấu hai chấm."),
    "string_pattern_mismatch": (
        "“{name}: {given}” không đúng mẫu.",
        "Mẫu là {pattern}: chữ thường không dấu, số và gạch nối, nếu là tên.",
    ),
    "string_too_long": ("“{name}” dài quá {max_length} ký tự.", "Hãy viết ngắn lại."),
    "string_too_short": ("“{name}” để trống.", "Hãy viết giá trị."),
    "too_short": ("“{name}” còn thiếu: cần ít nhất {min_length}.", "Hãy viết thêm."),
    "too_long": ("“{name}” nhiều quá {max_length} mục.", "Hãy bớt lại."),
    "int_parsing": ("“{name}: {given}” không phải số nguyên.", "Hãy viết số, ví dụ 3."),
    "decimal_parsing": ("“{name}: {given}” không phải số.", "Hãy viết số, ví dụ 1.5."),
    "greater_than_equal": ("“{name}: {given}” nhỏ quá.", "Giá trị ít nhất là {ge}."),
    "less_than_equal": ("“{name}: {given}” lớn quá.", "Giá trị nhiều nhất là {le}."),
    "extra_forbidden": ("Không có mục nào tên “{name}”.", ""),
    "float_parsing": ("“{name}: {given}” không phải số.", "Hãy viết số, ví dụ 128."),
    "model_type": ("“{name}” phải là một nhóm mục.", "Hãy viết các mục thụt vào bên dưới."),
    "dict_type": ("“{name}” phải là một nhóm mục.", "Hãy viết các mục thụt vào bên dưới."),
    "tuple_type": ("“{name}” phải là một danh sách.", "Hãy viết mỗi ý một dòng, mở đầu bằng “- ”."),
    "list_type": ("“{name}” phải là một danh sách.", "Hãy viết mỗi ý một dòng, mở đầu bằng “- ”."),
}


@dataclass(frozen=True, kw_only=True)
class Document(Generic[T]):
    """What a file declares, with the line of every place in it."""

    value: T
    text: Text

    @property
    def file(self) -> Path:
        return self.text.file

    def error(self, place: Place, what: str, remedy: str = "") -> DeclarationError:
        """Return a mistake at a place of this file."""
        line = self.text.line_of(place)
        return DeclarationError(file=self.file, line=line, what=what, remedy=remedy, place=place)


def read(path: Path, schema: type[T]) -> T:
    """Read a YAML file as `schema`; raise BadDeclaration listing every mistake."""
    return document(path, schema).value


def document(path: Path, schema: type[T]) -> Document[T]:
    """Read a YAML file as `schema`, keeping the lines for later checks."""
    return _shaped(strict_yaml.parse(path), schema)


def document_of(source: str, schema: type[T], *, file: Path) -> Document[T]:
    """Read a typed text as `document` reads a file; `file` is where the text would stand."""
    return _shaped(strict_yaml.parse_text(source, file=file), schema)


def _shaped(text: Text, schema: type[T]) -> Document[T]:
    try:
        value = TypeAdapter(schema).validate_python(text.content)
    except ValidationError as error:
        raise BadDeclaration(spoken(text, error)) from None
    return Document(value=value, text=text)


def spoken(text: Text, error: ValidationError) -> tuple[DeclarationError, ...]:
    """Say every validation error in Vietnamese at its line."""
    said = [mistake for one in error.errors() for mistake in _mistakes(text, one)]
    return tuple(dict.fromkeys(said))


def _mistakes(text: Text, error: Loose) -> Iterable[DeclarationError]:
    place = _written_place(text, error["loc"])
    context: Mapping[str, Any] = error.get("ctx") or {}
    if error["type"] == "unknown_keys":
        for key, remedy in context["remedies"].items():
            yield _at(text, (*place, key), f"Không có mục nào tên “{key}”.", remedy)
        return
    what, remedy = _said(error, place, context)
    yield _at(text, place, what, remedy)


def _said(error: Loose, place: Place, context: Mapping[str, Any]) -> tuple[str, str]:
    kind: str = error["type"]
    if kind == "mistake":
        return context["what"], context["remedy"]
    name = str(error["loc"][-1]) if kind == "missing" else _name(place)
    given = error["input"]
    if kind in ("literal_error", "enum"):
        choices = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return f"“{name}” không nhận giá trị “{given}”.", suggestion(str(given), choices)
    what, remedy = _SENTENCES.get(kind, ("“{name}: {given}” không đọc được.", ""))
    words = {"name": name, "given": given, **context}
    return what.format(**words), remedy.format(**words)


def _name(place: Place) -> str:
    names = [str(part) for part in place if isinstance(part, str)]
    return names[-1] if names else "tệp"


def _written_place(text: Text, loc: tuple[str | int, ...]) -> Place:
    """Keep of pydantic's location the parts that the file really has."""
    place: Place = ()
    for part in loc:
        if (*place, part) in text.lines:
            place = (*place, part)
    return place


def _at(text: Text, place: Place, what: str, remedy: str) -> DeclarationError:
    line = text.line_of(place)
    return DeclarationError(file=text.file, line=line, what=what, remedy=remedy, place=place)
