"""An agency registers an application; what exists already is said, with reasons."""

import pytest
from django.db import connection

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.planning import api
from cuaso.services.planning.contracts import ApplicationDraft, State
from cuaso.services.planning.models import Application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
STAFF = ApplicationDraft(
    title="Phần mềm hồ sơ viên chức ngành y tế",
    purpose="Giữ hồ sơ viên chức, quá trình công tác, lương của các bệnh viện",
    elements=("person.full_name", "person.birth_date", "person.ethnic_group"),
    interfaces=("csdl-can-bo-quoc-gia",),
    level=2,
    cost_vnd=900_000_000,
)
WEATHER = ApplicationDraft(
    title="Cảnh báo mưa lũ cho thôn, làng",
    purpose="Nhắn tin cho người dân vùng trũng khi nước sông dâng",
    elements=("place.longitude",),
    level=1,
)
WHY = "Bệnh viện trực đêm cần lịch riêng mà phần mềm chung không có."


@pytest.fixture
def provincial(db) -> Actor:
    """Return who administers the province."""
    committee = directory.province().committee_id
    admins = directory.holders_below(committee, "admin")
    (holder,) = [one for one in admins if one.post.agency_id == committee]
    return directory.actor_for_post(holder.post.id)


def history(id) -> list[str]:
    return [one.act for one in audit.history(Subject(kind="planning.application", id=id))]


def test_a_registration_that_resembles_something_is_told_what_and_why(official):
    with pytest.raises(Conflict) as refusal:
        api.register_application(draft=STAFF, actor=official("admin"))
    assert refusal.value.code == "planning.resembles"
    assert "Phần mềm quản lý cán bộ, công chức, viên chức (Sở Nội vụ" in refusal.value.why
    assert [one.field for one in refusal.value.problems] == ["justification"]
    assert Application.objects.filter(key="").count() == 0


def test_each_likeness_has_its_reasons_in_sentences(official):
    first = api.similar(STAFF)[0]
    assert first.title == "Phần mềm quản lý cán bộ, công chức, viên chức"
    data = "Ngày, tháng, năm sinh, Dân tộc, Họ, chữ đệm và tên"
    assert first.reasons == (
        f"Cùng giữ 3 phần tử dữ liệu: {data}.",
        "Tên và mục đích nói cùng việc: “viên chức”, “giữ hồ sơ”, “quá trình công tác”.",
        f"Cùng kết nối với csdl-can-bo-quoc-gia để lấy {data}.",
    )
    assert "Phần mềm hồ sơ cán bộ cũ của tỉnh" not in [one.title for one in api.similar(STAFF)]
    assert api.similar(WEATHER) == ()


def test_an_explained_registration_keeps_what_it_resembled(official):
    id = api.register_application(draft=STAFF, justification=WHY, actor=official("admin"))
    row = Application.objects.get(id=id)
    assert (row.state, row.justification, row.agency_id) == (
        "proposed",
        WHY,
        official("admin").agency_id,
    )
    assert row.resembled[0].startswith("Phần mềm quản lý cán bộ, công chức, viên chức (Sở Nội vụ")
    assert history(id) == ["planning.application_registered"]
    with connection.cursor() as cursor:
        cursor.execute("select topic from audit_event where subject_id = %s", [id])
        assert cursor.fetchall() == [("planning.application_registered",)]


def test_who_only_handles_dossiers_registers_nothing(official):
    with pytest.raises(NotAllowed):
        api.register_application(draft=WEATHER, actor=official("handler"))
    assert not api.may_register(official("handler"))
    assert Application.objects.filter(key="").count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": "x"}, "title"),
        ({"purpose": "ngắn"}, "purpose"),
        ({"level": 6}, "level"),
        ({"cost_vnd": -1}, "cost_vnd"),
        ({"elements": ("place.longitud",)}, "elements"),
    ],
)
def test_a_wrong_registration_is_told_where(official, changed, field):
    given = {
        "title": WEATHER.title,
        "purpose": WEATHER.purpose,
        "elements": WEATHER.elements,
        **changed,
    }
    with pytest.raises(Invalid) as refusal:
        api.register_application(draft=ApplicationDraft(**given), actor=official("admin"))
    assert [one.field for one in refusal.value.problems] == [field]
    assert Application.objects.filter(key="").count() == 0


def test_an_application_lives_from_proposal_to_retirement(official, provincial):
    keeper = official("admin")
    id = api.register_application(draft=WEATHER, actor=keeper)
    assert api.application(id=id, actor=keeper).moves == ()
    assert api.application(id=id, actor=provincial).moves == ("approved", "refused")
    api.move_application(id=id, to="approved", note="QĐ 12", version=1, actor=provincial)
    assert api.application(id=id, actor=keeper).moves == ("building", "running", "retired")
    course: tuple[State, ...] = ("building", "running", "retired")
    for version, state in enumerate(course, start=2):
        api.move_application(id=id, to=state, note="Biên bản", version=version, actor=keeper)
    assert api.application(id=id, actor=keeper).state == "retired"
    assert history(id) == ["planning.application_registered", *["planning.application_moved"] * 4]
    assert [one.reason for one in api.application_history(id=id, actor=keeper)][1] == "QĐ 12"


def test_nobody_decides_what_they_registered_themselves(provincial):
    id = api.register_application(draft=WEATHER, actor=provincial)
    assert api.application(id=id, actor=provincial).moves == ()
    with pytest.raises(NotAllowed) as refusal:
        api.move_application(id=id, to="approved", note="QĐ 12", version=1, actor=provincial)
    assert refusal.value.code == "planning.own_registration"
    assert api.application(id=id, actor=provincial).state == "proposed"


def test_a_ward_decides_nothing_and_moves_nothing_of_another(official, provincial):
    id = api.register_application(draft=WEATHER, actor=official("admin"))
    stranger = official("leader", "21952")
    decisions: tuple[State, ...] = ("approved", "refused")
    for state in decisions:
        with pytest.raises(NotAllowed):
            api.move_application(id=id, to=state, note="x", version=1, actor=stranger)
    api.move_application(id=id, to="approved", note="QĐ 12", version=1, actor=provincial)
    with pytest.raises(NotAllowed):
        api.move_application(id=id, to="running", note="x", version=2, actor=stranger)
    assert api.application(id=id, actor=stranger).state == "approved"


def test_a_move_without_a_note_or_after_somebody_elses_is_refused(official, provincial):
    id = api.register_application(draft=WEATHER, actor=official("admin"))
    with pytest.raises(Invalid):
        api.move_application(id=id, to="approved", note=" ", version=1, actor=provincial)
    api.move_application(id=id, to="approved", note="QĐ 12", version=1, actor=provincial)
    with pytest.raises(Conflict):
        api.move_application(id=id, to="refused", note="x", version=1, actor=provincial)
    with pytest.raises(Conflict):
        api.move_application(id=id, to="proposed", note="x", version=2, actor=official("admin"))
    assert api.application(id=id, actor=provincial).state == "approved"


def test_the_register_is_filtered_by_state_and_by_words_without_marks(official, citizen):
    actor = official("reception")
    assert [one.title for one in api.applications(actor=actor, state="building")] == [
        "Phần mềm hồ sơ địa chính"
    ]
    assert [one.title for one in api.applications(actor=actor, text="van ban di")] == [
        "Hệ thống quản lý văn bản và điều hành"
    ]
    assert len(api.applications(actor=actor)) == 6
    assert api.applications(actor=citizen()) == ()
    with pytest.raises(NotFound):
        api.application(id=new_id(), actor=actor)
