"""An officer looks for a registry on the shelf of its sector."""

from dataclasses import dataclass

import pytest

from cuaso.services.planning import api as planning

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Card:
    pack: str
    owner_name: str


def test_a_pack_without_a_sector_of_its_own_stands_with_the_others_of_its_owner():
    house = Card("construction", "Sở Xây dựng")
    roads = Card("transport", "Sở Xây dựng")
    school = Card("education", "Sở Giáo dục và Đào tạo")
    port = Card("harbour", "Cảng vụ")
    assert planning.shelves([port, roads, school, house]) == [
        ("Cảng vụ", [port]),
        ("Giáo dục và đào tạo", [school]),
        ("Xây dựng và giao thông", [roads, house]),
    ]
