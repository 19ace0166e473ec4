"""Menus, lists and pages of the kernel's own records: *My work*, and running the house."""

from tenor.access.records import Unit, User, UserPosition, UserRole
from tenor.audit.access import look_at_ledger
from tenor.jobs.access import look_after_jobs
from tenor.loader.access import manage_plugins
from tenor.settings.access import change_settings
from tenor.workflow.records import CalendarDay
from tenor_sdk.views import FormView, ListView, Menu, Related, Section

work = Menu("Work", "/", icon="home", order=0)
inbox = Menu("Inbox", "/inbox", app="Work", order=60)

users = ListView(
    User, (User.name, User.login, User.unit_id, User.email, User.active, User.on_leave_until),
    filters=(User.unit_id, User.active), sort=User.login,
)  # fmt: skip
user_form = FormView(
    User,
    Section("Person", User.name, User.login, User.email, User.language),
    Section("At work", User.unit_id, User.active, User.on_leave_until),
    Related(
        UserPosition.user_id, (UserPosition.position_title, UserPosition.unit_id), title="Positions"
    ),
    Related(UserRole.user_id, (UserRole.role,), title="Roles given beyond those"),
    facts=(User.login, User.unit_id),
)

units = ListView(Unit, (Unit.name, Unit.code, Unit.parent_id), sort=Unit.path)
unit_form = FormView(
    Unit,
    Section("Unit", Unit.name, Unit.code, Unit.parent_id),
    Related(User.unit_id, (User.name, User.login, User.active), title="People"),
    Related(
        UserPosition.unit_id, (UserPosition.position_title, UserPosition.user_id), title="Positions"
    ),
)

positions = ListView(
    UserPosition, (UserPosition.position_title, UserPosition.user_id, UserPosition.unit_id),
    filters=(UserPosition.position, UserPosition.unit_id),
)  # fmt: skip
calendar = ListView(
    CalendarDay, (CalendarDay.day, CalendarDay.working, CalendarDay.name),
    filters=(CalendarDay.day, CalendarDay.working), sort=CalendarDay.day, descending=True,
)  # fmt: skip

admin = Menu("Admin", users, icon="adjustments-horizontal", order=95, needs=manage_plugins)
units_menu = Menu("Units", units, app="Admin", order=96, needs=manage_plugins)
positions_menu = Menu("Positions", positions, app="Admin", order=97)
calendar_menu = Menu("Calendar", calendar, app="Admin", order=98, needs=manage_plugins)
plugins_menu = Menu("Plugins", "/plugins", app="Admin", order=99, needs=manage_plugins)
settings_menu = Menu("Settings", "/settings", app="Admin", order=100, needs=change_settings)
jobs_menu = Menu("Jobs", "/jobs", app="Admin", order=101, needs=look_after_jobs)
audit_menu = Menu("Audit", "/audit", app="Admin", order=102, needs=look_at_ledger)
