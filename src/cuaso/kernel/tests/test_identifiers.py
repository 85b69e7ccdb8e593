"""Identifiers made many at once."""

from uuid import RFC_4122

from cuaso.kernel.identifiers import new_id, new_ids


def test_many_ids_of_one_moment_rise_and_are_of_the_kind_that_single_ones_are() -> None:
    before, many, after = new_id(), new_ids(500), new_id()
    assert len(set(many)) == 500
    assert many == sorted(many)
    assert {(one.version, one.variant) for one in many} == {(7, RFC_4122)}
    moments = {one.int >> 80 for one in many}
    assert len(moments) == 1
    assert before.int >> 80 <= moments.pop() <= after.int >> 80
    assert new_ids(0) == []
