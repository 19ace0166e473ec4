"""The channels that people choose."""

from tenor_channels.jobs import post_notice, text_notice
from tenor_sdk.notify import Channel

in_chat = Channel(name="chat", title="In the chat of my group", send=post_notice)
by_sms = Channel(name="sms", title="By SMS", send=text_notice)
