from __future__ import annotations
from threading import Thread
from typing import Any
import pytest
from werkzeug.serving import make_server
from core.tests.web.test_paths import plugins, permits  # noqa
from core.tests.workflow.permits import DECIDER, KEEPER, REVIEWER
from tenor.web.visit import SESSION_COOKIE


def test_shot(permits: Any, institution: Any, app: Any) -> None:
    from tenor_permits.workflow import drafted, prepare, redraft, send_back, submit
    one = permits.file()
    permits.go(KEEPER, one, submit)
    two = permits.at_decision()
    permits.go(DECIDER, two, send_back, reason="the map is missing")
    three = permits.file(); permits.go(KEEPER, three, submit); permits.go(REVIEWER, three, prepare); permits.go("xu.min", three, drafted); permits.go(REVIEWER, three, redraft, reason="a wrong name")
    server = make_server("127.0.0.1", 8971, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        from tenor.access.records import User
        from sqlalchemy import update
        for lang in ("en",):
            with institution.db.raw() as connection:
                connection.execute(update(User.__table__).values(language="en"))
            for login, path, name in ((KEEPER, f"/permits/permit/{one}", "recall"), (KEEPER, f"/permits/permit/{two}", "returned"), (REVIEWER, f"/permits/permit/{three}", "branches"), ("song.qing", "/workflows/permits.permit", "flow"), ("song.qing", "/workflows", "flows")):
                context = browser.new_context(locale=lang, viewport={"width": 1280, "height": 900})
                context.add_cookies([{"name": SESSION_COOKIE, "value": institution.identity._open(login, ""), "url": "http://127.0.0.1:8971"}])
                page = context.new_page(); page.goto(f"http://127.0.0.1:8971{path}")
                page.screenshot(path=f"/tmp/paths-shots/{name}-{lang}.png", full_page=name=="flow")
                context.close()
        browser.close()
    server.shutdown()
