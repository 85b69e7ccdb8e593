"""Identity's only door: who acts, in which capacity, and who may enter."""

from cuaso.foundation.identity.gates import (
    citizen_required,
    data_class_required,
    official_required,
)
from cuaso.foundation.identity.logic.activate_account import give_activation_code
from cuaso.foundation.identity.logic.certificate_ends import warn_of_ends
from cuaso.foundation.identity.logic.check_password import check_password
from cuaso.foundation.identity.logic.count_tries import guesses_too_much, over, place_of
from cuaso.foundation.identity.logic.end_certified import end_certified
from cuaso.foundation.identity.logic.erase_account import erase_account
from cuaso.foundation.identity.logic.install_demonstration import (
    demonstration_accounts,
    install_demonstration,
)
from cuaso.foundation.identity.logic.keep_account import (
    accounts,
    accounts_of,
    change_account,
    reopen_account,
    retire_account,
)
from cuaso.foundation.identity.logic.keep_sessions import forget_ended
from cuaso.foundation.identity.logic.know_official_account import (
    account_cards,
    free_username,
    official_account,
)
from cuaso.foundation.identity.logic.list_capacities import capacities
from cuaso.foundation.identity.logic.open_account import close_account, open_official_account
from cuaso.foundation.identity.logic.own_data import addresses_of, own_accounts
from cuaso.foundation.identity.logic.refuse_production import production_refusals
from cuaso.foundation.identity.logic.resolve_actor import actor_of, assurance_of
from cuaso.foundation.identity.logic.switch_capacity import switch
from cuaso.foundation.identity.logic.tend_certificates import tend_certificates
from cuaso.foundation.identity.pages import refusal_page, too_many
from cuaso.foundation.identity.provider.clients.certified import (
    admit_certificate,
    end_certificate,
)
from cuaso.foundation.identity.provider.clients.decide import (
    approve_system,
    close_system,
    connected_systems,
    refuse_system,
    renew_secret,
)
from cuaso.foundation.identity.provider.clients.register import apply_system, register_system
from cuaso.foundation.identity.provider.keys.rotate import withdraw_key
from cuaso.foundation.identity.provider.logout.tell import tell_logouts
from cuaso.foundation.identity.provider.sessions.end import end_gone
from cuaso.foundation.identity.provider.sweep import tend_provider
from cuaso.foundation.identity.provider.tokens.calling_system import calling_system
from cuaso.foundation.identity.saml.sign_out.tell import tell_partners
from cuaso.foundation.identity.saml.sweep import tend_partners

require_citizen = citizen_required
require_official = official_required

__all__ = [
    "account_cards",
    "accounts",
    "accounts_of",
    "actor_of",
    "addresses_of",
    "admit_certificate",
    "apply_system",
    "approve_system",
    "assurance_of",
    "calling_system",
    "capacities",
    "change_account",
    "check_password",
    "citizen_required",
    "close_account",
    "close_system",
    "connected_systems",
    "data_class_required",
    "demonstration_accounts",
    "end_certificate",
    "end_certified",
    "end_gone",
    "erase_account",
    "forget_ended",
    "free_username",
    "give_activation_code",
    "guesses_too_much",
    "install_demonstration",
    "official_account",
    "official_required",
    "open_official_account",
    "over",
    "own_accounts",
    "place_of",
    "production_refusals",
    "refusal_page",
    "refuse_system",
    "register_system",
    "renew_secret",
    "reopen_account",
    "require_citizen",
    "require_official",
    "retire_account",
    "switch",
    "tell_logouts",
    "tell_partners",
    "tend_certificates",
    "tend_partners",
    "tend_provider",
    "too_many",
    "warn_of_ends",
    "withdraw_key",
]
