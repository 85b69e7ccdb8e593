"""Parts of pages that are kept, drawn a second time beside what was kept."""

import re
from typing import Any

import pytest
from django.template import Context, engines

TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')


@pytest.fixture
def compared(monkeypatch):
    """Draw each part a second time, with every name of its page; return how often that was done."""
    times = []
    sample: Any = engines["django"].from_string("{% load keeping %}{% kept a=1 %}{% endkept %}")
    kept = type(sample.template.nodelist[-1])
    render = kept.render

    def twice(self, context: Context):
        said = render(self, context)
        named = {**self._shown, **self._holes}
        with context.push(**{name: one.resolve(context) for name, one in named.items()}):
            whole = self.nodelist.render(context)
        assert TOKEN.sub(r"\1", said) == TOKEN.sub(r"\1", whole)
        times.append(1)
        return said

    monkeypatch.setattr(kept, "render", twice)
    return lambda: len(times)
