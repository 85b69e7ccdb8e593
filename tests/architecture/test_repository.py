"""The repository names no host and no machine, and its documents name every verb."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cuaso.wiring import places
from cuaso.wiring.cli.verbs import VERBS
from tests.architecture import exceptions
from tools import check_locks

MACHINE = re.compile(
    r"(/root/|/home/[a-z]|/work/(main|shared|\.library)|/opt/pypi|pypi\.org|pythonhosted|"
    r"registry\.npmjs|trusted-host|extra-index-url)",
    re.IGNORECASE,
)
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".lock", ".json", ".sh", ".cfg", ".txt", ".csv"}
SKIPPED = {".git", ".venv", "var", "site", "node_modules", "__pycache__"}
# The pattern itself, and the check that looks for index options.
SEARCHERS = {"tests/architecture/test_repository.py", "tools/check_locks.py", "uv.lock"}


def files() -> list[Path]:
    """Return what Git would keep; without Git, every file outside working folders."""
    if shutil.which("git") and (places.ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        answer = subprocess.run(
            command, cwd=places.ROOT, capture_output=True, text=True, check=False
        )
        if answer.returncode == 0:
            listed = [places.ROOT / line for line in answer.stdout.splitlines()]
            return [path for path in listed if path.is_file()]
    found = []
    for folder, folders, names in os.walk(places.ROOT):
        # Never entered: what works there makes and removes files meanwhile.
        folders[:] = sorted(set(folders) - SKIPPED)
        found += [Path(folder, name) for name in names if name not in SKIPPED]
    return [path for path in found if path.is_file()]


def test_the_repository_names_no_machine():
    found = {}
    for path in files():
        name = str(path.relative_to(places.ROOT))
        if path.suffix in TEXT or path.name in ("cuaso", "Makefile", "run"):
            text = path.read_text(encoding="utf-8", errors="replace")
            if (match := MACHINE.search(text)) and name not in SEARCHERS:
                found[name] = match.group()
    assert {name: word for name, word in found.items() if name not in exceptions.HOSTS} == {}


def test_locks_carry_hashes_and_no_host():
    assert check_locks.every_mistake() == []


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a==1 \\\n    --hash=sha256:0\nb==2\n", "b không có mã băm"),
        ("--index-url x\na==1 \\\n    --hash=sha256:0\n", "có tùy chọn kho gói"),
        ("a @ https://host/a.whl\n", "có địa chỉ máy chủ"),
    ],
)
def test_a_lock_that_names_a_host_or_lacks_a_hash_is_refused(tmp_path, text, mistake):
    lock = tmp_path / "requirements.lock"
    lock.write_text(text)
    assert [m for m in check_locks.mistakes_in_requirements(lock) if mistake in m] != []


def test_a_package_lock_that_names_its_source_is_refused(tmp_path):
    lock = tmp_path / "package-lock.json"
    lock.write_text('{"packages": {"node_modules/a": {"resolved": "x", "integrity": "y"}}}')
    assert list(check_locks.mistakes_in_node(lock)) == [
        "package-lock.json: node_modules/a có “resolved”"
    ]


@pytest.mark.parametrize("verb", [name for name, each in VERBS.items() if not each.hidden])
def test_the_documents_name_every_verb(verb):
    text = (places.ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    assert f"`./cuaso {verb}" in text


def test_a_decision_record_has_a_sentence_for_a_title():
    records = sorted((places.ROOT / "docs" / "decisions").glob("0*.md"))
    titles = [path.read_text(encoding="utf-8").splitlines()[0] for path in records]
    assert len(records) >= 6
    assert [title for title in titles if not re.fullmatch(r"# \d{4}\. [A-Z].+ .+ .+", title)] == []


def test_ci_runs_the_one_command():
    assert (places.ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec ./cuaso test"


def test_whoever_gathers_the_changelog_finds_every_fragment_by_its_name() -> None:
    named = re.compile(r"\d+\.(feature|bugfix|doc|removal|misc)(\.\d+)?\.md|README\.md")
    found = [path.name for path in (places.ROOT / "changelog.d").iterdir()]
    assert [name for name in found if not named.fullmatch(name)] == []
