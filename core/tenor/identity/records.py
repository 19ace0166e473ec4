"""Who is signed in, with which tokens. Of a secret only the hash is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor.access.records import User
from tenor_sdk.fields import field, link
from tenor_sdk.records import Record


class SignIn(Record):
    """A browser that is signed in."""

    __title__ = "Signed-in browser"
    __journal__: ClassVar[bool] = True

    user_id: Mapped[int] = link(User)
    token_hash: Mapped[str] = field(max_length=64, unique=True, secret=True)
    expires_at: Mapped[datetime] = field()
    last_seen_at: Mapped[datetime] = field()
    address: Mapped[str] = field(max_length=64, default="")


class ApiToken(Record):
    """A token with which a program acts as a person, by that person's rights."""

    __title__ = "API token"

    name: Mapped[str] = field(max_length=100)
    user_id: Mapped[int] = link(User)
    token_hash: Mapped[str] = field(max_length=64, unique=True, secret=True)
    expires_at: Mapped[datetime] = field()
    revoked: Mapped[bool] = field(default=False)


class FailedSignIn(Record):
    """How often signing in failed for a login at an address, without a pause; whether such a person exists or not."""

    __title__ = "Failed sign-ins"
    __plural__ = "Failed sign-ins"
    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("login", "address"),)

    login: Mapped[str] = field(max_length=100)
    address: Mapped[str] = field(max_length=64, index=True)
    times: Mapped[int] = field(default=0)


class Draft(Record):
    """What a person had typed into a form when their session ended, for that person alone."""

    __title__ = "Draft"
    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("user_id", "path"),)

    user_id: Mapped[int] = field()
    path: Mapped[str] = field(max_length=300, help="Of the form")
    fields: Mapped[list[Any]] = field(secret=True, help="Names and texts of its inputs")
