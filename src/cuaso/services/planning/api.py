"""The only door of the planning engine: the data plan and the register of applications."""

from cuaso.services.planning.logic.applications import (
    application,
    application_history,
    applications,
    may_register,
)
from cuaso.services.planning.logic.compute import plan
from cuaso.services.planning.logic.install_plan import install_packs, install_plan
from cuaso.services.planning.logic.move_application import move_application
from cuaso.services.planning.logic.register_application import register_application
from cuaso.services.planning.logic.relying import users_of_registry
from cuaso.services.planning.logic.resemble import similar
from cuaso.services.planning.logic.set_target import may_plan, set_target
from cuaso.services.planning.logic.sheets import plan_paper, plan_workbook, sector_titles
from cuaso.services.planning.logic.shelves import shelves

__all__ = [
    "application",
    "application_history",
    "applications",
    "install_packs",
    "install_plan",
    "may_plan",
    "may_register",
    "move_application",
    "plan",
    "plan_paper",
    "plan_workbook",
    "register_application",
    "sector_titles",
    "set_target",
    "shelves",
    "similar",
    "users_of_registry",
]
