"""A reader looks a word up: the reference page names every word of the language."""

from pathlib import Path

import pytest

from cuaso.declarations import expressions, messages
from cuaso.declarations.fields import OPTIONS_OF, Field
from cuaso.declarations.fields.compounds import PERSON_PARTS
from cuaso.declarations.forms import CONTEXT_NAMES, Repeat, Rule
from cuaso.declarations.pack import Manifest
from cuaso.declarations.packs import HOUSE_ACTS
from cuaso.declarations.procedures import (
    LANES,
    PROOFS,
    Component,
    Fee,
    Procedure,
    RecordOf,
    Result,
    TimeLimit,
)
from cuaso.declarations.record_flows import Lane, Workflow
from cuaso.declarations.record_papers import Paper, Signer
from cuaso.declarations.registries import (
    Group,
    Legal,
    Mask,
    Move,
    Part,
    Registry,
    RegistryField,
    Retention,
    Right,
    SharingOf,
    Statuses,
)
from cuaso.declarations.registry_views import CalendarOf, Figure, ListOf, MapOf, Print
from cuaso.declarations.rehearsal import DUE, FEE, FORM, PAPERS, RECORD
from cuaso.declarations.sources import SOURCES
from cuaso.declarations.verifying import Verify

PAGE = (Path(__file__).resolve().parents[4] / "docs/reference/pack-language.md").read_text()
WORDS = {
    "types": set(OPTIONS_OF),
    "options": set().union(*OPTIONS_OF.values()),
    "functions": set(expressions.FUNCTIONS),
    "names": set(CONTEXT_NAMES),
    "sources": set(SOURCES),
    "proofs": set(PROOFS),
    "lanes": set(LANES),
    "blanks": set(messages.CONTEXT),
    "acts": {*HOUSE_ACTS, DUE, FEE, FORM, PAPERS, RECORD},
    "person": set(PERSON_PARTS),
    **{
        shape.__name__: set(shape.keys())
        for shape in (
            *(Manifest, Procedure, Component, TimeLimit, Fee, Result, Field, Rule, Repeat),
            *(RecordOf, Registry, RegistryField, Group, Part, Statuses, Move, ListOf, MapOf),
            *(
                Signer,
                Workflow,
                Lane,
                CalendarOf,
                Figure,
                Print,
                Right,
                Mask,
                SharingOf,
                Retention,
                Legal,
                Verify,
                Paper,
            ),
        )
    },
}


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_word_of_the_language_is_on_the_reference_page(kind):
    english = {"title_en", "say_en", "hint_en", "item_en", "field_en", "about_en"}
    missing = sorted(word for word in WORDS[kind] - english if word not in PAGE)
    assert missing == []
