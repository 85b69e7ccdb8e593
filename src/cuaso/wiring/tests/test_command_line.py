"""`./cuaso LỆNH` as a person types it, rightly and wrongly."""

import importlib
import os
import subprocess
import sys

import pytest

from cuaso.wiring import places
from cuaso.wiring.cli.spoken_parser import SpokenParser, told
from cuaso.wiring.cli.verbs import VERBS

ENGLISH = ("usage:", "options:", "positional arguments", "show this help", "error:")


def parser_of(verb):
    parser = SpokenParser(prog=f"./cuaso {verb}")
    importlib.import_module(f"cuaso.wiring.cli.{VERBS[verb].module}").arguments(parser)
    return parser


def helped(parser):
    """Yield the help of a parser and of each of its acts."""
    yield parser.format_help()
    for action in parser._actions:
        if isinstance(action.choices, dict):
            for act in action.choices.values():
                yield from helped(act)


@pytest.mark.parametrize("verb", VERBS)
def test_a_person_who_asks_for_help_reads_vietnamese(verb):
    for page in helped(parser_of(verb)):
        assert page.startswith(f"cách dùng: ./cuaso {verb}")
        assert "-h, --help" in page
        assert "xem trang này rồi thoát" in page
        assert [word for word in ENGLISH if word in page] == []


@pytest.mark.parametrize("verb", VERBS)
def test_a_person_reads_what_each_word_and_option_means(verb):
    parsers, untold = [parser_of(verb)], []
    for parser in parsers:
        for action in parser._actions:
            if isinstance(action.choices, dict):
                parsers.extend(action.choices.values())
            elif not action.help:
                untold.append((parser.prog, action.dest))
    assert untold == []


@pytest.mark.parametrize(
    ("verb", "words", "said"),
    [
        ("registries", ["import", "giao-thong/bai"], "Còn thiếu: TỆP."),
        ("registries", [], "Còn thiếu: VIỆC."),
        ("doctor", ["--xml"], "Lệnh này không nhận: --xml."),
        (
            "packs",
            ["chek"],
            "VIỆC không nhận “chek”. Hãy chọn một trong: check, document, xlsform.",
        ),
        ("soak", ["--examples", "nhiều"], "--examples cần số nguyên, không nhận “nhiều”."),
        ("backup", ["--to"], "--to cần một giá trị đi sau."),
        ("restore", ["a", "--prove", "1"], "--prove cần 2 giá trị đi sau."),
        ("doctor", ["--json=1"], "--json không nhận giá trị, mà có “1”."),
    ],
)
def test_a_person_who_types_wrongly_reads_what_was_wrong_in_vietnamese(verb, words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        parser_of(verb).parse_args(words)
    assert ended.value.code == 2
    usage, mistake, english, mend = capsys.readouterr().err.rstrip("\n").rsplit("\n", 3)
    assert usage.startswith(f"cách dùng: ./cuaso {verb}")
    assert mistake == f"✗ {said}"
    assert (english[:3], english[-1]) == ("  (", ")")
    assert mend.endswith("--help")


def test_a_person_who_shortens_an_option_too_much_reads_which_there_are():
    said = told("ambiguous option: --r could match --rows, --reason")
    assert said == "--r có thể là --rows, --reason. Hãy gõ đủ chữ."


def test_a_sentence_that_argparse_has_not_said_before_is_kept_in_english():
    assert told("something new") == "Dòng lệnh chưa đúng."


@pytest.mark.parametrize(
    ("words", "code"), [(["soak", "--help"], 0), (["soak", "--nope"], 2), (["nope"], 2)]
)
def test_the_command_ends_with_the_documented_exit_code(words, code):
    ran = subprocess.run(
        [sys.executable, "-m", "cuaso.wiring.cli", *words],
        env={**os.environ, "PYTHONPATH": str(places.ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == code
    assert [word for word in ENGLISH if word in ran.stdout] == []
