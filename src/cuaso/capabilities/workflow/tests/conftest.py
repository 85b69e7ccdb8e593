from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from cuaso.capabilities.workflow import api
from cuaso.capabilities.workflow.contracts import Instance, Task
from cuaso.capabilities.workflow.tests.flows import BIRTH
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

OFFICER = Actor(kind="official", name="Lê Thị Minh An")
MOMENT = datetime(2025, 7, 1, 2, 0, tzinfo=UTC)


class Desk:
    """An officer at work on one dossier."""

    def __init__(self, *, key: str = "birth", data: Mapping[str, object] | None = None) -> None:
        self.subject = Subject(kind="procedures.dossier", id=new_id())
        self.instance = api.start(key=key, subject=self.subject, data=data or {}, actor=OFFICER)

    def see(self) -> Instance:
        return api.instance(self.instance.id)

    def open(self) -> list[str]:
        return sorted(task.element for task in self.see().waiting)

    def task(self, element: str) -> Task:
        return next(task for task in self.see().waiting if task.element == element)

    def do(self, element: str, **data: object) -> Instance:
        return api.complete(task_id=self.task(element).id, data=data, actor=OFFICER)

    def hear(self, message: str, **data: object) -> Instance:
        return api.signal(instance_id=self.instance.id, message=message, data=data, actor=OFFICER)


@pytest.fixture
def birth(db: None) -> Desk:
    with clock.at(MOMENT):
        api.deploy(key="birth", xml=BIRTH.encode(), actor=OFFICER)
        return Desk()
