"""`./cuaso directory …`: which systems read and keep the directory, and LDAP."""

import argparse
from datetime import timedelta
from typing import Final
from uuid import UUID

from cuaso.capabilities.provisioning import api as provisioning
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid
from cuaso.wiring.words import done, say

OPERATOR: Final = system("Người vận hành")
_AGENCY: Final = "khóa của cơ quan; bỏ trống là cả tỉnh"


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="VIỆC")
    opening = acts.add_parser("open", help="mở cho một hệ thống dùng SCIM; in mã truy cập một lần")
    _named(opening)
    opening.add_argument("--agency", default="", metavar="CƠ_QUAN", help=_AGENCY)
    opening.add_argument("--write", action="store_true", help="được ghi, không chỉ đọc")
    opening.add_argument(
        "--days", type=int, default=365, metavar="SỐ", help="mã có hiệu lực bao nhiêu ngày"
    )
    opening.add_argument(
        "--client",
        default="",
        metavar="MÃ",
        help="mã hệ thống ở đăng nhập tập trung, có phạm vi scim",
    )
    renewing = acts.add_parser("renew", help="cấp mã truy cập mới, mã cũ hết hiệu lực")
    _named(renewing)
    ending = acts.add_parser("end", help="không cho hệ thống dùng nữa")
    _named(ending)
    ending.add_argument("--reason", required=True, metavar="LÝ_DO", help="lý do, ghi vào sổ cái")
    following = acts.add_parser(
        "follow", help="báo mọi thay đổi cho máy chủ SCIM của hệ thống khác"
    )
    _named(following)
    following.add_argument(
        "address", metavar="ĐỊA_CHỈ", help="địa chỉ gốc, ví dụ https://…/scim/v2"
    )
    following.add_argument(
        "--token", default="", metavar="MÃ", help="mã truy cập mà máy chủ kia đã cấp"
    )
    following.add_argument("--agency", default="", metavar="CƠ_QUAN", help=_AGENCY)
    leaving = acts.add_parser("unfollow", help="thôi báo thay đổi")
    _named(leaving)
    leaving.add_argument("--reason", required=True, metavar="LÝ_DO", help="lý do, ghi vào sổ cái")
    _named(acts.add_parser("again", help="báo lại toàn bộ từ đầu"))
    acts.add_parser("standing", help="từng hệ thống nhận đã có đến đâu")
    acts.add_parser("ldap-rebuild", help="dựng lại toàn bộ cây LDAP")


def run(given: argparse.Namespace) -> int:
    """Do one act; the exit code is 1 when something waits to be mended."""
    return {
        "open": _open,
        "renew": _renew,
        "end": _end,
        "follow": _follow,
        "unfollow": _unfollow,
        "again": _again,
        "standing": _standing,
        "ldap-rebuild": _rebuild,
    }[given.act](given)


def _open(given: argparse.Namespace) -> int:
    _, token = provisioning.open_system(
        name=given.name,
        agency_id=_agency(given.agency),
        may_write=given.write,
        actor=OPERATOR,
        life=timedelta(days=given.days),
        client_id=given.client,
    )
    say(token)
    return 0


def _renew(given: argparse.Namespace) -> int:
    say(provisioning.renew_token(name=given.name, actor=OPERATOR))
    return 0


def _end(given: argparse.Namespace) -> int:
    provisioning.end_system(name=given.name, actor=OPERATOR, reason=given.reason)
    done(f"Hệ thống “{given.name}” không dùng được danh bạ nữa")
    return 0


def _follow(given: argparse.Namespace) -> int:
    provisioning.follow(
        name=given.name,
        way="scim",
        address=given.address,
        token=given.token,
        agency_id=_agency(given.agency),
        actor=OPERATOR,
    )
    done(f"Sẽ báo mọi thay đổi cho “{given.name}”")
    return 0


def _unfollow(given: argparse.Namespace) -> int:
    provisioning.unfollow(name=given.name, actor=OPERATOR, reason=given.reason)
    done(f"Thôi báo thay đổi cho “{given.name}”")
    return 0


def _again(given: argparse.Namespace) -> int:
    provisioning.tell_all_again(name=given.name, actor=OPERATOR)
    done(f"Sẽ báo lại toàn bộ cho “{given.name}”")
    return 0


def _standing(given: argparse.Namespace) -> int:
    del given
    standings = provisioning.standings()
    for one in standings:
        trouble = f" – lỗi {one.failures} lần: {one.trouble}" if one.failures else ""
        say(f"{one.name} ({one.way}, {one.address}): còn {one.behind} mục chưa nhận{trouble}")
    if not standings:
        say("Chưa có hệ thống nào được báo thay đổi.")
    return int(any(one.failures for one in standings))


def _rebuild(given: argparse.Namespace) -> int:
    del given
    if not provisioning.make_ldap_anew():
        raise Invalid(
            code="directory.ldap_never_ran",
            what="Chưa có cây LDAP nào để dựng lại.",
            why="Tiến trình LDAP chưa từng chạy ở nơi này.",
            mend="Hãy đặt CUASO_LDAP=1 rồi chạy ./cuaso up.",
        )
    done("Tiến trình LDAP sẽ dựng lại toàn bộ cây trong ít giây")
    return 0


def _agency(key: str) -> UUID | None:
    return directory.agency_by_key(key).id if key else None


def _named(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="TÊN", help="tên hệ thống")
