"""How the command line speaks: one line a step, Vietnamese first."""

import sys

from cuaso.kernel.errors import Refusal


def say(text: str = "") -> None:
    """Write one line for the person at the terminal, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def step(text: str) -> None:
    """Say what is being done now."""
    say(f"• {text} …")


def done(text: str) -> None:
    say(f"✓ {text}")


def complain(refusal: Refusal) -> None:
    """Say on the error stream what happened, why, and what to do."""
    sys.stderr.write(f"✗ {refusal.what}\n")
    for line in (refusal.why, refusal.mend):
        if line:
            sys.stderr.write(f"  {line}\n")
    for problem in refusal.problems:
        sys.stderr.write(f"  – {problem.field}: {problem.say}\n")
    sys.stderr.flush()
