"""A sign-in from a browser never seen before is told; the known one is not."""

from django.test import Client

from cuaso.foundation.identity.models import KnownDevice
from cuaso.foundation.identity.tests import world

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def told():
    return [one["device"] for one in world.events("identity.device_new")]


def test_the_first_browser_and_the_known_one_are_no_news(official, client):
    world.sign_in(client)
    assert client.cookies["thiet_bi"]["httponly"]
    client.post("/dang-xuat/")
    world.sign_in(client)
    assert KnownDevice.objects.count() == 1
    assert told() == []


def test_another_browser_is_told_to_the_owner(official, client):
    world.sign_in(client)
    other = Client(headers={"User-Agent": FIREFOX})
    world.sign_in(other, ip="10.9.9.9")
    assert told() == ["Firefox trên máy tính Windows"]
    assert world.events("identity.device_new")[0]["place"] == "10.9.9.9"


def test_a_wrong_password_makes_no_device_known(official, client):
    world.sign_in(client, password="sai-mat-khau-nay")
    assert KnownDevice.objects.count() == 0


def test_the_mark_of_one_account_is_no_mark_of_another(official, client):
    world.official(username="nguoi.khac", roles={"handler"}, number="052188000011")
    world.sign_in(client)
    client.post("/dang-xuat/")
    world.sign_in(client, username="nguoi.khac")
    assert KnownDevice.objects.count() == 2
    assert told() == []
