"""The dictionary's only door: dated code lists."""

from cuaso.foundation.dictionary.logic.find_codes import (
    code,
    codes,
    find,
    find_code,
    has,
    label,
    lists,
)
from cuaso.foundation.dictionary.logic.install import install
from cuaso.foundation.dictionary.logic.install_folder import install_folder, install_packs

__all__ = [
    "code",
    "codes",
    "find",
    "find_code",
    "has",
    "install",
    "install_folder",
    "install_packs",
    "label",
    "lists",
]
