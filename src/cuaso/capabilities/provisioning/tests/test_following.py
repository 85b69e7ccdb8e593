"""A system with a SCIM server of its own is told of people and groups, and misses nothing."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from scim2_models import (
    EnterpriseUser,
    Filter,
    Group,
    Patch,
    ResourceType,
    ScimProvider,
    ServiceProviderConfig,
    User,
)
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication

from cuaso.capabilities.provisioning import api
from cuaso.capabilities.provisioning.models import Follower
from cuaso.capabilities.provisioning.tests import world
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock

TOKEN = "token-of-the-other"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@dataclass(kw_only=True)
class Other:
    """scim2-server itself, over a socket, with resources in memory."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    port: int = 0
    _running: WSGIServer | None = None

    def start(self) -> None:
        types = [
            ResourceType.from_resource(User[EnterpriseUser]),
            ResourceType.from_resource(Group),
        ]
        config = ServiceProviderConfig(
            patch=Patch(supported=True), filter=Filter(supported=True, max_results=100)
        )
        provider = ScimProvider([User, EnterpriseUser, Group], types, config)
        app = BearerTokenApplication(self.storage, provider, bearer_tokens=[TOKEN])
        self._running = make_server("127.0.0.1", self.port, app, handler_class=_Quiet)
        self.port = self._running.server_port
        threading.Thread(target=self._running.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._running:
            self._running.shutdown()
            self._running.server_close()
        self._running = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v2"

    def people(self) -> dict[str, Any]:
        found = [one for one in self.storage.resources if isinstance(one, User)]
        return {one.user_name or "": one for one in found}

    def group(self, name: str) -> set[str]:
        """Return the user names of a group's people."""
        by_id = {one.id: name for name, one in self.people().items()}
        found = next(
            one
            for one in self.storage.resources
            if isinstance(one, Group) and one.display_name == name
        )
        return {by_id[member.value] for member in found.members or ()}


@pytest.fixture
def other() -> Iterator[Other]:
    running = Other()
    running.start()
    yield running
    running.stop()


def catch_up() -> None:
    while api.revise():
        pass
    while api.tell_followers():
        pass


def follow(other: Other) -> None:
    api.follow(
        name="Hệ thống kia",
        way="scim",
        address=other.address,
        token=TOKEN,
        actor=world.ADMIN,
    )


def test_kt_f1_a_subscribed_system_gets_people_and_groups_and_every_change_of_them(db, other):
    place = world.build()
    duc = world.official("Trần Đình Đức", "duc.td", agency_id=place.other_id)
    world.official("Võ Thị Hạ Lam", "lam.vth", agency_id=place.other_id)
    follow(other)
    assert TOKEN not in str(list(Follower.objects.values()))
    catch_up()
    assert set(other.people()) == {"duc.td", "lam.vth"}
    shown = other.people()["duc.td"]
    assert (shown.name.formatted, shown.title, shown.active) == (
        "Trần Đình Đức",
        "Chuyên viên",
        True,
    )
    assert shown[EnterpriseUser].organization == "Sở Y tế"
    assert other.group("Sở Y tế") == {"duc.td", "lam.vth"}
    versions = {one.id: one.meta.version for one in other.storage.resources}
    api.tell_all_again(name="Hệ thống kia", actor=world.ADMIN)
    catch_up()
    assert len(other.storage.resources) == len(versions)
    identity.close_account(actor=world.ADMIN, account_id=duc, reason="Nghỉ việc")
    catch_up()
    assert other.people()["duc.td"].active is False
    identity.retire_account(actor=world.ADMIN, account_id=duc, reason="Nghỉ việc")
    catch_up()
    assert set(other.people()) == {"lam.vth"}
    assert other.group("Sở Y tế") == {"lam.vth"}


def test_kt_f1_after_an_outage_nothing_is_missing_and_nothing_stands_twice(db, other):
    place = world.build()
    follow(other)
    world.official("Trần Đình Đức", "duc.td", agency_id=place.other_id)
    catch_up()
    other.stop()
    world.official("Võ Thị Hạ Lam", "lam.vth", agency_id=place.other_id)
    catch_up()
    (standing,) = api.standings()
    assert (standing.failures, standing.behind > 0) == (1, True)
    assert standing.trouble == (
        "Hệ thống nhận danh bạ không nhận thay đổi. Không kết nối được (ConnectError: [Errno 111] "
        "Connection refused). Hệ thống sẽ tự gửi lại; nếu kéo dài, hãy kiểm tra địa chỉ và mã truy "
        "cập."
    )
    other.start()
    with clock.at(clock.now() + timedelta(minutes=10)):
        catch_up()
    (standing,) = api.standings()
    assert (standing.failures, standing.behind, standing.trouble) == (0, 0, "")
    assert set(other.people()) == {"duc.td", "lam.vth"}
    assert other.group("Sở Y tế") == {"duc.td", "lam.vth"}


def test_a_system_that_lost_its_data_is_filled_again_and_keeps_who_it_had_already(db, other):
    place = world.build()
    follow(other)
    world.official("Trần Đình Đức", "duc.td", agency_id=place.other_id)
    catch_up()
    kind = ResourceType.from_resource(User[EnterpriseUser])
    other.storage.resources = []
    own = other.storage.create(kind, User[EnterpriseUser](user_name="duc.td"))
    api.tell_all_again(name="Hệ thống kia", actor=world.ADMIN)
    catch_up()
    assert other.people()["duc.td"].id == own.id
    assert other.people()["duc.td"].display_name == "Trần Đình Đức"
    assert other.group("Sở Y tế") == {"duc.td"}


def test_a_follower_of_one_agency_is_told_of_nobody_else(db, other):
    place = world.build()
    world.official("Trong Sở", "trong", agency_id=place.department_id)
    world.official("Ngoài Sở", "ngoai", agency_id=place.other_id)
    api.follow(
        name="Hệ thống kia",
        way="scim",
        address=other.address,
        token=TOKEN,
        agency_id=place.department_id,
        actor=world.ADMIN,
    )
    catch_up()
    assert set(other.people()) == {"trong"}
    api.unfollow(name="Hệ thống kia", actor=world.ADMIN, reason="thử")
    world.official("Người Mới", "moi", agency_id=place.department_id)
    catch_up()
    assert set(other.people()) == {"trong"}
