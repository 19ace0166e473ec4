"""Who may do what with the kernel's own records."""

from tenor.access.records import AccessEpoch, Unit, User, UserPosition, UserRole
from tenor.audit.access import look_at_ledger
from tenor.audit.records import LedgerEntry, Seal, SealMember
from tenor.events.records import OutboxEvent
from tenor.jobs.access import look_after_jobs
from tenor.jobs.records import Job, OutsideCall, Schedule
from tenor.loader.access import manage_plugins
from tenor.loader.records import DemoPlayed, Generation, PluginState
from tenor.settings.access import change_settings
from tenor.settings.records import PluginSetting
from tenor_sdk.access import ADMINISTRATOR, AUDITOR, EVERYBODY, Role, can

administrator = Role(
    "Administrator",
    can.edit(Unit, User, UserPosition, UserRole),
    can.delete(UserPosition, UserRole),
    can.read(PluginState, Generation, DemoPlayed, PluginSetting, AccessEpoch),
    can.use(change_settings, manage_plugins),
    positions=(ADMINISTRATOR, "service:base"),
)
auditor = Role(
    "Auditor",
    can.read(LedgerEntry, Seal, SealMember, UserPosition, UserRole, PluginState, PluginSetting),
    can.export(LedgerEntry, Seal, SealMember, UserPosition, UserRole),
    can.use(look_at_ledger),
    positions=(AUDITOR,),
)
everybody = Role("Everybody", can.read(Unit, User), positions=(EVERYBODY,))
system = Role(
    "System",
    can.read(Job, Schedule, OutsideCall, OutboxEvent),
    can.use(look_after_jobs),
    positions=("service:base",),
)
