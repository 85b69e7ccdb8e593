"""`cuaso packs check`: the report as text."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from cuaso.declarations.packs.checking import Proof, Report, check
from cuaso.declarations.stories import Runner


def check_command(
    paths: Iterable[Path], *, runners: Sequence[Runner] = (), proofs: Sequence[Proof] = ()
) -> tuple[int, str]:
    """Check the packs at `paths`; a folder without `pack.yaml` stands for the packs inside it.

    Return the exit code (0 all well, 1 mistakes) and the text to print.
    """
    folders = [folder for path in paths for folder in _packs_at(path)]
    if not folders:
        return 1, "Không thấy gói nào. Gói là thư mục có tệp pack.yaml."
    report = check(folders, runners=runners, proofs=proofs)
    return (0 if report.ok else 1), say(report)


def say(report: Report) -> str:
    """Return the report in Vietnamese, mistakes first."""
    lines = [f"✗ {error}" for error in report.errors]
    if not report.ok:
        return "\n".join([*lines, f"Có {len(report.errors)} lỗi."])
    for pack in report.packs:
        kept = f"{len(pack.registries)} sổ, " if pack.registries else ""
        parts = f"{len(pack.procedures)} thủ tục, {kept}{len(pack.examples)} ví dụ"
        lines.append(
            f"✓ {pack.id}: {pack.title} ({parts}, {pack.unverified} giá trị chưa kiểm chứng)"
        )
    played, waiting = report.count("passed"), report.count("not_run")
    lines.append(f"Ví dụ: {played} đúng, {waiting} chờ chạy cùng hệ thống.")
    lines.append(f"Chưa kiểm chứng với văn bản gốc: {report.unverified} giá trị.")
    return "\n".join(lines)


def _packs_at(path: Path) -> list[Path]:
    if (path / "pack.yaml").is_file() or not path.is_dir():
        return [path]
    return sorted(folder for folder in path.iterdir() if (folder / "pack.yaml").is_file())
