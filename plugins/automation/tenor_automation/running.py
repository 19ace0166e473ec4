"""One rule on one record: judged, done, and put down as a run, whatever comes of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tenor_automation.acting import act
from tenor_automation.domain.chain import MOST_FAILURES, barred, cause_of, failing
from tenor_automation.records import Outcome, Rule, Run
from tenor_automation.sound import NOTHING, Happening, condition_of
from tenor_sdk import Context, Record, TenorError, _
from tenor_sdk.causes import caused_by, causes_of
from tenor_sdk.counts import count_up, counted
from tenor_sdk.expressions import holds
from tenor_sdk.i18n import Text, in_words
from tenor_sdk.services import savepoint

log = logging.getLogger(__name__)


def judge_one(
    ctx: Context, rule: Rule, heard: str, record: Record, happened: Happening = NOTHING
) -> str:
    """Judge a record by a rule and do what follows; the outcome. That its condition isn't met is no run: whoever asks
    counts it, see ``count_not_met``."""
    judged = holds(ctx, condition_of(ctx, rule), record, happened.told, entry=happened.entry)
    if judged.error is not None:
        return _note(
            ctx, rule, heard, record, Outcome.FAILED, error=_("{error}", error=judged.error)
        )
    if not judged.holds:
        return Outcome.NOT_MET.value
    stopped = barred(rule.id, causes_of(ctx))
    if stopped:
        return _note(ctx, rule, heard, record, Outcome(stopped))
    try:
        # around the savepoint, which is flushed at its end: what that tells has its cause
        with caused_by(ctx, cause_of(rule.id)), savepoint(ctx):
            said = act(ctx, rule, record, happened)
    except TenorError as error:
        return _note(ctx, rule, heard, record, Outcome.FAILED, error=_("{error}", error=error))
    except OperationalError:  # the database's trouble and no rule's: the job is tried again
        raise
    except Exception as error:
        log.warning("rule %s failed on %s %s", rule.id, rule.about, record.id, exc_info=error)
        why = _("A fault in the program: {kind}", kind=type(error).__name__)
        return _note(ctx, rule, heard, record, Outcome.FAILED, error=why)
    return _note(ctx, rule, heard, record, Outcome.DONE, said=said)


def count_not_met(ctx: Context, rule: Rule, outcomes: Mapping[str, int]) -> None:
    """Count the records for which a rule's condition wasn't met, at the end of what looked at them."""
    times = outcomes.get(Outcome.NOT_MET.value, 0)
    if times:
        count_up(ctx, cause_of(rule.id), times)


def times_not_met(ctx: Context, rule: Rule, *, since: date | None = None) -> int:
    """How often its condition wasn't met, from a day on; runs that were kept when each was aren't among them."""
    return counted(ctx, cause_of(rule.id), "automation", since=since)


def keeps_failing(ctx: Context, rule: Rule) -> bool:
    """Whether the latest runs of a rule that came to anything all failed."""
    counted = (Outcome.DONE, Outcome.FAILED)
    latest = (
        select(Run.outcome)
        .where(Run.rule_id == rule.id, Run.outcome.in_(counted))
        .order_by(Run.id.desc())
        .limit(MOST_FAILURES)
    )
    return failing([outcome is Outcome.FAILED for outcome in ctx.session.scalars(latest)])


def note_failure(ctx: Context, rule: Rule, heard: str, record_id: int | None, why: Text) -> None:
    """Put down that a rule couldn't even see its record."""
    run = Run(rule_id=rule.id, edition=rule.edition, heard=heard, about=rule.about, record_id=record_id,
              outcome=Outcome.FAILED, error=in_words(ctx, why)[:1000])  # fmt: skip
    ctx.session.add(run)
    ctx.session.flush()


def _note(
    ctx: Context, rule: Rule, heard: str, record: Record, outcome: Outcome,
    *, said: Text | None = None, error: Text | None = None,
) -> str:  # fmt: skip
    run = Run(
        rule_id=rule.id, edition=rule.edition, heard=heard, about=rule.about, record_id=record.id,
        outcome=outcome,
        said=in_words(ctx, said)[:500] if said else "", error=in_words(ctx, error)[:1000] if error else "",
        causes=" → ".join(causes_of(ctx))[:1000],
    )  # fmt: skip
    ctx.session.add(run)
    ctx.session.flush()
    return outcome.value
