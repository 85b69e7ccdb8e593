"""Whether what a stranger has sent as JSON can be kept as it is."""

import json


def is_keepable(told: object) -> bool:
    """Say whether PostgreSQL can hold it: no NUL, no half of a letter, no number without end."""
    try:
        text = json.dumps(told, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        return False
    return "\\u0000" not in text
