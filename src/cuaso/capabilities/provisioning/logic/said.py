"""What a system said in its own words, kept for as long as the house agrees with it.

The house keeps one e-mail address, one name, one title. A system may say the same more finely
(the type of the address, the parts of a name) or say that there is none. Its words stand beside
the house's own value at that time; once the house knows otherwise, the house's value is shown.
"""

from collections.abc import Mapping
from typing import Any

from cuaso.capabilities.provisioning.contracts import Told

Said = dict[str, dict[str, Any]]


def remember(said: Said, *, name: str, value: object, house: object, own: object) -> None:
    """Keep a system's words for a fact. house: the house's value now; own: how it would say it."""
    if value == own:
        said.pop(name, None)
    else:
        said[name] = {"as": house, "value": value}


def still_true(said: Said, house: Mapping[str, object]) -> dict[str, Told]:
    """Return the words with which the house's present values agree."""
    return {
        name: Told(value=words["value"])
        for name, words in said.items()
        if words["as"] == house.get(name)
    }
