"""The pages of packs."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from cuaso.declarations.documenting.introduction import introduction
from cuaso.declarations.documenting.library import Library, library
from cuaso.declarations.documenting.procedure_words import procedures_chapter
from cuaso.declarations.documenting.registry_words import registry_chapter
from cuaso.declarations.documenting.sentences import MARK, ended, quoted, spans, table, together
from cuaso.declarations.pack import Pack
from cuaso.declarations.packs import load


def pages(root: Path, chosen: Iterable[Path] = (), *, today: date) -> dict[str, str]:
    """Return the page of each chosen folder by the pack's id; of every pack of `root` if none is.

    Raise BadDeclaration when a pack cannot be read.
    """
    folders = (folder for folder in sorted(root.iterdir()) if (folder / "pack.yaml").is_file())
    every = {folder.resolve(): load(folder) for folder in folders}
    named = [every.get(folder.resolve()) or load(folder) for folder in chosen]
    known = library([*every.values(), *named])
    return {pack.id: page(pack, known, today=today) for pack in named or every.values()}


def page(pack: Pack, library: Library, *, today: date) -> str:
    """Return a pack as a Markdown page, its procedures as they stand on the legal day `today`."""
    return "\n".join(_lines(pack, library, today)).rstrip() + "\n"


def _lines(pack: Pack, library: Library, today: date) -> Iterator[str]:
    yield from (f"# {pack.title}", "")
    if pack.manifest.about:
        yield from (ended(pack.manifest.about), "")
    yield from (_what_is_in(pack, library), "")
    if said := introduction(pack, library):
        yield from (said, "")
    if pack.unverified:
        yield from (_unverified(pack), "")
    yield from _contents(pack)
    for name, registry in pack.registries.items():
        yield from registry_chapter(f"{pack.id}/{name}", registry, library)
    yield from procedures_chapter(pack, today)
    yield from _codes(pack)


def _what_is_in(pack: Pack, library: Library) -> str:
    kinds = {
        "cơ sở dữ liệu": len(pack.registries),
        "thủ tục": len(pack.procedures),
        "danh mục mã": len(pack.codes),
        "ví dụ được chạy thử": len(pack.examples),
    }
    held = together(f"{number} {kind}" for kind, number in kinds.items() if number)
    said = [f"Gói `{pack.id}`, bản {pack.manifest.version}"]
    said.append(f", gồm {held}." if held else ".")
    if pack.manifest.systems:
        said.append(
            f" Gói đáp ứng {together(spans(pack.manifest.systems))} của kiến trúc chính quyền số."
        )
    needs = [
        quoted(library.packs[one].title) for one in pack.manifest.needs if one in library.packs
    ]
    if needs:
        said.append(f" Gói dùng dữ liệu của {together(needs)}.")
    return "".join(said)


def _unverified(pack: Pack) -> str:
    return (
        f"Trong gói còn {pack.unverified} giá trị chưa ai đối chiếu với văn bản chính thức;"
        f" trên trang này chúng mang dấu {MARK}."
    )


def _contents(pack: Pack) -> list[str]:
    if len(pack.registries) < 2:  # noqa: PLR2004 one registry needs no list of contents
        return []
    rows = [(one.title, one.about) for one in pack.registries.values()]
    return table(("Cơ sở dữ liệu", "Để làm gì"), rows)


def _codes(pack: Pack) -> Iterator[str]:
    if not pack.codes:
        return
    yield from ("## Danh mục mã", "")
    rows = [
        (one.title, str(len(one.lines)), one.source or "do gói đặt") for one in pack.codes.values()
    ]
    yield from table(("Danh mục", "Số mã", "Nguồn"), rows)
