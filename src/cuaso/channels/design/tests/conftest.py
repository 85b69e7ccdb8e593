"""Draws markup as the template loaders would."""

import pytest
from django.template import engines
from django_cotton.compiler_regex import CottonCompiler


@pytest.fixture
def draw():
    """Return a function that renders markup as the template loaders would."""

    def rendered(markup: str, **context: object) -> str:
        compiled = engines["django"].from_string(CottonCompiler().process(markup))
        return " ".join(compiled.render(context).split())

    return rendered
