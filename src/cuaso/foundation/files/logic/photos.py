from collections.abc import Sequence
from uuid import UUID

from cuaso.foundation.files import contracts
from cuaso.foundation.files.logic import pictures
from cuaso.foundation.files.logic.info import info, read_clean
from cuaso.foundation.files.logic.refusals import unacceptable
from cuaso.foundation.files.logic.store import store_bytes
from cuaso.kernel.actors import Actor

MOST_PHOTOS = 20


def photos_to_pdf(
    ids: Sequence[UUID], actor: Actor, *, name: str = "anh-chup.pdf", owner_id: UUID | None = None
) -> contracts.StoredFile:
    """Bind stored photos, in this order, into one stored PDF of A4 pages, upright, without the
    place where they were taken. Raises Invalid for no, too many or other files than photos, and
    what `open_clean` raises.
    """
    if not 0 < len(ids) <= MOST_PHOTOS:
        raise unacceptable(
            "photo_count",
            f"Hãy chọn từ 1 đến {MOST_PHOTOS} ảnh.",
            mend="Nếu nhiều hơn, hãy chia nhỏ.",
        )
    for file_id in ids:
        if info(file_id).media_type not in contracts.PHOTOS:
            raise unacceptable(
                "not_a_photo",
                f"Tệp “{info(file_id).name}” không phải ảnh.",
                mend="Hãy bỏ tệp này ra.",
            )
    content = pictures.bind(read_clean(file_id) for file_id in ids)
    return store_bytes(
        actor=actor, name=name, media_type=contracts.PDF, content=content, owner_id=owner_id
    )
