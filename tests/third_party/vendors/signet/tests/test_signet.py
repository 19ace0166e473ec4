"""Signet keeps the promises of the family over its wire, and those of every plugin."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from tenor_signet.driver import Signet

from tenor_esign_ca.public import SigningDriver
from tenor_esign_ca.testing import SigningDriverContract
from tenor_sdk import Context
from tenor_sdk.testing import PluginContract


class TestSignetsPromises(PluginContract):
    plugin = "signet"


class TestSignet(SigningDriverContract):
    """Each test has an account of its own in the sandbox."""

    @pytest.fixture
    def driver(self) -> SigningDriver:
        account = SimpleNamespace(address=f"{os.environ['SIGNET_SANDBOX']}/{uuid4().hex}")
        allowed = SimpleNamespace(reach=lambda _ctx: None)
        ctx: Any = SimpleNamespace(settings=lambda _kind: account, _tenor_port=allowed)
        return Signet(cast("Context", ctx))
