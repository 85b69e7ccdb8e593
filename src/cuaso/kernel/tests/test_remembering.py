from datetime import UTC, datetime

import pytest

from cuaso.kernel import clock, remembering
from cuaso.kernel.remembering import (
    Memory,
    asked_early,
    early,
    foresee,
    foreseen,
    forget_everything,
    forget_once,
    one_moment,
)


class Source:
    def __init__(self) -> None:
        self.stamp, self.asked, self.stamps_asked = "a", 0, 0
        self.memory = Memory(stamp=self._tell)
        self.read = self.memory.keep(self._read)

    def _tell(self) -> str:
        self.stamps_asked += 1
        return self.stamp

    def _read(self, key: str, *, on: str = "") -> str:
        self.asked += 1
        if key == "none":
            raise LookupError(key)
        return f"{key}{on}{self.stamp}"


@pytest.fixture
def source() -> Source:
    return Source()


def test_outside_a_moment_every_question_reads_the_source(source):
    assert [source.read("x"), source.read("x")] == ["xa", "xa"]
    assert (source.asked, source.stamps_asked) == (2, 0)


def test_within_a_moment_the_same_question_is_read_once(source):
    with one_moment():
        assert [source.read("x"), source.read("x"), source.read("x", on="1")] == ["xa", "xa", "x1a"]
    with one_moment():
        assert source.read("x") == "xa"
    assert (source.asked, source.stamps_asked) == (2, 2)


def test_a_changed_source_is_read_again_by_the_next_moment(source):
    with one_moment():
        source.read("x")
        source.stamp = "b"
        assert source.read("x") == "xa"
    with one_moment():
        assert source.read("x") == "xb"


def test_a_moment_that_changes_the_source_sees_its_own_change(source):
    with one_moment():
        source.read("x")
        source.stamp = "b"
        source.memory.renew()
        assert source.read("x") == "xb"


def test_a_refusal_and_a_source_without_a_stamp_are_not_kept(source):
    with one_moment():
        for _ in range(2):
            with pytest.raises(LookupError):
                source.read("none")
    source.stamp = ""
    with one_moment():
        source.read("x")
        source.read("x")
    assert source.asked == 4


def test_another_legal_day_is_another_question(source):
    with one_moment():
        for day in (1, 2):
            with clock.at(datetime(2026, 3, day, 12, tzinfo=UTC)):
                source.read("x")
    assert source.asked == 2


def test_a_forgotten_memory_reads_its_source_again(source):
    with one_moment():
        source.read("x")
        forget_everything()
        assert source.read("x") == "xa"
    assert source.asked == 2


def test_what_was_foreseen_holds_until_the_moment_changes_a_source_itself(source, monkeypatch):
    monkeypatch.setattr(remembering, "_early", {})
    statement = asked_early("select value from tried_stamp limit 1")
    assert statement in early()
    foresee({statement: "a"})
    assert foreseen(statement) is None
    with one_moment():
        foresee({statement: "a"})
        assert (foreseen(statement), foreseen("select 2")) == ("a", None)
        source.memory.renew()
        assert foreseen(statement) is None
        foresee({statement: "b"})
        forget_once("any other key")
        assert foreseen(statement) is None


def test_a_moment_tells_the_stamp_under_which_others_may_keep_what_they_make(source):
    assert source.memory.stamp() == ""
    with one_moment():
        assert [source.memory.stamp(), source.memory.stamp()] == ["a", "a"]
    assert source.stamps_asked == 1
