from uuid import UUID

from cuaso.foundation.directory import api as directory


class Names:
    """Names of agencies and holders for one answer; each is looked up once."""

    def __init__(self) -> None:
        self._agencies: dict[UUID, str] = {}
        self._holders: dict[UUID, str] = {}

    def agency(self, id: UUID | None) -> str:
        """Return the agency's name, `""` for none."""
        if id is None:
            return ""
        if id not in self._agencies:
            self._agencies[id] = directory.agency(id).name
        return self._agencies[id]

    def holder(self, post_id: UUID | None) -> str:
        """Return who holds the post, `""` for none or a vacant one."""
        if post_id is None:
            return ""
        if post_id not in self._holders:
            self._holders[post_id] = directory.holder_name(post_id)
        return self._holders[post_id]
