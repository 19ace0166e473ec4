"""When a person may be contacted about a debt, and how often.

The policy is dated data. The one delivered is written for consumer credit (《互联网金融 个人网络消费信贷 贷后催收
风控指引》); here it is the default for natural persons: guarantors, legal representatives of borrowers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo
from typing import Any

from tenor_sdk.errors import Invalid


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """The limits on contacting one person.

    Args:
        quiet_from: from when on, in the person's local time, contact rests.
        quiet_until: until when.
        a_day: how many attempts a local day, over all channels and agencies together.
    """

    quiet_from: time
    quiet_until: time
    a_day: int

    def is_quiet(self, local: time) -> bool:
        """Whether contact rests at this local time."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= local < self.quiet_until
        return local >= self.quiet_from or local < self.quiet_until


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a contact may not be made now: the rule, and the figures that it went by."""

    rule: str
    values: Mapping[str, object] = field(default_factory=dict)


def hindrances(
    policy: ContactPolicy,
    at: datetime,
    attempts: Iterable[datetime],
    zone: tzinfo,
    *,
    agreed: bool = False,
    on_hold: bool = False,
) -> tuple[Hindrance, ...]:
    """Everything that forbids contacting a person at a moment; empty if nothing does.

    Args:
        policy: the policy in force.
        at: the moment, with its time zone.
        attempts: the attempts to reach this person so far: every channel, every agency, reached or not.
        zone: the time zone in which the person lives.
        agreed: whether the person agreed to be contacted in quiet hours.
        on_hold: whether contact rests because of a complaint, or because the person is represented.

    Raises:
        Invalid: ``time-without-zone``.
    """
    local = _local(at, zone)
    made = sum(_local(attempt, zone).date() == local.date() for attempt in attempts)
    found = []
    if on_hold:
        found.append(Hindrance("contact-on-hold"))
    if policy.is_quiet(local.time()) and not agreed:
        hours = {"quiet_from": policy.quiet_from, "quiet_until": policy.quiet_until}
        found.append(Hindrance("quiet-hours", {"at": local, **hours}))
    if made >= policy.a_day:
        found.append(Hindrance("daily-cap", {"made": made, "permitted": policy.a_day}))
    return tuple(found)


def _local(moment: datetime, zone: tzinfo) -> datetime:
    if moment.tzinfo is None:
        raise Invalid("time-without-zone", at=moment)
    return moment.astimezone(zone)


def contact_policy(value: Mapping[str, Any]) -> ContactPolicy:
    """The policy from the value of its rule: ``quiet_from``, ``quiet_until`` (local times), ``a_day``."""
    return ContactPolicy(value["quiet_from"], value["quiet_until"], value["a_day"])
