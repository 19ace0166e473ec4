"""The channel that people choose."""

from tenor_channels.jobs import post_notice
from tenor_sdk.notify import Channel

in_chat = Channel(name="chat", title="In the chat of my group", send=post_notice)
