"""The flows that the packs declare are sound and can be walked."""

from pathlib import Path

import pytest
from django.conf import settings

from cuaso.capabilities.workflow import api
from cuaso.capabilities.workflow.tests.conftest import OFFICER, Desk

FLOWS = {path.stem: path for path in sorted(Path(settings.PACKS).rglob("flows/*.bpmn"))}


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_a_packs_flow_is_sound_and_drawn(name: str) -> None:
    xml = FLOWS[name].read_bytes()
    assert api.check(xml) == ()
    assert api.picture(xml).startswith('<svg class="flow"')


DECISIONS = {
    "receive": "accept",
    "examine": "propose",
    "confirm_draft": "accept",
    "approve": "approve",
}


@pytest.mark.django_db
def test_a_birth_is_walked_from_the_portal_to_the_delivery() -> None:
    api.deploy(key="birth", xml=FLOWS["birth_registration"].read_bytes(), actor=OFFICER)
    desk = Desk(key="birth", data={"channel": "online"})
    walked = []
    while desk.see().status == "running":
        (task,) = desk.see().waiting
        walked.append(task.element)
        desk.do(task.element, decision=DECISIONS.get(task.element, ""))
    assert walked == [
        "receive",
        "examine",
        "confirm_draft",
        "personal_number",
        "approve",
        "seal",
        "deliver",
    ]
