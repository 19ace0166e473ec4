"""What other systems call a record: one id for each source system, by which imports find it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.records import Record

R = TypeVar("R", bound="Record")


def set_external_id(ctx: Context, record: Record, source: str, value: str) -> None:
    """Say what ``source`` calls ``record``; an empty ``value`` takes the id away. Judged as a change of the record.

    Args:
        source: the other system, in small letters: ``core-banking``.
        value: at most 200 characters; no two records of a kind have the same one of a source.

    Raises:
        Invalid: ``not-a-source``, ``too-long``, ``control-characters``.
        Conflict: ``external-id-taken``, whether the person may see the other record or not.
        NotFound: a record that the person can't read.
        Forbidden: without the right to change the record.
    """
    port_of(ctx).set_external_id(ctx, record, source, value)


def external_id(ctx: Context, record: Record, source: str) -> str:
    """What ``source`` calls ``record``; empty where nobody said.

    Raises:
        NotFound: a record that the person can't read.
    """
    return port_of(ctx).external_id(ctx, record, source)


def by_external_id(ctx: Context, record: type[R], source: str, value: str) -> R:
    """The record of this kind that ``source`` calls ``value``.

    Raises:
        NotFound: there is none, or none that the person may read.
    """
    return port_of(ctx).by_external_id(ctx, record, source, value)
