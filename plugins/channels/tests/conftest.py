"""An institution with the channels, and what its tests of every channel have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tenor_channels.settings import ChannelsSettings
from tenor_channels.testing import ChatServer
from tenor_sdk.settings import change_setting
from tenor_sdk.testing import as_actor

ZHOU, DING = "zhou.qiming", "ding.ning"
OTHER = "base.other"
#: what a provider of SMS answers who took one
TAKEN = {"code": 0, "message": "ok"}


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("channels",)


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[ChatServer]:
    """A provider that answers as the module's ``ANSWER`` says."""
    with ChatServer(request.module.ANSWER) as server:
        yield server


class House:
    """An institution whose time can be moved, and its provider."""

    def __init__(self, institution: Any, server: ChatServer) -> None:
        self.kernel, self.server = institution, server

    def use(self, **drivers: str) -> None:
        """Choose the drivers of families."""
        self.kernel.settings = self.kernel.settings.but(drivers=drivers)

    def set(self, **values: Any) -> None:
        """Change settings of the channels."""
        with as_actor(self.kernel, DING) as ctx:
            for name, value in values.items():
                change_setting(ctx, ChannelsSettings, name, value)

    def choose(self, login: str, channel: str, way: str) -> None:
        with as_actor(self.kernel, login) as ctx:
            self.kernel.notify.wishes.choose(ctx, OTHER, channel, way)

    def at(self, text: str) -> None:
        """Move the institution's clock to a local time."""
        clock = self.kernel.clock
        clock.move(datetime.fromisoformat(text).replace(tzinfo=clock.zone))

    def quiet(self, login: str, starts: str, ends: str) -> None:
        with as_actor(self.kernel, login) as ctx:
            self.kernel.notify.wishes.keep_quiet(ctx, starts, ends)

    def require(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """From now on other news is of a kind that is required."""
        wishes = self.kernel.notify.wishes
        required = {**wishes.kinds, OTHER: replace(wishes.kinds[OTHER], required=True)}
        monkeypatch.setattr(wishes, "kinds", required)

    def later(self, **distance: int) -> None:
        clock = self.kernel.clock
        clock.move(clock.instant + timedelta(**distance))

    def parked(self) -> int:
        with as_actor(self.kernel, DING, write=False) as ctx:
            return int(self.kernel.jobs.overview(ctx).counts.get("parked", 0))
