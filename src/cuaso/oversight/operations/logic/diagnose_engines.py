"""What the engines say of their own keys, scanner, outbox and law."""

import os
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.signing import api as signing
from cuaso.declarations import packs
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.oversight.operations.contracts import Check

SOON = timedelta(days=30)
KNOCK_SECONDS = 3
PORTS = {"http": 80, "https": 443}


def _scanner() -> Iterator[Check]:
    status = files.scanner_status()
    mend = "" if status.ok else "Cài clamav-daemon và đặt CUASO_CLAMAV."
    yield Check(name="scanner", state="ok" if status.ok else "warn", say=status.say, mend=mend)


def _ledger_key() -> Iterator[Check]:
    status = audit.key_status()
    good = status.ok and not status.generated
    yield Check(
        name="ledger key",
        state="ok" if good else "warn",
        say=status.say,
        mend="" if good else "Đặt khóa của riêng cơ quan trước khi vận hành thật.",
    )


def _signing() -> Iterator[Check]:
    status = signing.provider_status()
    if not status.ready:
        mend = "Cắm lại thiết bị, kiểm tra mã PIN và CUASO_PKCS11_MODULE."
        yield Check(name="signing", state="fail", say=status.sentence, mend=mend)
        return
    mend = "Dùng thiết bị PKCS#11 trước khi vận hành thật." if status.demonstration else ""
    yield Check(name="signing", state="warn" if mend else "ok", say=status.sentence, mend=mend)


def _certificates() -> Iterator[Check]:
    now = clock.now()
    live = [key for key in signing.keys() if key.revoked_at is None]  # noqa: SIM118 a door's function
    ended = [key for key in live if key.valid_to_at <= now]
    ending = [key for key in live if now < key.valid_to_at <= now + SOON]
    for key in ended:
        say = f"Chứng thư của {key.subject_name} đã hết hạn: không ký được nữa."
        yield Check(name="certificate", state="fail", say=say, mend="Xin cấp chứng thư mới.")
    for key in ending:
        day = clock.legal_date(key.valid_to_at)
        say = f"Chứng thư của {key.subject_name} hết hạn ngày {day:%d/%m/%Y}."
        yield Check(name="certificate", state="warn", say=say, mend="Xin gia hạn ngay.")
    if not ended and not ending:
        say = f"{len(live)} chứng thư còn hạn trên 30 ngày."
        yield Check(name="certificate", state="ok", say=say)


def _timestamp() -> Iterator[Check]:
    url = os.environ.get("CUASO_TSA_URL", "")
    if not url:
        say = "Chưa khai báo dịch vụ cấp dấu thời gian: không ký được kết quả."
        yield Check(name="time stamp", state="warn", say=say, mend="Đặt CUASO_TSA_URL.")
    elif _answers(url):
        yield Check(name="time stamp", state="ok", say="Dịch vụ cấp dấu thời gian trả lời.")
    else:
        say = "Dịch vụ cấp dấu thời gian không trả lời: hồ sơ chờ ký sẽ phải đợi."
        yield Check(name="time stamp", state="fail", say=say, mend=f"Kiểm tra đường tới {url}.")


def _outbox() -> Iterator[Check]:
    troubles = audit.troubles()
    if not troubles:
        yield Check(name="events", state="ok", say="Mọi sự kiện đều tới nơi.")
        return
    first = troubles[0]
    yield Check(
        name="events",
        state="warn",
        say=f"{len(troubles)} sự kiện chưa tới nơi, ví dụ {first.topic}: {first.error[:200]}",
        mend="Sửa nguyên nhân; sự kiện tự được giao lại, không mất.",
    )


def _messages() -> Iterator[Check]:
    lost = messages.failed()
    if not lost:
        yield Check(name="messages", state="ok", say="Không có tin nhắn nào gửi hỏng hẳn.")
        return
    say = f"{len(lost)} tin nhắn gửi nhiều lần vẫn hỏng."
    yield Check(name="messages", state="warn", say=say, mend="Kiểm tra địa chỉ và cổng tin nhắn.")


def _law() -> Iterator[Check]:
    folders = sorted(path.parent for path in Path(settings.PACKS).glob("*/pack.yaml"))
    report = packs.check(folders)
    if not report.ok:
        say = f"Các gói khai báo có {len(report.errors)} lỗi."
        yield Check(name="packs", state="fail", say=say, mend="Chạy ./cuaso packs check.")
    if report.unverified:
        say = f"{report.unverified} giá trị pháp luật chưa đối chiếu với văn bản gốc."
        mend = "Đối chiếu rồi bỏ dấu unverified trong gói khai báo."
        yield Check(name="law", state="warn", say=say, mend=mend)
    elif report.ok:
        yield Check(name="law", state="ok", say="Mọi giá trị pháp luật đã đối chiếu văn bản gốc.")


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    place = (parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0))
    try:
        socket.create_connection(place, timeout=KNOCK_SECONDS).close()
    except OSError:
        return False
    return True


OF_ENGINES: tuple[Callable[[], Iterator[Check]], ...] = (
    _scanner,
    _ledger_key,
    _signing,
    _certificates,
    _timestamp,
    _outbox,
    _messages,
)
OF_PACKS: tuple[Callable[[], Iterator[Check]], ...] = (_law,)
