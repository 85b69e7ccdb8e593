"""The dictionary's only door: dated code lists and their mappings, data elements, and uses."""

from cuaso.foundation.dictionary.logic.draft_version import draft_version, drop_draft
from cuaso.foundation.dictionary.logic.element_rights import may_keep, may_publish
from cuaso.foundation.dictionary.logic.exports.json_schema import export_json_schema
from cuaso.foundation.dictionary.logic.exports.turtle import export_shacl, export_skos
from cuaso.foundation.dictionary.logic.exports.xsd import export_xsd
from cuaso.foundation.dictionary.logic.find_codes import (
    code,
    codes,
    find,
    find_code,
    has,
    label,
    lists,
)
from cuaso.foundation.dictionary.logic.find_elements import element, elements
from cuaso.foundation.dictionary.logic.foresee import changes_between, what_would_break
from cuaso.foundation.dictionary.logic.install import install
from cuaso.foundation.dictionary.logic.install_elements import (
    install_element_packs,
    install_elements,
)
from cuaso.foundation.dictionary.logic.install_folder import install_folder, install_packs
from cuaso.foundation.dictionary.logic.install_mappings import (
    install_mapping,
    install_mapping_packs,
)
from cuaso.foundation.dictionary.logic.map_codes import map_code, mappings
from cuaso.foundation.dictionary.logic.memory import stamp
from cuaso.foundation.dictionary.logic.publish_version import publish_version
from cuaso.foundation.dictionary.logic.search import search
from cuaso.foundation.dictionary.logic.short_lists import short_lists
from cuaso.foundation.dictionary.logic.uses import (
    record_uses,
    unmapped,
    uses,
    uses_of,
    uses_of_list,
)

__all__ = [
    "changes_between",
    "code",
    "codes",
    "draft_version",
    "drop_draft",
    "element",
    "elements",
    "export_json_schema",
    "export_shacl",
    "export_skos",
    "export_xsd",
    "find",
    "find_code",
    "has",
    "install",
    "install_element_packs",
    "install_elements",
    "install_folder",
    "install_mapping",
    "install_mapping_packs",
    "install_packs",
    "label",
    "lists",
    "map_code",
    "mappings",
    "may_keep",
    "may_publish",
    "publish_version",
    "record_uses",
    "search",
    "short_lists",
    "stamp",
    "unmapped",
    "uses",
    "uses_of",
    "uses_of_list",
    "what_would_break",
]
