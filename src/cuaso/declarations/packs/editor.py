"""JSON Schema of pack files, for editors that complete and underline."""

from typing import Any, Final

from pydantic import TypeAdapter

from cuaso.declarations.dictionary_elements import ElementFile
from cuaso.declarations.forms.json_schema import DIALECT
from cuaso.declarations.messages import Message
from cuaso.declarations.pack import Manifest
from cuaso.declarations.procedures import Procedure
from cuaso.declarations.registries import Registry
from cuaso.declarations.story import Story

_SHAPES: Final[dict[str, Any]] = {
    "pack": Manifest,
    "procedure": Procedure,
    "registry": Registry,
    "element": ElementFile,
    "message": Message,
    "examples": tuple[Story, ...],
}


def editor_schema(kind: str = "procedure") -> dict[str, Any]:
    """Return the JSON Schema of a kind of file: pack, procedure, registry, element, message, or
    examples.
    """
    schema = TypeAdapter(_SHAPES[kind]).json_schema(by_alias=True, mode="validation")
    return schema | {"$schema": DIALECT, "title": f"Cửa Số: {kind}"}
