"""The channels that people choose."""

from tenor_channels.jobs import post_digest, post_notice, text_digest, text_notice
from tenor_sdk.notify import Channel

in_chat = Channel(
    name="chat", title="In the chat of my group", send=post_notice, digest=post_digest
)
by_sms = Channel(name="sms", title="By SMS", send=text_notice, digest=text_digest)
