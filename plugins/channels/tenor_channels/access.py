"""Who looks after groups and numbers; who knows contact persons and may tell them something."""

from __future__ import annotations

from tenor_channels.records import (
    ChatGroup,
    Consent,
    ContactNotice,
    ContactPerson,
    MobileNumber,
    Post,
    Purpose,
    Sms,
    SmsNews,
)
from tenor_sdk import Permission, Role, Scope, can
from tenor_sdk.access import (
    ADMINISTRATOR,
    AUDITOR,
    BRANCH_HEAD,
    COMPLIANCE,
    EVERYBODY,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    through,
)

set_address = Permission(title="Set where a group’s robot is addressed")

keeper = Role(
    "Keeper of chat groups",
    can.edit(ChatGroup),
    can.read(Post),
    can.use(set_address),
    positions=(ADMINISTRATOR,),
)
keeper_of_numbers = Role(
    "Keeper of mobile numbers",
    can.everything(MobileNumber),
    can.read(Sms, SmsNews),
    positions=(ADMINISTRATOR,),
)
poster = Role(
    "Poster of notices",
    can.read(ChatGroup, Post, MobileNumber, Sms, SmsNews),
    can.read(ContactPerson, Purpose, Consent, ContactNotice),
    positions=("service:channels",),
)

record_consent = Permission(title="Record consents of contact persons")
tell_contacts = Permission(title="Tell contact persons something")

#: what was agreed to and told is seen with the person whom it is about
_about = (
    can.read(Consent, scope=through(Consent.contact_id)),
    can.read(ContactNotice, scope=through(ContactNotice.contact_id)),
)

manager_of_contacts = Role(
    "Manager of contact persons",
    can.edit(ContactPerson, scope=Scope.OWN),
    can.use(record_consent, tell_contacts),
    *_about,
    positions=(RELATIONSHIP_MANAGER,),
)
branch_of_contacts = Role(
    "Reader of the unit’s contact persons",
    can.read(ContactPerson, scope=Scope.BELOW),
    *_about,
    positions=(BRANCH_HEAD,),
)
after_the_loan = Role(
    "Teller of contact persons",
    can.read(ContactPerson),
    can.use(record_consent, tell_contacts),
    *_about,
    positions=(POST_LOAN,),
)
keeper_of_purposes = Role(
    "Keeper of purposes",
    can.edit(Purpose),
    can.read(ContactPerson),
    can.use(record_consent),
    *_about,
    positions=(COMPLIANCE,),
)
reader_of_contacts = Role(
    "Reader of all contact persons", can.read(ContactPerson), *_about, positions=(AUDITOR,)
)
reader_of_purposes = Role("Reader of purposes", can.read(Purpose), positions=(EVERYBODY,))
