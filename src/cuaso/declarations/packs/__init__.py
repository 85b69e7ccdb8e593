"""Packs: loaded from folders, checked before anything uses them."""

from cuaso.declarations.pack import LawValue, Manifest, Pack
from cuaso.declarations.packs.checking import HOUSE_ACTS, Proof, Report, check, lists_of
from cuaso.declarations.packs.command import check_command, say
from cuaso.declarations.packs.editor import editor_schema
from cuaso.declarations.packs.loading import load

__all__ = [
    "HOUSE_ACTS",
    "LawValue",
    "Manifest",
    "Pack",
    "Proof",
    "Report",
    "check",
    "check_command",
    "editor_schema",
    "lists_of",
    "load",
    "say",
]
