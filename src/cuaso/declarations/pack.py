"""A pack: what a folder declares, read and proven in shape."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import Field as Key

from cuaso.declarations.codes import CodeList
from cuaso.declarations.dictionary_elements import ElementFile
from cuaso.declarations.dictionary_mappings import CodeMapping
from cuaso.declarations.dictionary_planning import PlanFile
from cuaso.declarations.flows import FlowFile
from cuaso.declarations.law import Dated, unverified_in
from cuaso.declarations.messages import Message
from cuaso.declarations.procedures import Procedure
from cuaso.declarations.reading import Document
from cuaso.declarations.registries import Registry
from cuaso.declarations.shape import Declaration, FolderName, Line, Name
from cuaso.declarations.story import Story


class LawValue(Declaration):
    """A rule that holds beyond one procedure, such as the number of a form."""

    title: Line = Key(min_length=3)
    values: Dated[str]


class Manifest(Declaration):
    """`pack.yaml`: what the pack is and what it leans on."""

    title: Line = Key(min_length=3)
    title_en: Line = ""
    version: str = Key(pattern=r"^\d+\.\d+\.\d+$")
    about: Line = ""
    systems: tuple[Line, ...] = ()
    needs: tuple[FolderName, ...] = ()
    law: dict[Name, LawValue] = {}


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A loaded pack. Mappings are by id; `documents` keep files and lines for errors."""

    folder: Path
    manifest: Manifest
    procedures: Mapping[str, Procedure]
    registries: Mapping[str, Registry]
    flows: Mapping[str, FlowFile]
    codes: Mapping[str, CodeList]
    messages: Mapping[str, Message]
    templates: Mapping[str, Path]
    examples: tuple[Story, ...]
    data: tuple[Path, ...]
    documents: Mapping[str, Document[object]] = field(repr=False, compare=False)
    elements: Mapping[str, ElementFile] = field(default_factory=dict)
    mappings: tuple[CodeMapping, ...] = ()
    plan: PlanFile | None = None

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def title(self) -> str:
        return self.manifest.title

    @property
    def unverified(self) -> int:
        """How many declared values nobody has read in an official text."""
        declared = [self.manifest, *self.procedures.values(), *self.registries.values()]
        declared += [*self.elements.values()]
        coded = sum(one.unverified for one in self.codes.values())
        coded += sum(one.unverified for one in self.mappings)
        coded += self.plan.unverified if self.plan else 0
        return coded + sum(unverified_in(one) for one in declared)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over every file of the pack, names and contents."""
        digest = hashlib.sha256()
        for path in sorted(p for p in self.folder.rglob("*") if p.is_file()):
            digest.update(path.relative_to(self.folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def law_on(self, name: str, day: date) -> str:
        """Return a law value of the pack on a legal day; raise KeyError or NotFound."""
        return self.manifest.law[name].values.on(day).value
