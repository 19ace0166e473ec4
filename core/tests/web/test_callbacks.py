"""Where providers call back: nobody is signed in, the driver proves who it is, and what is told is taken once."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tenor.drivers.callbacks import LARGEST
from tenor.drivers.pace import Pace
from tenor.kernel import Kernel
from tenor_test_support.plugins import installed

pytestmark = pytest.mark.both_databases
PLUGINS = Path(__file__).parent / "plugins"
HERE = "/callbacks/herald"


@pytest.fixture(scope="session")
def heralds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``heralds`` and its driver, as pip would have installed them."""
    site = tmp_path_factory.mktemp("heralds-site")
    with installed(PLUGINS, "heralds", site) as name:
        points = site / "tenor_heralds-1.0.dist-info" / "entry_points.txt"
        driver = "[tenor.drivers.herald]\ntrumpet = tenor_heralds.public:Herald\n"
        points.write_text(points.read_text() + driver)
        yield name


@pytest.fixture(scope="module")
def plugins(heralds: str) -> tuple[str, ...]:
    return (heralds,)


def call(app: Flask, body: bytes, *, query: str = "", key: bytes = b"the-key", **more: Any) -> Any:
    """A herald calls; the answer."""
    proof = hmac.digest(key, query.encode() + body, "sha256").hex()
    headers = {"X-Proof": proof, **more.pop("headers", {})}
    return app.test_client().post(HERE, data=body, query_string=query, headers=headers, **more)


def told(institution: Kernel) -> list[str]:
    with institution.db.raw(write=False) as connection:
        return list(connection.scalars(text("select event from heralds_news order by event")))


def entries(institution: Kernel, kind: str) -> list[Any]:
    statement = text("select reason, changes, actor_name from base_ledger_entry where kind = :kind")
    with institution.db.raw(write=False) as connection:
        return list(connection.execute(statement, {"kind": kind}))


def test_what_is_proved_is_taken_and_answered_as_the_provider_wants(
    app: Flask, institution: Kernel
) -> None:
    answer = call(app, b"a b")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "heard", "text/plain")
    assert told(institution) == ["a", "b"]


def test_it_is_on_record_as_the_plugins_service(app: Flask, institution: Kernel) -> None:
    call(app, b"a b")
    (entry,) = entries(institution, "callback")
    assert entry.actor_name == "service:heralds"
    for words in ("herald", "trumpet", "2"):
        assert words in str(entry.changes)


def test_nobody_is_signed_in_and_no_cookie_is_set(app: Flask) -> None:
    assert "Set-Cookie" not in call(app, b"a").headers


def test_the_query_is_proved_as_it_was_sent(app: Flask, institution: Kernel) -> None:
    assert call(app, b"a", query="b=%E4%B8%AD&a=1").status_code == 200
    assert told(institution) == ["a"]


def test_what_was_told_before_does_nothing_again(app: Flask, institution: Kernel) -> None:
    assert [call(app, b"a").status_code for _ in range(3)] == [200] * 3
    assert told(institution) == ["a"]
    assert len(entries(institution, "callback")) == 1


def test_the_same_twice_at_once_is_taken_once(app: Flask, institution: Kernel) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda _n: call(app, b"a b c").status_code, range(16)))
    assert set(answers) == {200}
    assert told(institution) == ["a", "b", "c"]


def test_who_proves_nothing_is_refused_and_put_on_record_once_a_minute(
    app: Flask, institution: Kernel
) -> None:
    answers = [call(app, b"a", key=b"another") for _ in range(5)]
    assert {(each.status_code, each.json["key"]) for each in answers} == {(403, "not-proved")}
    assert told(institution) == []
    (entry,) = entries(institution, "callback-refused")
    assert entry.reason == "not-proved"


@pytest.mark.parametrize("body", [b"broken", b"unwritten a"])
def test_a_driver_that_breaks_says_nothing_of_the_inside_and_keeps_nothing(
    app: Flask, institution: Kernel, faults: list[BaseException], body: bytes
) -> None:
    answer = call(app, body)
    assert (answer.status_code, answer.json["key"]) == (500, "http-500")
    assert "secret" not in answer.text
    assert isinstance(faults.pop(), ZeroDivisionError)
    assert told(institution) == []


def test_what_is_too_large_is_not_read(app: Flask, institution: Kernel) -> None:
    assert call(app, b"a" * (LARGEST + 1)).status_code == 413
    assert told(institution) == []


def test_nobody_calls_for_a_family_that_is_not_called_back(app: Flask) -> None:
    answer: Any = app.test_client().post(f"{HERE}s", data=b"a")
    assert (answer.status_code, answer.json["key"]) == (404, "not-found")
    assert app.test_client().get(HERE).status_code == 404


def test_without_a_driver_in_use_there_is_no_such_place(
    app: Flask, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(institution.drivers._offers, "herald", {})
    assert call(app, b"a").status_code == 404


def test_in_safe_mode_it_is_asked_to_come_again(
    app: Flask, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(institution.loader, "safe_mode", True)
    answer = call(app, b"a")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_who_calls_too_often_is_asked_to_come_again_and_others_are_heard(
    app: Flask, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(institution.drivers.callbacks, "pace", Pace(2, timedelta(minutes=1)))
    answers = [call(app, b"a", key=b"another") for _ in range(3)]
    assert [each.status_code for each in answers] == [403, 403, 429]
    assert answers[-1].headers["Retry-After"]
    other = call(app, b"a", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200
