"""What the channels keep: of the house, and of people outside it."""

from tenor_channels.records.contacts import Consent, ContactNotice, ContactPerson, Purpose
from tenor_channels.records.house import (
    ARRIVED,
    NOT_ARRIVED,
    POSTED,
    POSTING,
    REFUSED,
    SENDING,
    SENT,
    ChatGroup,
    GroupMember,
    MobileNumber,
    Post,
    Sms,
    SmsNews,
)

__all__ = [
    "ARRIVED",
    "NOT_ARRIVED",
    "POSTED",
    "POSTING",
    "REFUSED",
    "SENDING",
    "SENT",
    "ChatGroup",
    "Consent",
    "ContactNotice",
    "ContactPerson",
    "GroupMember",
    "MobileNumber",
    "Post",
    "Purpose",
    "Sms",
    "SmsNews",
]
