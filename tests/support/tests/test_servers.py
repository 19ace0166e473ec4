"""The harnesses themselves: each server is real, fresh, and gone afterwards."""

import shutil
import smtplib
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import Page
from psycopg.conninfo import conninfo_to_dict

from tenor_test_support import (
    Console,
    OutsideWorld,
    PostgresDatabase,
    PostgresServer,
    RedisServer,
    SmtpSink,
)


def _tables(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [str(name) for (name,) in rows]


def test_a_database_is_empty_and_speaks_utf8(postgres_database: PostgresDatabase) -> None:
    assert _tables(postgres_database.dsn) == []
    with psycopg.connect(postgres_database.dsn) as connection:
        row = connection.execute("SELECT '重庆银行', current_setting('server_encoding')").fetchone()
    assert row == ("重庆银行", "UTF8")


def test_a_template_is_built_once_and_copied_for_each_database(
    postgres_server: PostgresServer,
) -> None:
    built: list[str] = []

    def build(url: str) -> None:
        built.append(url)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE loan (id int)")

    with postgres_server.database(postgres_server.template("support", build)) as first:
        with psycopg.connect(first.dsn) as connection:
            connection.execute("DROP TABLE loan")
        with postgres_server.database(postgres_server.template("support", build)) as second:
            assert _tables(second.dsn) == ["loan"]
    assert len(built) == 1


def test_a_server_dies_with_the_process_that_started_it() -> None:
    script = (
        "from tenor_test_support.postgres import running\n"
        "import os, signal\n"
        "with running() as server:\n"
        "    print(server.dsn, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    dsn = said.stdout.strip()
    assert dsn, said.stderr
    folder = Path(str(conninfo_to_dict(dsn)["host"]))
    assert _vanishes(folder / "data" / "postmaster.pid"), "PostgreSQL outlived its test run"
    shutil.rmtree(folder)


def _vanishes(file: Path, *, seconds: float = 20) -> bool:
    """Whether a file goes away by itself: a server takes its own when it has ended."""
    until = time.monotonic() + seconds
    while file.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return not file.exists()


def test_redis_comes_back_empty_at_the_same_address(
    redis_server: RedisServer, redis_url: str
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set("job", "17")
        redis_server.stop()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        redis_server.start()
        assert client.get("job") is None


def test_the_mail_sink_keeps_a_message_with_its_envelope(smtp_sink: SmtpSink) -> None:
    message = EmailMessage()
    message["Subject"] = "资料已齐"
    message.set_content("请审阅。")
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as server:
        server.send_message(message, "tenor@bank.example", ["risk@bank.example"])
    (kept,) = smtp_sink.wait_for(1)
    assert kept["Subject"] == "资料已齐"
    assert kept["X-Rcpt-To"] == "risk@bank.example"
    assert kept.get_content().strip() == "请审阅。"


def test_the_mail_sink_can_refuse(smtp_sink: SmtpSink) -> None:
    smtp_sink.refuse(451)
    with (
        smtplib.SMTP(smtp_sink.host, smtp_sink.port) as server,
        pytest.raises(smtplib.SMTPDataError, match="451"),
    ):
        server.sendmail("tenor@bank.example", ["risk@bank.example"], "Subject: later\r\n\r\n")
    assert smtp_sink.messages == []


def test_the_browser_sets_chinese_and_its_console_is_heard(page: Page, console: Console) -> None:
    page.set_content("<!doctype html><title>客户</title><script>console.error('red')</script>")
    assert page.title() == "客户"
    assert page.evaluate("navigator.language") == "zh-CN"
    assert len(console.unexpected()) == 1
    console.expect("red")
    assert console.unexpected() == []


def test_a_test_cannot_leave_the_machine() -> None:
    with socket.socket() as outside, pytest.raises(OutsideWorld):
        outside.connect(("192.0.2.1", 80))
