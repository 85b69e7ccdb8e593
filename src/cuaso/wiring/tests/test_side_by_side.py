"""`./cuaso test` does its work in parts, side by side, and no test is forgotten or run twice."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cuaso.wiring import environment, places, pytest_sessions, trial
from cuaso.wiring.cli import tests as verb
from cuaso.wiring.side_by_side import NOT_BEGUN, Outcome, Part, Row

# Ends well only when the other part runs at the same time.
MEET = """
import pathlib, sys, time
own, other = map(pathlib.Path, sys.argv[1:])
own.touch()
until = time.monotonic() + 60
while not other.exists() and time.monotonic() < until:
    time.sleep(0.02)
print("met" if other.exists() else "alone")
"""


def part(name, program, *words, **more):
    command = (sys.executable, "-c", program, *map(str, words))
    return Part(name=name, command=command, surroundings=dict(os.environ), **more)


def codes(outcomes):
    return {one.name: one.code for one in outcomes}


def test_two_parts_run_at_the_same_time_and_each_is_told_whole(tmp_path, capsys):
    here, there = tmp_path / "here", tmp_path / "there"
    row = Row(folder=tmp_path, at_once=2)
    ended = row.run([part("một", MEET, here, there), part("hai", MEET, there, here)])
    assert sorted((one.name, one.code, one.said) for one in ended) == [
        ("hai", 0, "met"),
        ("một", 0, "met"),
    ]
    told = capsys.readouterr().out.splitlines()
    assert sorted(told[:2]) == ["• hai …", "• một …"]
    assert [line[:2] for line in told[2:]] == ["✓ ", "me", "✓ ", "me"]


def test_after_a_part_that_fails_nothing_new_begins_and_its_code_is_the_end(tmp_path, capsys):
    row = Row(folder=tmp_path, at_once=1)
    ended = row.run([part("một", "raise SystemExit('hỏng')"), part("hai", "")])
    assert codes(ended) == {"một": 1, "hai": NOT_BEGUN}
    assert [one.name for one in ended if one.failed] == ["một"]
    told = capsys.readouterr().out
    assert "✗ một" in told
    assert "hỏng" in told
    assert "hai" not in told


def test_after_a_session_of_tests_that_fails_the_others_are_still_told(tmp_path, capsys):
    row = Row(folder=tmp_path, at_once=1)
    ended = row.run([part("một", "raise SystemExit('hỏng')", stops=False), part("hai", "")])
    assert codes(ended) == {"một": 1, "hai": 0}
    assert "✓ hai" in capsys.readouterr().out


def test_a_part_waits_for_the_one_that_it_needs_and_is_left_out_when_that_fails(tmp_path):
    made = tmp_path / "made"
    late = "import pathlib, sys, time; time.sleep(0.3); pathlib.Path(sys.argv[1]).touch()"
    ask = "import pathlib, sys; raise SystemExit(not pathlib.Path(sys.argv[1]).exists())"
    good = [part("mẫu", late, made), part("phiên", ask, made, after="mẫu")]
    assert codes(Row(folder=tmp_path, at_once=2).run(good)) == {"mẫu": 0, "phiên": 0}
    bad = [part("mẫu", "raise SystemExit(3)"), part("phiên", ask, made, after="mẫu")]
    assert codes(Row(folder=tmp_path, at_once=2).run(bad)) == {"mẫu": 3, "phiên": NOT_BEGUN}


@pytest.mark.parametrize(
    ("written", "said"),
    [(r"b'd\xe1\xba\xa5u \xff\n'", "dấu \ufffd"), ("b'x' * 200_000", "x" * 200_000)],
    ids=["no text", "much"],
)
def test_whatever_a_part_writes_is_kept(tmp_path, written, said):
    wrote = f"import sys; sys.stdout.buffer.write({written})"
    (ended,) = Row(folder=tmp_path, at_once=1).run([part("một", wrote)])
    assert ended.said == said


def test_every_test_file_is_in_one_session_or_parted_by_its_mark():
    roots = (places.ROOT / "src", places.ROOT / "tests", places.ROOT / "packs")
    files = [file for root in roots for file in root.rglob("test_*.py")]
    assert len(files) > 300
    found = {file: sessions_of(file) for file in files}
    assert {tuple(keys) for keys in found.values()} == {
        ("house", "live"),
        ("capabilities",),
        ("engines",),
        ("rest",),
        ("faults",),
    }
    words = {each.key: each.words for each in pytest_sessions.SESSIONS}
    assert (words["house"], words["live"]) == (("-m", "not live"), ("-m", "live"))


def sessions_of(file: Path) -> list[str]:
    name = file.relative_to(places.ROOT).as_posix()
    return [
        each.key
        for each in pytest_sessions.SESSIONS
        if any(name.startswith(f"{path}/") for path in each.paths)
        and not any(
            name.startswith(f"{word[9:]}/") for word in each.words if word[:9] == "--ignore="
        )
    ]


def test_a_session_copies_keys_and_files_only_where_it_copies_the_house(tmp_path):
    run = tmp_path / "77"
    every = {
        one.name: one
        for one in pytest_sessions.parts({"CUASO_VAR": str(run), "CUASO_MODE": "test"})
    }
    every[pytest_sessions.COPIES].ready()
    (run / "copied" / "keys").mkdir()
    for one in every.values():
        if one.after:
            one.ready()
    assert sorted(path.parent.name for path in run.glob("*/keys")) == [
        *("copied", "faults", "house", "live", "rest"),
    ]
    assert {one.after for one in every.values()} == {"", pytest_sessions.COPIES}
    names = {one.surroundings.get("CUASO_TEST_DB") for one in every.values() if one.after}
    assert names == {f"run77_{each.key}" for each in pytest_sessions.SESSIONS}


def test_the_end_of_the_run_is_the_sum_of_its_sessions():
    outcomes = [
        Outcome(name="kiểu", code=0, said="Success: no issues found in 1 file"),
        Outcome(
            name="a", code=0, said=".\n===== 12 passed, 3 deselected in 61.50s (0:01:01) ====="
        ),
        Outcome(name="b", code=1, said="x\n===== 1 failed, 30 passed, 1 skipped in 9.00s ====="),
        Outcome(name="c", code=NOT_BEGUN),
    ]
    line = verb.closing_line(outcomes, seconds=71.25)
    assert line.strip("= ") == "1 failed, 42 passed, 1 skipped in 71.25s (0:01:11)"


def test_where_python_may_write_no_bytecode_the_run_keeps_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("CUASO_VAR", str(tmp_path))
    given = {"DATABASE_URL": "postgresql://nowhere/none", "PYTHONDONTWRITEBYTECODE": "1"}
    with trial.house(given) as ready:
        var = tmp_path / "trial" / str(os.getpid())
        assert ready["PYTHONPYCACHEPREFIX"] == str(var / "bytecode")
        assert "PYTHONDONTWRITEBYTECODE" not in ready
    with trial.house({"DATABASE_URL": "postgresql://nowhere/none"}) as ready:
        assert "PYTHONPYCACHEPREFIX" not in ready


def test_processes_that_begin_together_have_one_secret(tmp_path, monkeypatch):
    monkeypatch.delenv("CUASO_SECRET_KEY", raising=False)
    with ThreadPoolExecutor(8) as hands:
        secrets = set(hands.map(environment.secret_key, [tmp_path] * 64))
    assert [len(secret) for secret in secrets] == [67]
    (kept,) = (tmp_path / "keys").iterdir()
    assert kept.read_text() in secrets
    assert kept.stat().st_mode & 0o777 == 0o600
