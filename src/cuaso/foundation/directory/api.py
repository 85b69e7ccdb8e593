"""The directory's only door: places, agencies, posts, people."""

from cuaso.foundation.directory.logic.appoint import appoint, end_post
from cuaso.foundation.directory.logic.enter_person import (
    ensure_business,
    ensure_person,
    give_personal_number,
    mend_person,
)
from cuaso.foundation.directory.logic.find_agencies import (
    agencies,
    agency,
    agency_by_code,
    agency_by_key,
    agency_key,
    agency_on,
    competent_agencies,
    competent_agency,
    find_agencies,
    heirs,
    one_stop_centre,
    province,
    scope,
    successors_of_agency,
    units,
)
from cuaso.foundation.directory.logic.find_people import (
    acts_for,
    businesses_of,
    find_business,
    find_people,
    find_person,
    people,
    person,
    person_id_of,
    wards_of,
)
from cuaso.foundation.directory.logic.find_places import (
    find_place,
    find_places,
    place,
    places,
    successors_of_place,
)
from cuaso.foundation.directory.logic.find_posts import (
    actor_for_post,
    held_posts,
    holder_name,
    holders,
    holders_below,
    post,
    posts_of,
)
from cuaso.foundation.directory.logic.heirs import agency_heirs, place_heirs
from cuaso.foundation.directory.logic.hold_post import end_posts, hold_post
from cuaso.foundation.directory.logic.house_lists import HouseLists
from cuaso.foundation.directory.logic.install import (
    install_agencies,
    install_agency_successions,
    install_people,
    install_place_successions,
    install_places,
    install_posts,
    install_ties,
    install_units,
)
from cuaso.foundation.directory.logic.install_folder import (
    install_demonstration,
    install_folder,
    install_packs,
)
from cuaso.foundation.directory.logic.keep_organisation import keep_organisation, unit_by_code
from cuaso.foundation.directory.logic.keep_unit import close_unit, found_unit, rename_unit, unit
from cuaso.foundation.directory.logic.leave_post import leave_post
from cuaso.foundation.directory.logic.memory import stamp
from cuaso.foundation.directory.logic.organisation_chart import chart, find_in_chart
from cuaso.foundation.directory.logic.places_today import places_today
from cuaso.foundation.directory.logic.posts_held import (
    agencies_of,
    agency_keys,
    posts,
    posts_held,
    units_of,
)
from cuaso.foundation.directory.logic.rename_person import rename_person
from cuaso.foundation.directory.logic.tie_people import tie, ties_of, untie
from cuaso.foundation.directory.logic.working_calendar import (
    calendar_days,
    clear_calendar_day,
    set_calendar_day,
    set_office_hours,
    working_calendar,
)

__all__ = [
    "HouseLists",
    "actor_for_post",
    "acts_for",
    "agencies",
    "agencies_of",
    "agency",
    "agency_by_code",
    "agency_by_key",
    "agency_heirs",
    "agency_key",
    "agency_keys",
    "agency_on",
    "appoint",
    "businesses_of",
    "calendar_days",
    "chart",
    "clear_calendar_day",
    "close_unit",
    "competent_agencies",
    "competent_agency",
    "end_post",
    "end_posts",
    "ensure_business",
    "ensure_person",
    "find_agencies",
    "find_business",
    "find_in_chart",
    "find_people",
    "find_person",
    "find_place",
    "find_places",
    "found_unit",
    "give_personal_number",
    "heirs",
    "held_posts",
    "hold_post",
    "holder_name",
    "holders",
    "holders_below",
    "install_agencies",
    "install_agency_successions",
    "install_demonstration",
    "install_folder",
    "install_packs",
    "install_people",
    "install_place_successions",
    "install_places",
    "install_posts",
    "install_ties",
    "install_units",
    "keep_organisation",
    "leave_post",
    "mend_person",
    "one_stop_centre",
    "people",
    "person",
    "person_id_of",
    "place",
    "place_heirs",
    "places",
    "places_today",
    "post",
    "posts",
    "posts_held",
    "posts_of",
    "province",
    "rename_person",
    "rename_unit",
    "scope",
    "set_calendar_day",
    "set_office_hours",
    "stamp",
    "successors_of_agency",
    "successors_of_place",
    "tie",
    "ties_of",
    "unit",
    "unit_by_code",
    "units",
    "units_of",
    "untie",
    "wards_of",
    "working_calendar",
]
