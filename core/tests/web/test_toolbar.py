"""The toolbar of ``tenor dev``: what a request asked, at the foot of its page."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from core.tests.web.conftest import Browser
from tenor.kernel import Kernel
from tenor.loader.failures import failed_import
from tenor.web.toolbar import Toolbar
from tenor_errands.services import add_errand
from tenor_sdk.testing import as_actor


@pytest.fixture
def watched(app: Flask, institution: Kernel) -> None:
    Toolbar(institution).install(app)


def test_nobody_has_it_unasked(person: Browser) -> None:
    assert "t-dev" not in person("lin.xiaowen").get("/errands/errand")


@pytest.mark.usefixtures("watched")
def test_a_page_says_what_it_asked(person: Browser, institution: Kernel) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        add_errand(ctx, "Fetch the seal")
    answer = person("lin.xiaowen").client.get("/errands/errand")
    said = answer.text
    assert "<code>GET /errands/errand</code>" in said
    assert re.search(r"<code>SELECT [^<]*errands_errand", said)
    assert "<code>create Errand</code>" in said
    assert re.fullmatch(r"total;dur=[\d.]+, db;dur=[\d.]+", answer.headers["Server-Timing"])


@pytest.mark.usefixtures("watched")
def test_a_form_that_was_sent_stands_on_the_next_page(person: Browser, institution: Kernel) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        identity = add_errand(ctx, "Fetch the seal").id
    lin, page = person("lin.xiaowen"), f"/errands/errand/{identity}"
    lin.press(page, f"{page}/transitions/start")
    said = lin.get(page)
    assert f"<code>POST {page}/transitions/start</code>" in said
    assert re.search(r"<code>guard errands\.\S*has_a_free_hand</code>", said)
    assert f"<code>update Errand {identity}</code>" in said


@pytest.mark.usefixtures("watched")
def test_a_plugin_that_is_left_out_is_told_where_its_pages_would_be(
    person: Browser, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"visits": failed_import("visits", NameError("no <x>"))}
    monkeypatch.setattr(institution.loader, "broken", broken)
    said = person("lin.xiaowen").get("/errands/errand")
    assert "visits：其代码无法导入：NameError: no &lt;x&gt;" in said


@pytest.mark.usefixtures("watched")
def test_what_was_shown_once_is_not_shown_again(person: Browser) -> None:
    lin = person("lin.xiaowen")
    lin.get("/errands/errand")
    assert lin.get("/errands/errand").count('class="t-dev-request"') == 1
