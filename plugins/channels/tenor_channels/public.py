"""What other plugins may import."""

from tenor_channels.drivers import Busy, ChatDriver, Message, NullChat, Robot, chat
from tenor_channels.http import Webhook

__all__ = ["Busy", "ChatDriver", "Message", "NullChat", "Robot", "Webhook", "chat"]
