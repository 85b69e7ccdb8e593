"""The door of the locker."""

from cuaso.services.locker.contracts import (
    Content,
    LookView,
    Paper,
    Provenance,
    Share,
    SharedPaper,
    Verification,
)
from cuaso.services.locker.logic.check import check
from cuaso.services.locker.logic.keep import keep
from cuaso.services.locker.logic.read import content, looks, paper, papers, reusable
from cuaso.services.locker.logic.replace import replace
from cuaso.services.locker.logic.revoke import revoke
from cuaso.services.locker.logic.share import (
    open_share,
    revoke_share,
    share,
    shared_content,
    shares,
)

__all__ = [
    "Content",
    "LookView",
    "Paper",
    "Provenance",
    "Share",
    "SharedPaper",
    "Verification",
    "check",
    "content",
    "keep",
    "looks",
    "open_share",
    "paper",
    "papers",
    "replace",
    "reusable",
    "revoke",
    "revoke_share",
    "share",
    "shared_content",
    "shares",
]
