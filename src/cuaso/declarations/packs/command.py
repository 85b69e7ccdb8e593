"""`cuaso packs check`: the report as text."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from cuaso.declarations.packs.checking import Proof, Report, check
from cuaso.declarations.packs.loading import load
from cuaso.declarations.stories import Runner
from cuaso.declarations.trouble import BadDeclaration


def check_command(
    paths: Iterable[Path],
    *,
    library: Path | None = None,
    runners: Sequence[Runner] = (),
    proofs: Sequence[Proof] = (),
) -> tuple[int, str]:
    """Check the packs at `paths`; a folder without `pack.yaml` stands for the packs inside it.

    Packs that they need and that are not among them are read from beside them, else from the
    `library`. Return the exit code (0 all well, 1 mistakes) and the text to print.
    """
    folders = [folder for path in paths for folder in _packs_at(path)]
    if not folders:
        return 1, "Không thấy gói nào. Gói là thư mục có tệp pack.yaml."
    needed = _needed_by(folders, library=library)
    report = check([*needed, *folders], runners=runners, proofs=proofs)
    return (0 if report.ok else 1), say(report, only=frozenset(path.name for path in folders))


def say(report: Report, *, only: frozenset[str] = frozenset()) -> str:
    """Return the report in Vietnamese: mistakes, or without any the packs (those of `only`)."""
    lines = [f"✗ {error}" for error in report.errors]
    if not report.ok:
        return "\n".join([*lines, f"Có {len(report.errors)} lỗi."])
    shown = [pack for pack in report.packs if not only or pack.id in only]
    unverified = sum(pack.unverified for pack in shown)
    for pack in shown:
        kept = f"{len(pack.registries)} sổ, " if pack.registries else ""
        parts = f"{len(pack.procedures)} thủ tục, {kept}{len(pack.examples)} ví dụ"
        lines.append(
            f"✓ {pack.id}: {pack.title} ({parts}, {pack.unverified} giá trị chưa kiểm chứng)"
        )
    played, waiting = report.count("passed"), report.count("not_run")
    lines.append(f"Ví dụ: {played} đúng, {waiting} chờ chạy cùng hệ thống.")
    lines.append(f"Chưa kiểm chứng với văn bản gốc: {unverified} giá trị.")
    return "\n".join(lines)


def _needed_by(folders: Sequence[Path], *, library: Path | None) -> list[Path]:
    """Return the folders of the packs that others need, theirs too, and that were not given."""
    given = {folder.name for folder in folders}
    found: dict[str, Path] = {}
    waiting = list(folders)
    while waiting:
        folder = waiting.pop()
        for name in _needs(folder):
            beside = [place / name for place in (folder.parent, library) if place is not None]
            there = next((one for one in beside if (one / "pack.yaml").is_file()), None)
            if name not in given and name not in found and there is not None:
                found[name] = there
                waiting.append(there)
    return list(found.values())


def _needs(folder: Path) -> tuple[str, ...]:
    """Return what a pack says it needs; its mistakes are told by the check itself."""
    try:
        return load(folder).manifest.needs
    except BadDeclaration:
        return ()


def _packs_at(path: Path) -> list[Path]:
    if (path / "pack.yaml").is_file() or not path.is_dir():
        return [path]
    return sorted(folder for folder in path.iterdir() if (folder / "pack.yaml").is_file())
