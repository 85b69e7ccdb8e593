"""`./cuaso directory …` as an operator types it."""

import argparse

import pytest

from cuaso.capabilities.provisioning import api as provisioning
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.wiring.cli import directory


def typed(*words):
    parser = argparse.ArgumentParser()
    directory.arguments(parser)
    return directory.run(parser.parse_args(words))


def test_an_operator_lets_a_system_in_renews_its_token_and_ends_it(db, capsys):
    assert typed("open", "Nhân sự", "--write", "--days", "30") == 0
    token = capsys.readouterr().out.strip()
    known = provisioning.system_of_token(token)
    assert known is not None
    assert (known.name, known.may_write, known.agency_id) == ("Nhân sự", True, None)
    assert typed("renew", "Nhân sự") == 0
    newer = capsys.readouterr().out.strip()
    assert provisioning.system_of_token(token) is None
    assert provisioning.system_of_token(newer) is not None
    assert typed("end", "Nhân sự", "--reason", "hết hợp đồng") == 0
    assert provisioning.system_of_token(newer) is None
    with pytest.raises(NotFound):
        typed("end", "Không có", "--reason", "thử")


def test_an_operator_sees_how_far_a_follower_has_everything(db, capsys):
    assert typed("follow", "Thư", "http://127.0.0.1:9/scim/v2", "--token", "x") == 0
    capsys.readouterr()
    assert typed("standing") == 0
    assert "còn 0 mục chưa nhận" in capsys.readouterr().out
    assert typed("unfollow", "Thư", "--reason", "thử") == 0
    capsys.readouterr()
    assert typed("standing") == 0
    assert capsys.readouterr().out == "Chưa có hệ thống nào được báo thay đổi.\n"
    with pytest.raises(Invalid) as refusal:
        typed("ldap-rebuild")
    assert refusal.value.code == "directory.ldap_never_ran"
