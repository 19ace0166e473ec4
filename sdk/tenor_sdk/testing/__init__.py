"""What a plugin's tests are written with: an institution of their own, people who act, days that pass, the contract.

The fixtures come with the package: ``institution``, ``plugins``, ``database``. The kernel is found by its entry point
``tenor.testing``, the one place in which the SDK knows that there is one.
"""

from tenor_sdk.testing.callbacks import CallbackContract
from tenor_sdk.testing.contract import DriverContract, PluginContract
from tenor_sdk.testing.institution import (
    Institution,
    Visitor,
    as_actor,
    call_back,
    make_user,
    on_date,
    run_jobs,
    visit,
)

__all__ = [
    "CallbackContract",
    "DriverContract",
    "Institution",
    "PluginContract",
    "Visitor",
    "as_actor",
    "call_back",
    "make_user",
    "on_date",
    "run_jobs",
    "visit",
]
