"""A set of plugins is tried in a process of its own before it runs: one that can't be imported or put into service
changes nothing, and whoever plans imports none of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from tenor_sdk.errors import Refused
from tenor_sdk.i18n import Text, _

#: before each line that the process says itself
MARK: Final = "\x1etenor "


@dataclass(frozen=True, kw_only=True)
class RoleSeen:
    """A role that comes into service: whose, its key and title, and the positions that have it from the start."""

    plugin: str
    key: str
    title: str
    positions: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class PatchSeen:
    """What a plugin adds to a workflow: names of states, transitions, guarded and rerouted transitions, branches."""

    plugin: str
    states: Sequence[str]
    transitions: Sequence[str]
    guards: Sequence[str]
    reroute: Sequence[str]
    branches: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class FlowSeen:
    """A workflow as it comes into service.

    Args:
        workflow, table: its name and that of its record.
        hash: of its definition, with all patches.
        states: by name; ``replaced``: for a state of earlier versions the one that takes its place.
        patches: what plugins add to it.
    """

    workflow: str
    table: str
    hash: str
    states: Sequence[str]
    replaced: Mapping[str, str]
    patches: Sequence[PatchSeen]


@dataclass(frozen=True)
class Tried:
    """What came into service."""

    roles: Sequence[RoleSeen] = field(default_factory=list)
    flows: Sequence[FlowSeen] = field(default_factory=list)


def rehearse(names: Sequence[str], seconds: int) -> Tried:
    """Import these plugins with those that they need, and put what they declare into service, in a process that knows
    of no institution.

    Args:
        seconds: how long it may take.

    Raises:
        Refused: ``plugin-rehearsal``, with the plugin and the cause.
    """
    return _tried(_run(names, {}, seconds))


def start_on(
    url: str, names: Sequence[str], mapping: Mapping[str, Mapping[str, str]], seconds: int
) -> int:
    """Start an institution with these plugins on a copy of its database, in a process of its own.

    Args:
        mapping: for the name of a workflow the states that take the place of others.

    Returns:
        How many cases were put into a state that takes another's place.

    Raises:
        Refused: as ``rehearse``.
    """
    environment = {"TENOR_DATABASE_URL": url, "TENOR_REHEARSAL": json.dumps(mapping)}
    return int(_run(names, environment, seconds)["moved"])


def _run(names: Sequence[str], more: Mapping[str, str], seconds: int) -> Mapping[str, Any]:
    """What the process says at its end."""
    command = [sys.executable, "-m", "tenor.rehearsal", *names]
    # neither the institution's database nor its passwords are any of their business
    own = {name: value for name, value in os.environ.items() if not name.startswith("TENOR_")}
    done = subprocess.Popen(
        command, env={**own, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )  # fmt: skip
    with done:
        try:
            answer, spoken = done.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as expired:
            cause = _("it took longer than {n} seconds", n=seconds)
            raise _refused(_importing(_heard(expired.stdout or b"")), cause) from expired
        finally:
            _end(done.pid)
    heard = _heard(answer)
    for said in heard:
        if "fault" in said:
            raise _refused(*said["fault"])
        if "flows" in said:
            return said
    # a plugin that ends the process behind Python's back, os._exit or a crash, leaves no word
    last = _text(spoken).strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
    raise _refused(_importing(heard), last[0])


def _end(group: int) -> None:
    """End it with all that it began: what a plugin starts at its import mustn't go on after a rehearsal."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _refused(plugin: str, cause: str | Text) -> Refused:
    return Refused("plugin-rehearsal", plugin=plugin, cause=cause)


def _heard(output: bytes) -> list[dict[str, Any]]:
    lines = _text(output).split("\n")
    return [json.loads(each[len(MARK) :]) for each in lines if each.startswith(MARK)]


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")


def _importing(heard: Iterable[Mapping[str, Any]]) -> str:
    """The plugin that was imported last."""
    return next((str(said["imports"]) for said in reversed([*heard]) if said.get("imports")), "")


def _tried(said: Mapping[str, Any]) -> Tried:
    flows = [
        FlowSeen(**{**each, "patches": [PatchSeen(**patch) for patch in each["patches"]]})
        for each in said["flows"]
    ]
    return Tried([RoleSeen(**each) for each in said["roles"]], flows)
