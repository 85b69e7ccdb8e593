"""An official's photograph: kept with consent, shown to who may see the person, gone with them."""

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cuaso.capabilities.provisioning import api
from cuaso.capabilities.provisioning.logic.ldap import tree
from cuaso.capabilities.provisioning.logic.ldap.binds import answering
from cuaso.capabilities.provisioning.models import Entry, Photo
from cuaso.capabilities.provisioning.tests import world
from cuaso.capabilities.provisioning.tests.test_ldap import kept, search, server
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

__all__ = ["server"]


def picture(kind="PNG", size=(900, 1200)):
    output = BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "May anh bi mat"
    more = {"exif": exif} if kind == "JPEG" else {}
    Image.new("RGB", size, "teal").save(output, kind, **more)
    return output.getvalue()


@pytest.fixture
def place(db):
    return world.build()


@pytest.fixture
def lam(place):
    """The account of an official of the department of home affairs, and who she is as an actor."""
    account_id = world.official("Võ Thị Hạ Lam", "lam.vth", agency_id=place.department_id)
    person_id = identity.accounts([account_id])[account_id].person_id
    (post,) = directory.posts_of(person_id)
    return account_id, directory.actor_for_post(post.id)


def keep(actor, content=None, *, consent=True):
    api.keep_photo(content=picture() if content is None else content, consent=consent, actor=actor)
    api.revise()


def shown(system, account_id):
    return api.entry(system=system, kinds=("person",), id=account_id).photo_id


def test_kt_f1_an_official_consents_and_systems_that_may_see_her_get_her_photograph(place, lam):
    account_id, actor = lam
    keep(actor, picture("JPEG"))
    own, stranger = world.known(place.department_id), world.known(place.other_id)
    given = api.photo_shown(system=own, id=account_id)
    drawn = Image.open(BytesIO(given))
    assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (480, 640), {})
    assert b"bi mat" not in given
    assert shown(own, account_id) is not None
    with pytest.raises(NotFound):
        api.photo_shown(system=stranger, id=account_id)
    acts = [one.act for one in audit.history(Subject(kind="identity.account", id=account_id))]
    assert acts[-1] == "provisioning.photo_kept"


@pytest.mark.parametrize(
    ("content", "consent", "field"),
    [
        (picture(size=(9, 9)), False, "consent"),
        (b"", True, "photo"),
        (b"x" * (5 * 1024 * 1024 + 1), True, "photo"),
    ],
)
def test_without_consent_or_a_fitting_file_nothing_is_kept(lam, content, consent, field):
    with pytest.raises(Invalid) as refused:
        keep(lam[1], content, consent=consent)
    assert [one.field for one in refused.value.problems] == [field]
    assert Photo.objects.count() == 0


def test_what_is_no_picture_is_refused_and_the_earlier_one_stays(place, lam):
    account_id, actor = lam
    keep(actor)
    before = Photo.objects.get(account_id=account_id)
    with pytest.raises(Invalid):
        keep(actor, b"<svg onload=alert(1)>")
    after = Photo.objects.get(account_id=account_id)
    assert (after.file_id, after.sha256) == (before.file_id, before.sha256)


def test_a_citizen_keeps_no_photograph_in_the_directory(lam):
    with pytest.raises(NotAllowed):
        api.keep_photo(content=picture(), consent=True, actor=Actor(kind="citizen", name="Dân"))
    assert Photo.objects.count() == 0


def test_a_new_photograph_takes_the_place_of_the_old_and_its_file_goes(place, lam):
    account_id, actor = lam
    keep(actor)
    old = Photo.objects.get(account_id=account_id).file_id
    version = Entry.objects.get(id=account_id).digest
    keep(actor, picture(size=(300, 300)))
    with pytest.raises(NotFound):
        files.info(old)
    assert Entry.objects.get(id=account_id).digest != version


def test_consent_taken_back_hides_the_photograph_everywhere(place, lam):
    account_id, actor = lam
    keep(actor)
    file_id = Photo.objects.get(account_id=account_id).file_id
    api.drop_photo(actor=actor)
    api.revise()
    own = world.known(place.department_id)
    assert shown(own, account_id) is None
    with pytest.raises(NotFound):
        api.photo_shown(system=own, id=account_id)
    with pytest.raises(NotFound):
        files.info(file_id)
    api.drop_photo(actor=actor)  # once more changes nothing
    assert api.own_photo(actor=actor) is None


def test_a_leavers_photograph_leaves_with_them(place, lam):
    account_id, actor = lam
    keep(actor)
    file_id = Photo.objects.get(account_id=account_id).file_id
    identity.close_account(actor=world.ADMIN, account_id=account_id, reason="Nghỉ hưu")
    api.revise()
    assert Photo.objects.count() == 0
    with pytest.raises(NotFound):
        files.info(file_id)
    assert "photo" not in Entry.objects.get(id=account_id).facts


@pytest.mark.django_db(transaction=True)
def test_kt_f1_ldap_shows_the_photograph_until_consent_ends(server, tmp_path: Path):
    place = world.build()
    who = ("duc.td", world.PASSWORD)
    account_id = world.official(
        "Trần Đình Đức", who[0], agency_id=place.department_id, password=who[1]
    )
    person_id = identity.accounts([account_id])[account_id].person_id
    actor = directory.actor_for_post(directory.posts_of(person_id)[0].id)
    keep(actor)
    with answering(server.binds), kept(server) as keeper:
        keeper.turn()
        said = search(server, *who, "(uid=duc.td)", "jpegPhoto").stdout
        (line,) = [one for one in said.splitlines() if one.startswith("jpegPhoto:: ")]
        assert base64.b64decode(line.removeprefix("jpegPhoto:: ")) == api.own_photo(actor=actor)
        api.drop_photo(actor=actor)
        api.revise()
        keeper.turn()
        assert "jpegPhoto" not in search(server, *who, "(uid=duc.td)", "jpegPhoto").stdout
    assert tree.suffix() in said
