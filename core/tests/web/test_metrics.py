"""What a monitor reads, and who may: in the real format, with labels that stay few; how it fares with a broken part."""

from __future__ import annotations

import gc
import socket
import warnings
from http.client import HTTPConnection
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from waitress import create_server

from tenor.loader.left_out import left_out
from tenor.testing import as_actor as as_kernel
from tenor.web.monitored import tell
from tenor_errands.services import add_errand
from tenor_sdk.testing import as_actor
from tenor_test_support.process import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.tests.web.conftest import Browser, Person
    from tenor.kernel import Kernel

pytestmark = pytest.mark.both_databases


@pytest.fixture
def read(app: Flask, institution: Kernel) -> Callable[[], dict[str, list[Any]]]:
    """The samples by their name, as a monitor reads them."""
    token = institution.settings.own_metrics_token

    def read() -> dict[str, list[Any]]:
        answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        found: dict[str, list[Any]] = {}
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                found.setdefault(sample.name, []).append(sample)
        return found

    return read


@pytest.fixture
def errand(institution: Kernel) -> int:
    with as_actor(institution, "lin.xiaowen") as ctx:
        return int(add_errand(ctx, "Fetch the seal").id)


@pytest.fixture
def broken(institution: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A panel that raises; two failures are enough."""
    from tenor_errands import views

    def fail(_ctx: Any, _record: Any) -> Any:
        raise ValueError("no effort")

    fail.__qualname__ = "fail"
    monkeypatch.setitem(vars(views.effort), "content", fail)
    institution.events.breakers.most = 2


def _value(samples: list[Any], **labels: str) -> float:
    (found,) = [each.value for each in samples if labels.items() <= each.labels.items()]
    return float(found)


def test_nobody_reads_them_without_the_token(app: Flask, person: Browser) -> None:
    asked = app.test_client().get
    for headers in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer guessed"},
        {"Authorization": "Basic guessed"},
        {"X-Forwarded-For": "127.0.0.1"},
    ):
        for address in ("/metrics", "/metrics?plugin=errands"):
            answer = asked(address, headers=headers)
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
            assert "tenor_" not in answer.text
    assert person("ding.ning").client.get("/metrics").status_code == 401


def test_the_token_of_the_settings_opens_them_too(app: Flask, institution: Kernel) -> None:
    institution.settings = institution.settings.but(metrics_token="of the monitor")
    for token in ("of the monitor", institution.settings.own_metrics_token):
        headers = {"Authorization": f"Bearer {token}"}
        assert app.test_client().get("/metrics", headers=headers).status_code == 200


def test_requests_are_counted_by_route_and_status(read: Any, person: Browser, errand: int) -> None:
    lin = person("lin.xiaowen")
    lin.get(f"/errands/errand/{errand}")
    lin.get(f"/errands/errand/{errand + 7}", 404)
    lin.client.get("/nowhere/at/all/of/this")
    counted = read()["tenor_http_request_duration_seconds_count"]
    one = "/<plugin>/<slug>/<int:identity>"
    assert _value(counted, route=one, method="GET", status="200") == 1
    assert _value(counted, route=one, method="GET", status="404") == 1
    assert str(errand + 7) not in str(counted)


def test_a_histogram_rises_to_its_count(read: Any, person: Browser) -> None:
    person("lin.xiaowen").get("/errands/errand")
    samples = read()
    steps = [
        each
        for each in samples["tenor_http_request_duration_seconds_bucket"]
        if each.labels["route"] == "/<plugin>/<slug>"
    ]
    values = [each.value for each in steps]
    assert values == sorted(values)
    assert steps[-1].labels["le"] == "+Inf"
    assert values[-1] == 1
    total = samples["tenor_http_request_duration_seconds_sum"]
    assert _value(total, route="/<plugin>/<slug>") > 0


def test_statements_jobs_sessions_and_the_generation_are_told(
    read: Any, person: Browser, institution: Kernel
) -> None:
    before = _value(read()["tenor_sessions"])
    person("lin.xiaowen")
    told = read()
    assert _value(told["tenor_sessions"]) == before + 1
    assert _value(told["tenor_db_statement_duration_seconds_count"], access="read") > 0
    assert _value(told["tenor_generation"]) == institution.generation
    assert _value(told["tenor_plugins"], status="failed") == 0
    assert {each.labels["state"] for each in told["tenor_jobs"]} == {
        "due", "later", "running", "in_parts", "parked",
    }  # fmt: skip
    assert _value(told["tenor_outbox_lag_seconds"]) >= 0


def test_a_part_that_is_left_out_is_told(
    read: Any, person: Browser, errand: int, broken: None, faults: list[BaseException]
) -> None:
    page = f"/errands/errand/{errand}"
    for _ in range(4):
        person("lin.xiaowen").get(page)
    faults.clear()
    labels = {"plugin": "errands", "kind": "panel", "callback": "core.tests.web.test_metrics.fail"}
    told = read()
    assert _value(told["tenor_plugin_callback_open"], **labels) == 1
    assert _value(told["tenor_plugin_callback_failures_total"], **labels) == 2
    assert _value(told["tenor_plugin_callback_left_out_total"], **labels) == 2
    assert _value(told["tenor_plugin_callback_duration_seconds_count"], **labels) == 2


def test_a_panel_that_is_left_out_says_so_in_its_place(
    person: Browser, errand: int, broken: None, faults: list[BaseException]
) -> None:
    lin, page = person("lin.xiaowen"), f"/errands/errand/{errand}"
    for _ in range(2):
        assert "暂不显示" not in lin.get(page)
    assert "暂不显示" in lin.get(page)
    assert len(faults) == 2
    faults.clear()


def test_the_page_of_a_plugin_says_what_is_left_out_and_has_it_called_again(
    person: Browser, institution: Kernel, errand: int, broken: None, faults: list[BaseException]
) -> None:
    lin, ding = person("lin.xiaowen"), person("ding.ning")
    for _ in range(2):
        lin.get(f"/errands/errand/{errand}")
    faults.clear()
    assert "errands" in _banner(ding)
    shown = ding.get("/plugins/errands")
    assert "core.tests.web.test_metrics.fail" in shown
    assert "ValueError: no effort" in shown
    ding.press("/plugins/errands", "/plugins/errands/again")
    with as_kernel(institution, "ding.ning", write=False) as ctx:
        assert left_out(ctx) == []
    assert "/plugins/errands/again" not in ding.get("/plugins/errands")


def _banner(ding: Person) -> str:
    shown = ding.get("/tasks")
    return shown[shown.index("t-banner") :][:600] if "t-banner" in shown else ""


def test_the_page_of_a_plugin_says_how_long_its_callbacks_take(
    person: Browser, errand: int
) -> None:
    person("lin.xiaowen").get(f"/errands/errand/{errand}")
    shown = person("ding.ning").get("/plugins/errands")
    assert "tenor_errands.views._effort" in shown
    assert " ms" in shown or "毫秒" in shown
    assert "/plugins/errands" in person("ding.ning").get("/plugins")


def test_who_doesnt_manage_plugins_sees_and_resets_nothing(person: Browser) -> None:
    lin = person("lin.xiaowen")
    lin.get("/plugins/errands", 404)
    token = lin.form("/", "/sign-out")["csrf_token"]
    lin.send("/plugins/errands/again", {"csrf_token": token}, 403)
    person("ding.ning").get("/plugins/nobody", 404)


def test_a_worker_tells_a_monitor_of_itself_once_its_address_is_free(institution: Kernel) -> None:
    port, over = free_port(), Event()
    institution.settings = institution.settings.but(host="127.0.0.1")
    before = create_server(lambda *_: [], host="127.0.0.1", port=port, threads=1)
    Thread(target=tell, args=(institution, port, over), daemon=True).start()
    before.close()
    site = HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(200):
        if _connects(site):
            break
        sleep(0.1)
    for token, status in (("guessed", 401), (institution.settings.own_metrics_token, 200)):
        site.request("GET", "/metrics", headers={"Authorization": f"Bearer {token}"})
        answer = site.getresponse()
        text = answer.read().decode()
        assert (answer.status, "tenor_jobs" in text) == (status, status == 200)
    site.request("GET", "/plugins")
    assert site.getresponse().status == 404
    site.close()


def test_an_address_that_is_taken_leaves_nothing_open(institution: Kernel) -> None:
    class Once(Event):
        def wait(self, timeout: float | None = None) -> bool:
            self.set()
            return timeout is not None

    with (
        socket.create_server(("127.0.0.1", 0)) as before,
        warnings.catch_warnings(record=True) as said,
    ):
        warnings.simplefilter("always")
        institution.settings = institution.settings.but(host="127.0.0.1")
        tell(institution, before.getsockname()[1], Once())
        gc.collect()
    assert [str(one.message) for one in said] == []


def _connects(site: HTTPConnection) -> bool:
    site.close()
    try:
        site.connect()
    except OSError:
        return False
    return True
