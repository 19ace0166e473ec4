"""A rehearsal in a process of its own: ``python -m tenor.rehearsal customers loans`` imports these plugins with those
that they need, maps them and puts what they declare into service, without any institution: no table is read. With
``TENOR_DATABASE_URL`` it starts on a copy of one, and moves the cases that lose their state.

It says on its output, a line of JSON each, which plugin it imports, and at the end what fails, or what came into
service: roles and workflows. What a plugin itself prints goes to the other output, so that it says nothing for us.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tenor.boot import furnished
from tenor.clock import Clock
from tenor.loader.failures import PluginFault, words_of
from tenor.loader.loader import Loader
from tenor.loader.order import order
from tenor.loader.trying import MARK
from tenor.settings import KernelSettings
from tenor_sdk.workflow import WorkflowPatch

if TYPE_CHECKING:
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

#: signs for nobody
_KEY: Final = "of a rehearsal, in which nobody signs in"
_REASON: Final = "rehearsal"
#: the numbers of a process's own outputs
_OUTPUT: Final = 1
_ERRORS: Final = 2


def main(names: list[str]) -> int:
    """Rehearse; the exit status."""
    say = _speaking()
    with tempfile.TemporaryDirectory() as folder:
        settings = KernelSettings(
            data_dir=Path(folder), secret_key=_KEY, database_url=os.environ.get("TENOR_DATABASE_URL", "")
        )  # fmt: skip
        loader = Loader(settings, names, lambda name: say(imports=name))
        loader.order = order(loader.enabled, loader.installed)
        for failure in loader.order.failures:
            say(fault=[failure.plugin, str(failure.cause)])
            return 1
        try:
            declarations = loader.gathered()
            kernel = furnished(settings, loader, declarations, Clock())
            moved = _follow(kernel) if settings.database_url else 0
        except PluginFault as fault:
            say(fault=[fault.failure.plugin, words_of(fault.__cause__ or fault)])
            return 1
        say(roles=list(_roles(kernel)), flows=list(_flows(kernel, declarations)), moved=moved)
        kernel.db.dispose()
    return 0


def _follow(kernel: Kernel) -> int:
    """On a copy: put the cases whose state is there no more into the one that takes its place."""
    mapping = json.loads(os.environ.get("TENOR_REHEARSAL", "{}"))
    return sum(
        kernel.workflow.migrating.follow(flow, mapping.get(flow.name, {}), _REASON)
        for flow in kernel.workflow.flows.values()
    )


def _roles(kernel: Kernel) -> Any:
    for key, role in kernel.access.roles.items():
        yield {"plugin": role.plugin, "key": key, "title": role.title, "positions": sorted(role.positions)}  # fmt: skip


def _flows(kernel: Kernel, declarations: Declarations) -> Any:
    patches = declarations.of(WorkflowPatch)
    for flow in kernel.workflow.flows.values():
        yield {
            "workflow": flow.name,
            "table": flow.record.__tablename__,
            "hash": flow.definition.hash,
            "states": [state.name for state in flow.definition.states],
            "replaced": {old: state.name for old, state in flow.workflow.replaces.items()},
            "patches": [_patch(patch) for patch in patches if patch.workflow is flow.workflow],
        }


def _patch(patch: WorkflowPatch) -> dict[str, Any]:
    return {
        "plugin": patch.plugin,
        "states": [state.name for state, _after in patch.states],
        "transitions": [each.name for each in patch.transitions],
        "guards": [how.name for how, _guard in patch.guards],
        "reroute": [how.name for how, _state in patch.reroute],
        "branches": [branch.name for _state, branch in patch.branches],
    }


def _speaking() -> Callable[..., None]:
    """What says something on our output; from here on what others print goes to the one for errors."""
    sys.stdout.flush()
    answer = os.dup(_OUTPUT)
    os.dup2(_ERRORS, _OUTPUT)

    def say(**said: Any) -> None:
        os.write(answer, f"{MARK}{json.dumps(said)}\n".encode())

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
