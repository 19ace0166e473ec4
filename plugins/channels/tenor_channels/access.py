"""Who looks after groups and numbers."""

from __future__ import annotations

from tenor_channels.records import ChatGroup, MobileNumber, Post, Sms
from tenor_sdk import Permission, Role, can
from tenor_sdk.access import ADMINISTRATOR

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
    can.read(Sms),
    positions=(ADMINISTRATOR,),
)
poster = Role(
    "Poster of notices",
    can.read(ChatGroup, Post, MobileNumber, Sms),
    positions=("service:channels",),
)
