"""The servers that Tenor's tests need, each started for real and stopped again."""

from tenor_test_support.browser import Console, launched
from tenor_test_support.errors import MissingService, OutsideWorld
from tenor_test_support.mail import SmtpSink
from tenor_test_support.postgres import PostgresDatabase, PostgresServer
from tenor_test_support.redis_server import RedisServer

__all__ = [
    "Console",
    "MissingService",
    "OutsideWorld",
    "PostgresDatabase",
    "PostgresServer",
    "RedisServer",
    "SmtpSink",
    "launched",
]
