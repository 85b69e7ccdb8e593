"""Reads a pack's folder: every file parsed and in shape, or every mistake said."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from cuaso.declarations.carried import filled
from cuaso.declarations.codes import read_folder
from cuaso.declarations.dictionary_elements import ElementFile
from cuaso.declarations.dictionary_mappings import read_mappings
from cuaso.declarations.dictionary_planning import FOLDER, read_plan
from cuaso.declarations.flows import read_flow
from cuaso.declarations.messages import Message
from cuaso.declarations.pack import Manifest, Pack
from cuaso.declarations.procedures import Procedure
from cuaso.declarations.reading import Document, document
from cuaso.declarations.registries import Registry
from cuaso.declarations.story import Story
from cuaso.declarations.trouble import BadDeclaration, DeclarationError, suggestion

T = TypeVar("T")
FOLDERS: Final = frozenset(
    {
        "procedures",
        "flows",
        "codes",
        "messages",
        "templates",
        "examples",
        "data",
        "registries",
        "elements",
        "planning",
    }
)
_ENDINGS: Final = {"flows": "bpmn", "templates": "typ"}
_FILES: Final = frozenset({"pack.yaml", "README.md"})


def load(folder: Path) -> Pack:
    """Return the pack of a folder; raise BadDeclaration with every mistake of parse and shape."""
    reader = _Reader(folder)
    pack = reader.pack()
    if reader.errors or pack is None:
        raise BadDeclaration(reader.errors)
    return pack


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors: list[DeclarationError] = []
        self.documents: dict[str, Document[object]] = {}

    def pack(self) -> Pack | None:
        if not self.folder.is_dir():
            self._say(self.folder, "Không có thư mục này.", "Hãy kiểm tra đường dẫn của gói.")
            return None
        self.errors += _strangers(self.folder)
        manifest = self._try(partial(self._document, self.folder / "pack.yaml", Manifest))
        procedures = self._yaml("procedures", Procedure)
        registries = self._yaml("registries", Registry)
        flows = {path.stem: self._try(partial(read_flow, path)) for path in self._list("flows")}
        codes = self._try(partial(read_folder, self.folder / "codes"))
        messages = self._yaml("messages", Message)
        stories = self._yaml("examples", tuple[Story, ...])
        elements = self._yaml("elements", ElementFile)
        mappings = self._try(partial(read_mappings, self.folder / "codes"))
        plan = self._try(partial(read_plan, self.folder / FOLDER))
        if manifest is None:
            return None
        drawings = {n: flow.xml.decode(errors="replace") for n, flow in flows.items() if flow}
        carrying = self._carrying(registries, drawings)
        return Pack(
            folder=self.folder,
            manifest=manifest,
            procedures=self._by_code(procedures),
            registries=carrying,
            flows={name: flow for name, flow in flows.items() if flow},
            codes=codes or {},
            messages=messages,
            templates={path.stem: path for path in self._list("templates")},
            examples=tuple(story for file in stories.values() for story in file),
            data=tuple(p for p in sorted((self.folder / "data").rglob("*")) if p.is_file()),
            documents=self.documents,
            elements=elements,
            mappings=mappings or (),
            plan=plan,
        )

    def _carrying(
        self, registries: dict[str, Registry], drawings: dict[str, str]
    ) -> dict[str, Registry]:
        wanted = any(one.papers for one in registries.values())
        listed = self._list("templates") if wanted else []
        templates = {path.stem: path.read_text(encoding="utf-8") for path in listed}
        return {
            name: filled(one, templates=templates, drawings=drawings)
            for name, one in registries.items()
        }

    def _list(self, name: str) -> list[Path]:
        return sorted((self.folder / name).glob(f"*.{_ENDINGS.get(name, 'yaml')}"))

    def _yaml(self, name: str, schema: type[T]) -> dict[str, T]:
        read = {p.stem: self._try(partial(self._document, p, schema)) for p in self._list(name)}
        return {stem: value for stem, value in read.items() if value is not None}

    def _document(self, path: Path, schema: type[T]) -> T:
        found = document(path, schema)
        self.documents[path.relative_to(self.folder).as_posix()] = found  # type: ignore[assignment]
        return found.value

    def _by_code(self, procedures: dict[str, Procedure]) -> dict[str, Procedure]:
        by_code: dict[str, Procedure] = {}
        for stem, one in procedures.items():
            if one.code in by_code:
                path = self.folder / "procedures" / f"{stem}.yaml"
                self._say(path, f"Thủ tục {one.code} đã khai báo ở tệp khác.", "Hãy giữ một tệp.")
            by_code[one.code] = one
        return by_code

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except BadDeclaration as bad:
            self.errors += bad.errors
            return None

    def _say(self, path: Path, what: str, remedy: str) -> None:
        self.errors.append(DeclarationError(file=path, line=0, what=what, remedy=remedy))


def _strangers(folder: Path) -> Iterator[DeclarationError]:
    if not (folder / "README.md").is_file():
        what, remedy = "Gói thiếu README.md.", "Hãy viết vài dòng: gói này làm gì."
        yield DeclarationError(file=folder / "README.md", line=0, what=what, remedy=remedy)
    for path in sorted(folder.iterdir()):
        known = FOLDERS if path.is_dir() else _FILES
        if path.name not in known and not path.name.startswith((".", "_")):
            what = f"Gói không dùng “{path.name}”."
            remedy = suggestion(path.name, known)
            yield DeclarationError(file=path, line=0, what=what, remedy=remedy)
