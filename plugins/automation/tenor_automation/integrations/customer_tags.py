"""Where tags of customers run: rules give them by hand, as whoever they act for, with the reason and the last day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tenor_automation.hooks import tag_record
from tenor_customer_tags.public import GivenTag, Tag, give_tag, held_tags
from tenor_sdk import Context, Record, Refused, hookimpl


@hookimpl(tag_record)
def tag_customer(ctx: Context, record: Record, code: str, reason: str, until: date) -> bool:
    """Give a customer a tag; one that is carried already stays as it is."""
    if (type(record).__plugin__, type(record).slug()) != ("customers", "customer"):
        return False
    tag = ctx.session.scalars(select(Tag).where(Tag.code == code)).one_or_none()
    if tag is None:
        raise Refused("no-tag-of-this-code", code=code)
    if all(held.tag_id != tag.id for held in held_tags(ctx, record.id)):
        give_tag(ctx, record, GivenTag(tag.id, reason, until))  # type: ignore[arg-type]  # a customer, as its slug says
    return True
