"""The paths of a case on its page and over the API: returned, taken back, timed, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.tests.workflow.permits import DECIDER, KEEPER, REVIEWER, Permits
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_test_support.plugins import installed

PLUGINS = Path(__file__).parents[1] / "workflow" / "plugins"
#: the page of the drawn workflow
DRAWN = "workflows/permits.permit"


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    with installed(PLUGINS, "permits", tmp_path_factory.mktemp("permits-site")) as name:
        yield (name,)


@pytest.fixture
def permits(institution: Kernel) -> Permits:
    made = Permits(institution)
    made.at("2026-06-01T10:00")
    return made


def here(permit: int, more: str = "") -> str:
    return f"/permits/permit/{permit}{more}"


def test_a_return_says_by_whom_whence_and_why(permits: Permits, person: Any) -> None:
    from tenor_permits.workflow import send_back

    permit = permits.at_decision()
    permits.go(DECIDER, permit, send_back, reason="the map is missing")
    page = person(KEEPER).get(here(permit))
    assert "由顾岩从“Decision”退回" in page
    assert "the map is missing" in page


def test_a_step_is_taken_back_by_a_button(permits: Permits, person: Any) -> None:
    from tenor_permits.workflow import submit

    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    lin = person(KEEPER)
    back = here(permit, "/transitions/submit/recall")
    assert "撤销“Submit”" in lin.get(here(permit))
    lin.press(here(permit), back)
    assert permits.state(permit) == "draft"
    page = lin.get(here(permit))
    assert back not in page
    assert "撤销：Submit" in page


def test_who_may_not_take_a_step_back_has_no_such_button(permits: Permits, person: Any) -> None:
    from tenor_permits.workflow import submit

    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    assert "/recall" not in person(REVIEWER).get(here(permit))


def test_the_page_says_when_a_case_goes_by_itself(permits: Permits, person: Any) -> None:
    permit = permits.at_decision()
    assert "2026-06-08 18:00 将自动“Lapse”" in person(KEEPER).get(here(permit))


def test_branches_stand_below_the_stage_bar(permits: Permits, person: Any) -> None:
    from tenor_permits.workflow import drafted, prepare, submit

    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    permits.go(REVIEWER, permit, prepare)
    permits.go("xu.min", permit, drafted)
    page = person(REVIEWER).get(here(permit))
    assert page.count('class="t-branch"') == 2
    assert '<span class="t-branch-name">Deed</span>' in page
    assert '<ol class="t-stages" aria-label="Site" tabindex="0">' in page


def test_the_api_tells_and_takes_back(permits: Permits, institution: Kernel, app: Any) -> None:
    from tenor_permits.workflow import submit

    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    token = institution.identity.create_token(actor_of(institution, KEEPER), "test")
    client = app.test_client()
    head = {"Authorization": f"Bearer {token}"}
    told = client.get(f"/api/v1{here(permit, '/transitions')}", headers=head).json
    assert [(one["name"], one["title"]) for one in told["recall"]] == [("submit", "Submit")]
    done = client.post(
        f"/api/v1{here(permit, '/transitions/submit/recall')}",
        headers=head,
        json={"reason": "a slip"},
    )
    assert (done.status_code, done.json["record"]["state"]) == (200, "draft")
    again = client.post(
        f"/api/v1{here(permit, '/transitions/submit/recall')}", headers=head, json={}
    )
    assert again.status_code == 409


# -- the workflow, drawn ----------------------------------------------------------------------------------------------


def test_a_workflow_is_drawn_with_a_table_behind_it(permits: Permits, person: Any) -> None:
    permits.at_decision()
    page = person("song.qing").get("/workflows/permits.permit")
    assert "框内为在办笔数与近一年停留时间的中位数" in page
    assert "橙线：退回" in page
    assert page.count('class="t-flow-box') == 8
    assert "Deed: Drafting → Checking → Deed done" in page.replace("：", ": ")
    assert 'style="' not in page
    assert "中位数（工作日）" in page


def test_cases_of_an_earlier_version_are_held_against_todays(
    permits: Permits, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_permits.records import Permit

    permits.at_decision()
    assert "按现行版本" not in person("song.qing").get(f"/{DRAWN}")
    flow = permits.engine.flows[Permit]
    steps = tuple(one for one in flow.definition.transitions if one.name != "reviewed")
    newer = replace(flow.definition, transitions=steps)
    monkeypatch.setitem(permits.engine.flows, Permit, replace(flow, definition=newer))
    page = person("song.qing").get(f"/{DRAWN}")
    assert "原版本的在办业务，按现行版本" in page
    assert "去年的业务，按现行版本" in page
    assert "该步骤已取消" in page


def test_the_list_counts_what_is_open(permits: Permits, person: Any) -> None:
    permits.at_decision()
    page = person("song.qing").get("/workflows")
    assert 'href="/workflows/permits.permit"' in page
    assert "在办业务" in page


def test_it_is_shown_to_those_who_may_see_it(permits: Permits, person: Any) -> None:
    person(KEEPER).get("/workflows", 403)
    person(KEEPER).get("/workflows/permits.permit", 403)
    person("song.qing").get("/workflows/permits.gone", 404)


def test_taking_a_step_back_is_not_told_again_to_who_lost_the_record(
    permits: Permits, institution: Kernel, app: Any
) -> None:
    from tenor_permits.workflow import submit

    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    token = institution.identity.create_token(actor_of(institution, KEEPER), "test")
    client = app.test_client()
    head = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    path = f"/api/v1{here(permit, '/transitions/submit/recall')}"
    sent = {"headers": head, "json": {"reason": "a slip"}}
    assert client.post(path, **sent).status_code == 200
    assert client.post(path, **sent).status_code == 200
    with institution.db.raw() as connection:
        connection.execute(text("UPDATE permits_permit SET unit_id = 3, owner_id = NULL"))
    assert client.post(path, **sent).status_code == 404
