"""Proves what a registry shows to everybody: its open columns, and how a record is verified."""

from collections.abc import Iterator, Mapping
from typing import Final

from cuaso.declarations import openness
from cuaso.declarations.fields import type_of
from cuaso.declarations.registries import Registry
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.verifying import Verify

Fault = tuple[Place, str, str]
TYPED: Final = frozenset({"code", "text"})


def openness_faults(registry: Registry) -> Iterator[Fault]:
    """Yield every fault of `sharing` and of `verify`: place, what is wrong, remedy."""
    yield from _open_columns(registry)
    yield from person_faults(registry)
    if registry.verify is not None:
        yield from _verified_by(registry, registry.verify)
        yield from _verified_shows(registry, registry.verify)


def person_faults(registry: Registry) -> Iterator[Fault]:
    """Yield rights `bản thân` whose field names neither a person nor a business by a number."""
    for index, right in enumerate(registry.rights):
        one = registry.fields.get(right.person)
        if one is None:
            continue
        numbers = {one.number, *(part.number for part in type_of(one).parts(one).values())}
        if not numbers & {"personal", "tax", "organisation"}:
            what = f"Ô “{right.person}” không chỉ một người hay một tổ chức bằng số của họ."
            yield ("rights", index, "person"), what, "Hãy nêu ô có số định danh hoặc mã số thuế."


def reference_faults(
    registry: Registry, *, pack: str, registries: Mapping[str, Registry]
) -> Iterator[Fault]:
    """Yield open columns that name a record of another registry by what is closed there."""
    for index, path in enumerate(registry.sharing.open):
        one = registry.fields.get(path)
        if one is None or not one.to:
            continue
        target = registries.get(one.to if "/" in one.to else f"{pack}/{one.to}")
        if target is not None and (why := openness.why_closed(target, target.key[0])):
            what = f"Cột “{path}” nêu khóa của sổ “{target.title}”, mà khóa ấy {why}."
            yield ("sharing", "open", index), what, "Hãy bỏ cột này khỏi dữ liệu mở."


def _open_columns(registry: Registry) -> Iterator[Fault]:
    sharing = registry.sharing
    for index, path in enumerate(sharing.open):
        why = openness.why_closed(registry, path)
        if why and why != openness.UNKNOWN:
            what = f"Ô “{path}” {why} nên không bao giờ là dữ liệu mở."
            yield ("sharing", "open", index), what, "Hãy bỏ ô này khỏi “open”."
    if sharing.default == "mở" and not sharing.open:
        what = "Sổ mở mà không nêu cột nào được mở."
        yield ("sharing",), what, "Hãy viết thêm “open: [ô, ô]”, hoặc đổi mức chia sẻ."


def _verified_by(registry: Registry, verify: Verify) -> Iterator[Fault]:
    number, secret = verify.by
    place: Place = ("verify", "by")
    for index, path in enumerate(verify.by):
        one = registry.fields.get(path)
        if one is not None and one.type not in TYPED:
            what = f"Ô “{path}” không gõ được như in trên giấy."
            yield (*place, index), what, "Hãy chọn một ô kiểu code hoặc text."
    found = registry.fields.get(number)
    lost = [name for name in registry.key if name not in registry.fields]
    if found is not None and not lost and (number,) not in (registry.key, *registry.alone):
        what = f"Ô “{number}” chưa nhận ra đúng một bản ghi."
        yield (*place, 0), what, "Hãy chọn ô khóa, hoặc ghi “unique: yes” cho ô này."
    if secret == number or secret in registry.key:
        what = f"Ô “{secret}” là số ai cũng biết nên không giữ được việc dò tìm."
        yield (*place, 1), what, "Hãy thêm một ô mã ngẫu nhiên, chỉ in trên giấy."
    if any(secret in shown.columns for shown in registry.lists.values()):
        what = f"Mã bí mật “{secret}” đứng trong một danh sách."
        yield (*place, 1), what, "Hãy bỏ ô này khỏi columns của các danh sách."
    if secret in registry.sharing.open or secret in registry.searched:
        what = f"Mã bí mật “{secret}” đứng trong dữ liệu mở hoặc trong ô tìm kiếm."
        yield (*place, 1), what, "Hãy bỏ ô này khỏi sharing.open và search."


def _verified_shows(registry: Registry, verify: Verify) -> Iterator[Fault]:
    for index, path in enumerate(verify.shows):
        one = registry.field_at(path)
        if path == verify.by[1] or openness.why_masked(registry, path):
            what = f"Ô “{path}” được giữ kín, người xác minh không được đọc."
            yield ("verify", "shows", index), what, "Hãy bỏ ô này khỏi “shows”."
        elif one is not None and one.type == "file":
            what = f"Ô “{path}” là tệp, không đưa ra khi xác minh."
            yield ("verify", "shows", index), what, "Hãy bỏ ô này khỏi “shows”."
    for path in verify.stands:
        one = registry.field_at(path)
        if one is not None and not one.codes:
            what = f"Ô “{path}” không phải ô chọn."
            yield ("verify", "stands", path), what, "Hãy nêu ô tình trạng và các mã còn hiệu lực."
    until = registry.fields.get(verify.until)
    if until is not None and until.type != "date":
        what = f"Ô “{verify.until}” không phải một ngày."
        yield ("verify", "until"), what, "Hãy nêu ô ngày hết hạn."
