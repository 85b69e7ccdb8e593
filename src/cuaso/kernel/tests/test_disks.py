"""Whoever's act finds no room on a disk is told so, whichever program noticed it first."""

import errno
from pathlib import Path

import psycopg
import pytest

from cuaso.kernel import disks


def raised(error, cause=None):
    try:
        raise error from cause
    except type(error) as caught:
        return caught


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (raised(RuntimeError("x"), psycopg.errors.DiskFull("could not extend file")), True),
        (raised(RuntimeError("x"), psycopg.errors.AdminShutdown("ended")), False),
        (None, False),
    ],
)
def test_an_act_that_found_no_room_is_known_by_its_error(error, full):
    assert disks.is_full(error) is full


def test_a_device_without_room_refuses_what_is_written_to_it():
    with pytest.raises(OSError, match="No space") as noticed:
        Path("/dev/full").write_text("x", encoding="utf-8")
    assert disks.is_full(noticed.value) is True
