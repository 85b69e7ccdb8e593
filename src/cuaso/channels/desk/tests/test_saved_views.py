from uuid import UUID

import pytest
from django.urls import reverse

from cuaso.services.procedures import api as procedures
from cuaso.services.worklists import api as worklists
from cuaso.services.worklists.contracts import Filter

pytestmark = pytest.mark.django_db
HOME = "/ban-lam-viec/"
MARK = "Có thay đổi từ lần xem trước"
TYPED = {"title": " Khai  sinh ", "xem": "mine", "q": "", "tt": "1.001193"}


def test_an_officer_keeps_a_filter_under_a_name_and_removes_it(sign_in, official, submitted):
    officer = sign_in("reception")
    done = officer.post(reverse("desk:save_view"), TYPED, follow=True).content.decode()
    (kept,) = worklists.saved_views(actor=official("reception"))
    assert (kept.title, kept.filter) == ("Khai sinh", Filter(view="mine", procedure="1.001193"))
    assert "Bỏ bộ lọc đã lưu này" in done
    assert 'href="/ban-lam-viec/?xem=mine&amp;tt=1.001193"' in officer.get(HOME).content.decode()
    officer.post(reverse("desk:save_view"), {**TYPED, "tt": "1.004873"})
    (again,) = worklists.saved_views(actor=official("reception"))
    assert again.filter.procedure == "1.004873"
    officer.post(reverse("desk:drop_view", args=[again.id]))
    assert worklists.saved_views(actor=official("reception")) == ()


def test_nobody_removes_or_sees_anothers_filter(sign_in, official):
    sign_in("reception").post(reverse("desk:save_view"), TYPED)
    (kept,) = worklists.saved_views(actor=official("reception"))
    assert worklists.saved_views(actor=official("handler")) == ()
    sign_in("handler").post(reverse("desk:drop_view", args=[kept.id]))
    assert worklists.saved_views(actor=official("reception")) == (kept,)


def test_a_filter_without_a_name_or_the_thirteenth_is_refused(sign_in, official):
    officer, actor = sign_in("reception"), official("reception")
    said = officer.post(reverse("desk:save_view"), {**TYPED, "title": " "}, follow=True)
    assert "Chưa lưu được bộ lọc." in said.content.decode()
    for number in range(12):
        worklists.save_view(title=f"Lọc {number}", filter=Filter(view="mine"), actor=actor)
    said = officer.post(reverse("desk:save_view"), TYPED, follow=True)
    assert "Ông/bà đã lưu 12 bộ lọc." in said.content.decode()
    assert len(worklists.saved_views(actor=actor)) == 12


def test_an_officer_sees_which_dossier_went_on_since_they_opened_it(
    sign_in, submitted: UUID, official
):
    officer = sign_in("reception")
    listed = f"{HOME}?xem=all"
    assert MARK not in officer.get(listed).content.decode()
    officer.get(f"{HOME}ho-so/{submitted}/")
    assert MARK not in officer.get(listed).content.decode()
    procedures.receive(id=submitted, actor=official("reception"))
    assert MARK in officer.get(listed).content.decode()
    assert MARK not in sign_in("handler").get(HOME).content.decode()
    officer.get(f"{HOME}ho-so/{submitted}/")
    assert MARK not in officer.get(listed).content.decode()
