"""Writes a registry back into a folder of a pack: the change made on the web is then the pack's."""

from pathlib import Path
from typing import Final

from cuaso.capabilities.registries.logic.designing import wording
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.declarations.carried import bare, files_of
from cuaso.declarations.reading import read
from cuaso.declarations.registries import Registry
from cuaso.declarations.trouble import BadDeclaration

_MANIFEST: Final = "title: {title}\nversion: 1.0.0\n"
_README: Final = "# {title}\n\nSổ do cơ quan tự thiết kế trên trang làm việc, xuất ra thư mục.\n"


def export_registry(*, registry: str, folder: Path) -> Path:
    """Write the version in force below the folder of a pack; return the file.

    A file that declares the same already is left as it is, with its remarks. A folder that is no
    pack yet becomes one. Raises NotFound for an unknown registry.
    """
    declared = sets.built(registry).declared
    pack, _, name = registry.partition("/")
    file = folder / "registries" / f"{name}.yaml"
    texts = {file: wording.text_of(bare(declared))} if not _same(file, declared) else {}
    texts |= {folder / path: text for path, text in files_of(declared).items()}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for missing, text in (("pack.yaml", _MANIFEST), ("README.md", _README)):
        if not (folder / missing).exists():
            title = declared.title if pack == "local" else pack
            (folder / missing).write_text(text.format(title=title), encoding="utf-8")
    return file


def _same(file: Path, declared: Registry) -> bool:
    try:
        found = bare(read(file, Registry)) if file.is_file() else None
        return found is not None and found.fingerprint == bare(declared).fingerprint
    except BadDeclaration:
        return False
