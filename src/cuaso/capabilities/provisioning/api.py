"""The only door of provisioning: what other systems see and keep of people and units."""

from cuaso.capabilities.provisioning.logic.find_entries import entry, find, members_of, names_of
from cuaso.capabilities.provisioning.logic.follow import (
    follow,
    standings,
    tell_all_again,
    tell_followers,
    unfollow,
)
from cuaso.capabilities.provisioning.logic.keep_group import keep_unit, open_unit, remove_unit
from cuaso.capabilities.provisioning.logic.keep_person import (
    keep_person,
    open_person,
    remove_person,
)
from cuaso.capabilities.provisioning.logic.know_system import (
    OURS_BEGIN_WITH,
    actor_of_system,
    end_system,
    open_system,
    renew_token,
    system_of_client,
    system_of_token,
)
from cuaso.capabilities.provisioning.logic.ldap.serve import make_ldap_anew, serve_ldap
from cuaso.capabilities.provisioning.logic.photos import (
    drop_photo,
    keep_photo,
    own_photo,
    photo_shown,
)
from cuaso.capabilities.provisioning.logic.revise import look_again, revise, waiting

__all__ = [
    "OURS_BEGIN_WITH",
    "actor_of_system",
    "drop_photo",
    "end_system",
    "entry",
    "find",
    "follow",
    "keep_person",
    "keep_photo",
    "keep_unit",
    "look_again",
    "make_ldap_anew",
    "members_of",
    "names_of",
    "open_person",
    "open_system",
    "open_unit",
    "own_photo",
    "photo_shown",
    "remove_person",
    "remove_unit",
    "renew_token",
    "revise",
    "serve_ldap",
    "standings",
    "system_of_client",
    "system_of_token",
    "tell_all_again",
    "tell_followers",
    "unfollow",
    "waiting",
]
