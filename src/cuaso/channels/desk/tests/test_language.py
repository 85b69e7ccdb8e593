import pytest
from django.utils import translation

from cuaso.channels.desk.acts import ACTS
from cuaso.services.procedures import api as procedures

pytestmark = pytest.mark.django_db


def test_an_officer_who_chose_english_reads_the_desk_in_english(sign_in, submitted):
    client = sign_in("reception")
    client.cookies["django_language"] = "en"
    said = client.get(f"/ban-lam-viec/ho-so/{submitted}/").content.decode()
    assert "Why do I see this dossier?" in said
    assert "Receive the dossier" in said
    assert "Vì sao tôi thấy hồ sơ này?" not in said


def _words(language: str) -> list[str]:
    with translation.override(language):
        return [str(said) for one in ACTS for said in (one.title, one.button, one.done)]


def test_every_act_has_english_words():
    pairs = zip(_words("vi"), _words("en"), strict=True)
    assert [told for told, english in pairs if told == english] == []


def test_the_desk_has_an_address_for_every_act_of_the_engine():
    assert sorted(act.name for act in ACTS) == sorted(procedures.ACTS)
