"""The one post of an official that follows the registry of officials."""

from datetime import date

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api
from cuaso.foundation.directory.contracts import Kept
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject

CLERK = system("Thử nghiệm")
DECISION = "Quyết định QĐNS-00001/2026"
BEFORE, DAY, AFTER = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)


class Newcomer:
    """Somebody who holds posts at the ward, from a day on."""

    def __init__(self):
        person = api.ensure_person(name="Lý Văn Mới", personal_number="052090000077")
        self.person_id = person.id
        self.place = Kept(agency_id=api.competent_agency("21583", "commune").id)

    def __call__(self, title, start, *, known=None):
        post = api.hold_post(
            person_id=self.person_id,
            place=self.place,
            title=title,
            roles=["handler"],
            start=start,
            actor=CLERK,
            reason=DECISION,
            known=known,
        )
        return post.id


@pytest.fixture
def holding(province):
    return Newcomer()


def titles(holding, day):
    return [post.title for post in api.posts_of(holding.person_id, day)]


def acts(post_id):
    told = audit.history(Subject(kind="directory.post", id=post_id))
    return [(entry.act, entry.reason) for entry in told]


def test_a_newcomer_holds_the_post_from_its_day_and_not_a_day_earlier(holding):
    post_id = holding("Chuyên viên", DAY)
    assert titles(holding, BEFORE) == []
    assert titles(holding, DAY) == ["Chuyên viên"]
    assert acts(post_id) == [("directory.appointed", DECISION)]
    assert holding("Chuyên viên", AFTER, known=post_id) == post_id
    assert (titles(holding, DAY), titles(holding, AFTER)) == ([], ["Chuyên viên"])


def test_who_is_appointed_leaves_the_old_post_on_the_same_day(holding):
    old = holding("Chuyên viên", date(2026, 11, 1))
    new = holding("Trưởng phòng", DAY, known=old)
    assert titles(holding, BEFORE) == ["Chuyên viên"]
    assert titles(holding, DAY) == ["Trưởng phòng"]
    assert holding("Trưởng phòng", DAY, known=new) == new
    assert acts(new) == [("directory.appointed", DECISION)]


def test_posts_beside_the_one_that_follows_the_registry_stay(holding):
    beside = holding("Kiêm nhiệm văn thư", date(2026, 11, 1))
    old = holding("Chuyên viên", date(2026, 11, 1))
    holding("Trưởng phòng", DAY, known=old)
    assert titles(holding, DAY) == ["Kiêm nhiệm văn thư", "Trưởng phòng"]
    ended = api.end_posts(person_id=holding.person_id, end=AFTER, actor=CLERK, reason="Nghỉ hưu")
    assert beside in {post.id for post in ended}
    assert titles(holding, DAY) == ["Kiêm nhiệm văn thư", "Trưởng phòng"]
    assert titles(holding, AFTER) == []
    again = api.end_posts(person_id=holding.person_id, end=AFTER, actor=CLERK, reason="Nghỉ hưu")
    assert again == ()


def test_an_end_written_by_mistake_is_taken_back_and_the_post_goes_on(holding):
    post_id = holding("Chuyên viên", date(2026, 11, 1))
    api.end_posts(person_id=holding.person_id, end=DAY, actor=CLERK, reason="Ghi nhầm")
    assert holding("Chuyên viên", date(2026, 11, 1), known=post_id) == post_id
    assert titles(holding, AFTER) == ["Chuyên viên"]
    assert [act for act, _ in acts(post_id)] == [
        "directory.appointed",
        "directory.post_ended",
        "directory.post_continued",
    ]


def test_who_comes_back_years_later_gets_a_new_post(holding):
    old = holding("Chuyên viên", date(2026, 11, 1))
    api.end_posts(person_id=holding.person_id, end=DAY, actor=CLERK, reason="Thôi việc")
    new = holding("Chuyên viên", date(2028, 3, 1), known=old)
    assert new != old
    assert titles(holding, date(2027, 6, 1)) == []
    assert titles(holding, date(2028, 3, 1)) == ["Chuyên viên"]
