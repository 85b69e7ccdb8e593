"""What accounts hears, and what the worker repeats for it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from cuaso.foundation.audit.contracts import Event
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.services.accounts.logic import check_registers, tell_officials
from cuaso.services.accounts.logic.tell import tell

_ASK: Final = "Nếu không phải ông/bà, hãy mở trang Bảo mật tài khoản và đăng xuất mọi phiên khác."
_USES: Final = {"signing": "ký", "encryption": "mã hóa", "connection": "kết nối"}


def on_account_made(event: Event) -> None:
    """A new account waits to be checked against the registers."""
    known = identity.addresses_of(event.subject.id)
    if known is not None:
        check_registers.want_check(
            account_id=event.subject.id, person_id=known[0], kind=str(event.payload["kind"])
        )


def on_device_new(event: Event) -> None:
    """Somebody signed in from a browser never seen before: the person is told."""
    said = event.payload
    tell(
        account_id=event.subject.id,
        sentence=f"Tài khoản vừa được đăng nhập từ thiết bị mới: {said['device']}, địa chỉ "
        f"{said['place']}, lúc {_moment(str(said['at']))}. {_ASK}",
        key=f"device:{event.id}",
    )


def on_recovery(event: Event) -> None:
    """A way back was begun, ended or stopped: the person is told before anything changes."""
    tell(
        account_id=event.subject.id,
        sentence=str(event.payload["say"]),
        key=f"recovery:{event.id}",
    )


def on_impersonated(event: Event) -> None:
    """An administrator looked with this person's eyes: the person is told who and why."""
    tell(
        account_id=event.subject.id,
        sentence=str(event.payload["say"]),
        key=f"impersonated:{event.id}",
    )


def on_factor_changed(event: Event) -> None:
    """What opens the account has changed: the person is told."""
    tell(
        account_id=event.subject.id,
        sentence=f"{event.payload['say']} {_ASK}",
        key=f"factor:{event.id}",
    )


def on_person_certificate_ending(event: Event) -> None:
    """A certificate that opens an account ends soon: its person is told."""
    said = event.payload
    tell(
        account_id=event.subject.id,
        sentence=f"Chứng thư số mà ông/bà dùng để đăng nhập ({said['subject']}) hết hạn lúc "
        f"{_moment(str(said['until']))}. Hãy xin cấp chứng thư mới và đăng ký trước ngày đó.",
        key=f"certificate:{event.id}",
    )


def on_system_certificate_ending(event: Event) -> None:
    """A system's certificate ends soon and is not renewed: administrators and the contact know."""
    said = event.payload
    sentence = (
        f"Chứng thư của hệ thống {said['client']} ({_listed(said['names'])}) hết hạn lúc "
        f"{_moment(str(said['until']))} và chưa được gia hạn. Sau lúc đó hệ thống không kết nối "
        "được nữa."
    )
    _tell_of_system(
        event,
        sentence,
        name=str(said["client"]),
        page="/bao-mat/chung-thu-he-thong/",
        key=f"certificate:{event.id}",
    )


def on_known_certificate_ending(event: Event) -> None:
    """A certificate by which a connected system is known ends soon: administrators and the
    system's contact know.
    """
    said = event.payload
    sentence = (
        f"Chứng thư {_USES[str(said['use'])]} của hệ thống {said['name']} hết hạn lúc "
        f"{_moment(str(said['until']))} và chưa có chứng thư mới. Sau lúc đó hệ thống không đăng "
        "nhập tập trung được nữa. Hãy đề nghị hệ thống gửi chứng thư mới."
    )
    _tell_of_system(
        event,
        sentence,
        name=str(said["name"]),
        page=f"/bao-mat/{'he-thong-saml' if said['kind'] == 'saml' else 'he-thong-ket-noi'}/",
        key=f"known-certificate:{event.id}",
    )


def on_glass_broken(event: Event) -> None:
    """Somebody took a right in an emergency: the agency's head and its auditors know at once."""
    said = event.payload
    agency_id = UUID(str(said["agency"]))
    told = tell_officials.who_answers_for(agency_id)
    sentence = (
        f"{said['name']} vừa tự lấy vai trò {said['role_say']} trong trường hợp khẩn cấp tại "
        f"{directory.agency(agency_id).name}, đến {_moment(str(said['until']))}. Lý do: "
        f"{said['reason']} Ông/bà vui lòng xem lại, và chấm dứt quyền này nếu không đúng."
    )
    tell_officials.tell_people(
        [one for one in told if str(one.id) != said["person"]],
        sentence=sentence,
        page="/ban-lam-viec/quyen/",
        about=event.subject,
        key=f"glass:{event.id}",
    )


def check_due() -> int:
    """Ask the registers about new accounts."""
    return check_registers.check_due()


def _tell_of_system(event: Event, sentence: str, *, name: str, page: str, key: str) -> None:
    """Tell the administrators of the province, and whom the system named to be written to."""
    people = tell_officials.province_administrators()
    tell_officials.tell_people(people, sentence=sentence, page=page, about=event.subject, key=key)
    tell_officials.tell_address(
        str(event.payload.get("contact", "")),
        name=name,
        sentence=sentence,
        page=page,
        about=event.subject,
        key=key,
    )


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(clock.VIETNAM):%H:%M ngày %d/%m/%Y}"


def _listed(names: object) -> str:
    return ", ".join(str(one) for one in names) if isinstance(names, list) else str(names)
