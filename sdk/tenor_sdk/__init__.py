"""The words in which a plugin of Tenor says what a lender does.

The two dozen that most plugins use stand here; the modules hold the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tenor_sdk.access import Permission, Role, Scope, SegregationOfDuties, can
    from tenor_sdk.approvals import Approval
    from tenor_sdk.context import Actor, Context
    from tenor_sdk.drivers import Driver, DriverKind
    from tenor_sdk.errors import (
        Blocked,
        Conflict,
        Forbidden,
        Invalid,
        NotFound,
        Refused,
        TenorError,
    )
    from tenor_sdk.events import Event, on
    from tenor_sdk.hooks import call_hook, hookimpl, hookspec
    from tenor_sdk.i18n import Text, _, ngettext
    from tenor_sdk.jobs import job
    from tenor_sdk.plugin import Plugin
    from tenor_sdk.records import (
        AppendOnly,
        Archivable,
        Discussed,
        Extension,
        Line,
        Owned,
        Record,
        field,
        lines,
        link,
        linked,
        numbered,
    )
    from tenor_sdk.services import service
    from tenor_sdk.settings import Settings, setting
    from tenor_sdk.values import Amount, Money, Period, Rate
    from tenor_sdk.views import (
        Action,
        FormView,
        ListView,
        Menu,
        Panel,
        Section,
        Tab,
        ViewPatch,
        path,
    )
    from tenor_sdk.workflow import (
        Blocker,
        Branch,
        Deadline,
        State,
        Task,
        Transition,
        Wait,
        Workflow,
        WorkflowPatch,
        ask,
        guard,
    )

#: modules, and what of theirs stands here too. It is imported where it is asked for: whoever wants a word of one of
#: them, as the command line does, doesn't wait for all
_WHERE: Final = {
    "access": (
        "Permission",
        "Role",
        "Scope",
        "SegregationOfDuties",
        "can",
    ),
    "approvals": ("Approval",),
    "context": (
        "Actor",
        "Context",
    ),
    "drivers": (
        "Driver",
        "DriverKind",
    ),
    "errors": (
        "Blocked",
        "Conflict",
        "Forbidden",
        "Invalid",
        "NotFound",
        "Refused",
        "TenorError",
    ),
    "events": (
        "Event",
        "on",
    ),
    "hooks": (
        "call_hook",
        "hookimpl",
        "hookspec",
    ),
    "i18n": (
        "Text",
        "_",
        "ngettext",
    ),
    "jobs": ("job",),
    "plugin": ("Plugin",),
    "records": (
        "AppendOnly",
        "Archivable",
        "Discussed",
        "Extension",
        "Line",
        "Owned",
        "Record",
        "field",
        "lines",
        "link",
        "linked",
        "numbered",
    ),
    "services": ("service",),
    "settings": (
        "Settings",
        "setting",
    ),
    "values": (
        "Amount",
        "Money",
        "Period",
        "Rate",
    ),
    "views": (
        "Action",
        "FormView",
        "ListView",
        "Menu",
        "Panel",
        "Section",
        "Tab",
        "ViewPatch",
        "path",
    ),
    "workflow": (
        "Blocker",
        "Branch",
        "Deadline",
        "State",
        "Task",
        "Transition",
        "Wait",
        "Workflow",
        "WorkflowPatch",
        "ask",
        "guard",
    ),
}
_MODULES: Final = {name: module for module, names in _WHERE.items() for name in names}


__all__ = [
    "Action",
    "Actor",
    "Amount",
    "AppendOnly",
    "Approval",
    "Archivable",
    "Blocked",
    "Blocker",
    "Branch",
    "Conflict",
    "Context",
    "Deadline",
    "Discussed",
    "Driver",
    "DriverKind",
    "Event",
    "Extension",
    "Forbidden",
    "FormView",
    "Invalid",
    "Line",
    "ListView",
    "Menu",
    "Money",
    "NotFound",
    "Owned",
    "Panel",
    "Period",
    "Permission",
    "Plugin",
    "Rate",
    "Record",
    "Refused",
    "Role",
    "Scope",
    "Section",
    "SegregationOfDuties",
    "Settings",
    "State",
    "Tab",
    "Task",
    "TenorError",
    "Text",
    "Transition",
    "ViewPatch",
    "Wait",
    "Workflow",
    "WorkflowPatch",
    "_",
    "ask",
    "call_hook",
    "can",
    "field",
    "guard",
    "hookimpl",
    "hookspec",
    "job",
    "lines",
    "link",
    "linked",
    "ngettext",
    "numbered",
    "on",
    "path",
    "service",
    "setting",
]


if not TYPE_CHECKING:  # or a type checker took any name for one of ours

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        return found
