"""The last words of `./cuaso up` let somebody play a dossier from the counter to the seal."""

from cuaso.foundation.identity.contracts import DemonstrationAccount
from cuaso.wiring.demonstration_accounts import PLAYED, lines


def account(username: str) -> DemonstrationAccount:
    return DemonstrationAccount(
        username=username,
        password="Mat-khau-1",
        name="Lê Thị Minh An",
        post="Cán bộ",
        agency="Ủy ban nhân dân phường Quy Nhơn",
    )


def test_a_newcomer_reads_first_who_takes_a_dossier_through_and_then_every_other_name():
    accounts = [account(name) for name in ("lanhdao.sonoivu", *reversed(PLAYED), "thuly.sonoivu")]
    said = lines(accounts)
    assert said[1].endswith("mọi tài khoản dùng chung mật khẩu Mat-khau-1")
    assert [line.split()[0] for line in said[2:-1]] == list(PLAYED)
    assert said[-1] == "  2 tài khoản khác: lanhdao.sonoivu, thuly.sonoivu"


def test_a_house_without_that_ward_still_names_every_account():
    said = lines([account("thuly.sonoivu")])
    assert said[2:] == ["  1 tài khoản khác: thuly.sonoivu"]
