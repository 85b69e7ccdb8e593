"""Programs that change many records of a registry at once, all of them or none."""

import pytest

from tests.rest.conftest import Caller
from tests.rest.test_registries import SO, added, commune, harbour

__all__ = ["commune", "harbour"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


def test_a_program_changes_many_at_once_and_may_ask_for_all_or_none(commune: Caller) -> None:
    ids = [added(commune, number)["id"] for number in (1, 2)]
    unknown = "00000000-0000-0000-0000-000000000007"
    body = {"values": {"name": "Biển Xanh"}, "reason": "Đổi tên", "partly": False}
    none = commune.send("PATCH", SO + "/bulk", {**body, "ids": [*ids, unknown]}).json()
    assert [one["outcome"] for one in none["records"]] == ["held", "held", "refused"]
    assert (none["changed"], none["change_id"]) == (0, None)
    assert commune.get(f"{SO}/{ids[0]}").json()["values"]["name"] == "Hải Âu"
    done = commune.send("PATCH", SO + "/bulk", {**body, "ids": ids}).json()
    assert [one["outcome"] for one in done["records"]] == ["changed", "changed"]
    described = commune.get(SO + "/openapi.json").json()
    schemas = described["components"]["schemas"]
    told = next(one for name, one in schemas.items() if name.endswith(".bulk"))
    assert told["properties"]["partly"] == {
        "type": "boolean",
        "default": True,
        "description": "Không: chỉ cần một bản ghi bị từ chối thì không ghi bản ghi nào.",
    }
    assert told["required"] == ["ids", "values", "reason"]
