"""About what a job is: the event after which it runs and the ids that it was given; nothing else of what was said."""

from typing import Any

import pytest

from tenor.cli.jobs import about
from tenor.kernel import Kernel
from tenor.testing import as_actor

pytestmark = pytest.mark.both_databases


def seen(institution: Kernel) -> dict[str, tuple[str, dict[str, int]]]:
    """What is said of each job, by its name."""
    with as_actor(institution, "ding.ning", write=False) as ctx:
        shown = institution.jobs.overview(ctx).jobs
    return {one.name: (one.event, dict(one.about)) for one in shown}


def test_a_job_that_was_asked_for_is_about_the_ids_among_its_arguments(
    institution: Kernel, chores: Any
) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        ctx.enqueue(chores.rename, chore_id=7, name="a name that not everybody may see")
    assert seen(institution)["chores.rename"] == ("", {"chore_id": 7})


def test_a_job_after_an_event_is_about_what_the_event_names(
    institution: Kernel, chores: Any
) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        asked = chores.ask(ctx, "sweep")
    assert seen(institution)["chores.run_chore"] == ("chores.ChoreAsked", {"chore_id": asked})


def test_the_command_says_both_in_one_line(institution: Kernel, chores: Any) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        chores.ask(ctx, "sweep")
        ctx.enqueue(chores.as_whoever)
    with as_actor(institution, "ding.ning", write=False) as ctx:
        said = {one.name: about(one) for one in institution.jobs.overview(ctx).jobs}
    assert said["chores.run_chore"].startswith("chores.ChoreAsked chore_id ")
    assert said["chores.as_whoever"] == ""
