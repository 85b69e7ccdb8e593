"""A place along a road, and rules that read the record which a field refers to."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

from cuaso.declarations.fields import Context, Field, Record, Wrong, type_of
from cuaso.declarations.packs.reaching_proof import reaching_faults
from cuaso.declarations.registries import Registry
from cuaso.kernel.errors import Invalid

LEGAL = [{"source": "Dữ liệu thử"}]
ROAD = {
    "title": "Sổ đường",
    "owner": "so-xay-dung",
    "legal": LEGAL,
    "key": ["code"],
    "fields": {
        "code": {"title": "Mã"},
        "end_km": {"title": "Lý trình cuối", "type": "chainage"},
        "secret": {"title": "Ghi chú", "required": False},
        "track": {"title": "Tim tuyến", "type": "line"},
    },
    "masks": {"secret": {"roles": ["leader"]}},
    "lists": {"default": {"columns": ["code"]}},
}
ALONG = {"of": "road", "line": "track", "starts": "end_km", "ends": "end_km", "km": ["km"]}
BRIDGE = {
    "title": "Sổ cầu",
    "owner": "so-xay-dung",
    "legal": LEGAL,
    "key": ["code"],
    "fields": {
        "code": {"title": "Mã"},
        "road": {"title": "Đường", "to": "road", "brings": {"end_km": "decimal"}},
        "km": {"title": "Lý trình", "type": "chainage", "max": "900"},
        "state": {"title": "Trạng thái", "codes": "state"},
    },
    "rules": [{"check": "km <= road.end_km", "say": "Lý trình nằm ngoài tuyến.", "at": "km"}],
    "lists": {"default": {"columns": ["code"]}},
    "maps": {"all": {"along": ALONG}},
}
KM = Field.model_validate({"title": "Lý trình", "type": "chainage", "max": "900"})


class Roads:
    """One road of twenty kilometres and 150 metres, and one whose end nobody wrote down."""

    ENDS: Mapping[str, object] = {"r1": Decimal("20.150"), "r2": None}

    def find(self, registry: str, key_or_id: str) -> Record | None:
        known = registry == "road" and key_or_id in self.ENDS
        return Record(id=key_or_id, key=key_or_id, label=key_or_id) if known else None

    def options(self, registry: str, words: str, limit: int) -> Sequence[Record]:  # noqa: ARG002
        return ()

    def facts(self, registry: str, id: str, names: Sequence[str]) -> Mapping[str, object]:
        assert (registry, tuple(names)) == ("road", ("end_km",))
        return {"end_km": self.ENDS[id]}


HERE = Context(today=date(2026, 11, 26), records=Roads())


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("Km12+350", "12.350", "Km12+350"),
        ("12+350", "12.350", "Km12+350"),
        ("km 12 + 350", "12.350", "Km12+350"),
        ("12,35", "12.350", "Km12+350"),
        ("12.350", "12.350", "Km12+350"),
        ("0", "0.000", "Km0+000"),
        ("7 km", "7.000", "Km7+000"),
    ],
)
def test_an_engineer_types_a_chainage_as_engineers_write_it(typed, kept, shown):
    kind = type_of(KM)
    value = kind.parse(KM, typed, HERE)
    assert kind.store(value) == kept
    assert kind.show(KM, value, HERE) == shown
    assert kind.parse(KM, kind.edit(KM, value), HERE) == value


@pytest.mark.parametrize("typed", ["Km12+35", "12+3500", "-1", "12 km 35", "Km901+000", "mười"])
def test_an_engineer_types_what_is_no_chainage_or_lies_beyond_any_road(typed):
    with pytest.raises(Wrong):
        type_of(KM).parse(KM, typed, HERE)


def problems(road: str, km: str) -> list[tuple[str, str]]:
    texts = {"record.code": "c", "record.road": road, "record.km": km, "record.state": ""}
    form = Registry.model_validate({**BRIDGE, "fields": _without_state()}).form
    try:
        form.clean(texts, HERE)
    except Invalid as wrong:
        return [(one.field, one.say) for one in wrong.problems]
    return []


def _without_state() -> dict[str, object]:
    return {name: one for name, one in BRIDGE["fields"].items() if name != "state"}  # type: ignore[attr-defined]


def test_an_officer_names_a_road_and_the_rule_reads_where_it_ends():
    beyond = [("record.km", "Lý trình nằm ngoài tuyến.")]
    assert problems("r1", "Km20+150") == []
    assert problems("r1", "Km20+151") == beyond
    assert problems("r2", "Km800+000") == []


def faults(**keys: object) -> list[tuple[tuple[object, ...], str]]:
    registry = Registry.model_validate({**BRIDGE, **keys})
    declared = {"transport/road": Registry.model_validate(ROAD)}
    found = reaching_faults(registry, pack="transport", registries=declared)
    return [(place, what) for place, what, mend in found if mend]


def bringing(**brings: str) -> dict[str, object]:
    road = {"title": "Đường", "to": "road", "brings": brings}
    return {"fields": {**BRIDGE["fields"], "road": road}}  # type: ignore[dict-item]


def test_an_author_reads_of_another_registry_what_is_there_and_not_masked():
    assert faults() == []
    place = ("fields", "road", "brings")
    assert faults(**bringing(end_km="decimal", secret="text")) == [
        (
            (*place, "secret"),
            "Ô “secret” của sổ “Sổ đường” được che, nên luật của sổ khác không đọc.",
        )
    ]
    assert faults(**bringing(end_km="integer")) == [
        ((*place, "end_km"), "Ô “end_km” của sổ “Sổ đường” không phải kiểu integer.")
    ]
    assert faults(**bringing(lenght="decimal")) == [
        ((*place, "lenght"), "Sổ “Sổ đường” không có ô “lenght”.")
    ]


def test_an_author_draws_along_what_is_no_line_or_moves_by_another_record():
    drawn = {"maps": {"all": {"along": {**ALONG, "line": "code"}}}}
    assert faults(**drawn) == [
        (
            ("maps", "all", "along", "line"),
            "Ô “code” của sổ “Sổ đường” không chỉ chỗ trên đường được.",
        )
    ]
    move = {"title": "Đóng", "from": "a", "to": "b", "when": "km < road.end_km"}
    statuses = {"field": "state", "start": "a", "moves": {"close": move}}
    assert faults(statuses=statuses) == [
        (("statuses", "moves", "close", "when"), "Bước “Đóng” đọc bản ghi khác qua ô “road”.")
    ]
