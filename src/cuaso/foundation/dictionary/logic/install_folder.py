"""Install the code lists of a pack: one CSV a list, titles in `lists.csv`."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from cuaso.declarations.dictionary_mappings import ENDING
from cuaso.foundation.dictionary.contracts import CodeEntry, CodeRow, Installed, ListRow
from cuaso.foundation.dictionary.logic.install import install
from cuaso.kernel import tables
from cuaso.kernel.errors import Invalid
from cuaso.kernel.periods import Period

_TITLES: Final = "lists.csv"


def install_packs() -> int:
    """Install the lists of every pack that has `codes/lists.csv`; return how many codes changed."""
    folders = sorted(path.parent for path in Path(settings.PACKS).glob(f"*/codes/{_TITLES}"))
    done = [one for folder in folders for one in install_folder(folder).values()]
    return sum(one.added + one.changed for one in done)


def install_folder(folder: Path) -> dict[str, Installed]:
    """Install every list of a `codes/` folder; raise Invalid naming bad lines or untitled lists."""
    titles = {row.list: row for row in tables.read(folder / _TITLES, ListRow)}
    files = {path.stem: path for path in folder.glob("*.csv") if _is_list(path)}
    if odd := sorted(titles.keys() ^ files.keys()):
        raise Invalid(
            code="dictionary.untitled",
            what=f"Các danh mục {', '.join(odd)} không khớp giữa tệp CSV và {_TITLES}.",
            mend=f"Mỗi tệp <tên>.csv phải có một dòng cùng tên trong {_TITLES} và ngược lại.",
        )
    return {name: _install(titles[name], path) for name, path in sorted(files.items())}


def _is_list(path: Path) -> bool:
    return path.name != _TITLES and not path.name.endswith(ENDING)


def _install(title: ListRow, path: Path) -> Installed:
    rows = [entry(row) for row in tables.read(path, CodeRow)]
    return install(title.list, title.title_vi, title.source, rows, title_en=title.title_en)


def entry(row: CodeRow) -> CodeEntry:
    return CodeEntry(
        code=row.code,
        label=row.label_vi,
        label_en=row.label_en,
        valid=Period(row.from_, row.to + timedelta(days=1) if row.to else None),
        source=row.source,
        unverified=row.unverified,
    )
