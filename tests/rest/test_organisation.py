"""The organisation chart of any day, in the browser and by API."""

from datetime import date

from django.test import Client

from cuaso.foundation.directory import api as directory

PAGE = "/to-chuc/"


def test_kt_f1_anyone_finds_an_agency_by_name_or_code_with_and_without_marks(db):
    guest = Client()
    committee = directory.agency(directory.province().committee_id)
    asked = ("Ủy ban nhân dân tỉnh", "uy ban nhan dan tinh", committee.code.lower())
    for text in asked:
        page = guest.get(PAGE, {"tim": text}).content.decode()
        assert committee.name in page
        found = guest.get("/api/v1/organisation", {"text": text}).json()
        assert committee.code in [one["code"] for one in found["agencies"]]
    nothing = guest.get(PAGE, {"tim": "zzqqxx"}).content.decode()
    assert "Chưa tìm thấy" in nothing
    assert guest.get(PAGE, {"tim": "\0a\0"}).status_code == 200
    assert guest.get("/api/v1/organisation", {"text": ""}).status_code == 422


def test_kt_f1_the_chart_of_a_past_day_shows_the_agencies_of_that_day(db):
    guest = Client()
    now = directory.province()
    then = directory.province(date(2025, 6, 30))
    assert now.committee_name != then.committee_name
    today = guest.get(PAGE).content.decode()
    past = guest.get(PAGE, {"ngay": "30/06/2025"}).content.decode()
    assert now.committee_name in today
    assert then.committee_name not in today
    assert then.committee_name in past
    assert 'value="30/06/2025"' in past
    wrong = guest.get(PAGE, {"ngay": "32/13/2025"}).content.decode()
    assert "Ngày ghi chưa đúng" in wrong
    key = directory.agency_key(now.committee_id)
    assert guest.get(f"{PAGE}{key}/", {"ngay": "30/06/2025"}).status_code == 404


def test_kt_f1_an_agency_shows_its_posts_and_who_holds_them_and_no_contact_of_theirs(official, db):
    actor = official("leader")
    assert actor.agency_id is not None
    agency = directory.agency(actor.agency_id)
    page = Client().get(f"{PAGE}{directory.agency_key(agency.id)}/").content.decode()
    holder = directory.person(actor.person_id)
    assert actor.name in page
    assert holder.personal_number not in page
    assert not holder.phone or holder.phone not in page
    by_name = Client().get("/api/v1/organisation", {"text": actor.name}).json()
    assert actor.name in [post["seat"]["holder"] for post in by_name["posts"]]
    shown = Client().get(f"/api/v1/organisation/{agency.code}").json()
    assert shown["agency"]["name"] == agency.name
    assert actor.name in str(shown)
    assert holder.personal_number not in str(shown)
