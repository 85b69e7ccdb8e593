"""The id of the input at a path; the templates' `anchor` filter gives the same."""

import re


def of(path: str) -> str:
    """Return the id: child.full_name becomes f-child-full-name."""
    return "f-" + re.sub(r"[^0-9A-Za-z]+", "-", path).strip("-")
