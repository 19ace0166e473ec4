"""Notices in the chats of a group: the family of chat drivers, and drivers for WeCom, DingTalk and Feishu."""

from tenor_sdk import Plugin

plugin = Plugin(title="Channels", category="House", asks=("network",))
