"""What a verb's options are, and what was typed wrongly, told in Vietnamese first.

argparse speaks the language of the environment and has no Vietnamese; its own English sentence
follows the Vietnamese one, so that nothing it says is lost.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Final, NoReturn

from cuaso.kernel.errors import Refusal
from cuaso.wiring.words import complain

USAGE_ERROR: Final = 2
_KINDS: Final = {"int": "số nguyên", "float": "số"}
_SENTENCES: Final = tuple(
    (re.compile(rf"(?:argument (?P<name>.+?): )?{said}", re.DOTALL), told)
    for said, told in (
        (r"the following arguments are required: (?P<words>.+)", "Còn thiếu: {words}."),
        (r"unrecognized arguments: (?P<words>.+)", "Lệnh này không nhận: {words}."),
        (
            r"invalid choice: (?P<word>.+) \(choose from (?P<choices>.+)\)",
            "{name} không nhận “{word}”. Hãy chọn một trong: {choices}.",
        ),
        (r"invalid (?P<kind>\w+) value: (?P<word>.+)", "{name} cần {kind}, không nhận “{word}”."),
        (r"expected one argument", "{name} cần một giá trị đi sau."),
        (r"expected (?P<n>\d+) arguments", "{name} cần {n} giá trị đi sau."),
        (r"expected at least one argument", "{name} cần ít nhất một giá trị đi sau."),
        (r"ignored explicit argument (?P<word>.+)", "{name} không nhận giá trị, mà có “{word}”."),
        (
            r"ambiguous option: (?P<word>.+) could match (?P<choices>.+)",
            "{word} có thể là {choices}. Hãy gõ đủ chữ.",
        ),
    )
)


class SpokenParser(argparse.ArgumentParser):
    """Reads the words after a verb; wrong ones end the process with exit code 2."""

    def __init__(self, *, prog: str | None = None, description: str | None = None) -> None:
        super().__init__(
            prog=prog, description=description, formatter_class=_Format, add_help=False
        )
        self._positionals.title = "từ theo thứ tự"
        self._optionals.title = "tùy chọn"
        self.add_argument("-h", "--help", action="help", help="xem trang này rồi thoát")

    def error(self, message: str) -> NoReturn:
        """Say on the error stream how the verb is written and what was wrong, and exit."""
        self.print_usage(sys.stderr)
        complain(
            Refusal(
                code="cli.usage",
                what=told(message),
                why=f"({message})",
                mend=f"Xem các tùy chọn: {self.prog} --help",
            )
        )
        sys.exit(USAGE_ERROR)


class _Format(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "cách dùng: " if prefix is None else prefix)


def told(message: str) -> str:
    """Return argparse's sentence in Vietnamese."""
    for pattern, sentence in _SENTENCES:
        if found := pattern.fullmatch(message):
            words = {
                name: (text or "").replace("'", "") for name, text in found.groupdict().items()
            }
            kind = words.pop("kind", "")
            return sentence.format(kind=_KINDS.get(kind, kind), **words)
    return "Dòng lệnh chưa đúng."
