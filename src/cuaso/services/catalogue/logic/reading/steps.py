"""Column "Trình tự thực hiện": steps with their paragraphs."""

import re

from cuaso.services.catalogue.contracts import Step

_LABEL = re.compile(
    r"\s*[-+*•]?\s*(?P<label>(?:Bước|BƯỚC) ?[0-9]{1,2}(?:\.[0-9]{1,2})?)\s*[:.)]?\s*"
)


def read(text: str) -> tuple[Step, ...]:
    """Begin a step at each line that opens with "Bước N"; what precedes stands without a label."""
    steps: list[tuple[str, list[str]]] = []
    for line in paragraphs(text):
        label = _LABEL.match(line)
        if label:
            steps.append((label["label"].capitalize(), []))
        elif not steps:
            steps.append(("", []))
        said = line[label.end() :] if label else line
        if said:
            steps[-1][1].append(said)
    return tuple(Step(label=label, lines=tuple(lines)) for label, lines in steps)


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
