"""Identifiers: time-ordered for rows, unguessable for what leaves the house."""

import secrets
import time
from uuid import UUID

# No 0/O, 1/I/L, U: a code is read aloud and typed on a phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


# A procedure whose national code nobody has looked up yet stands under a number of ours.
TEMPORARY_CODES = "9.0000"


def is_temporary_code(procedure_code: str) -> bool:
    """Say whether the code of a procedure is ours, for want of the national one."""
    return procedure_code.startswith(TEMPORARY_CODES)


def new_id() -> UUID:
    """Return a UUID of version 7 (RFC 9562): ordered by time, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def new_ids(count: int) -> list[UUID]:
    """Return so many UUIDs of version 7 of one moment, each greater than the one before."""
    head = (time.time_ns() // 1_000_000 & ((1 << 48) - 1)) << 80 | 0x7 << 76 | 0b10 << 62
    drawn_bytes, low = secrets.token_bytes(10 * count), (1 << 62) - 1
    pieces = (drawn_bytes[at : at + 10] for at in range(0, 10 * count, 10))
    drawn = sorted(int.from_bytes(piece, "big") >> 6 for piece in pieces)
    return [UUID(int=head | (one >> 62) << 64 | one & low) for one in drawn]


def unguessable(length: int) -> str:
    """Return a random code of `length` letters from an alphabet that is easy to read aloud."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
