"""Signing in and staying so: passwords, browsers' sessions, tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from tenor.access.people import with_epoch
from tenor.access.records import User
from tenor.identity import passwords
from tenor.identity.drafts import Drafts
from tenor.identity.failures import Failures
from tenor.identity.records import ApiToken, SignIn
from tenor_sdk.errors import NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

_users: Any = User.__table__
_sessions: Any = SignIn.__table__
_tokens: Any = ApiToken.__table__

#: without a request; the setting ``session_hours`` says when a session ends in any case
_IDLE: Final = timedelta(hours=12)
_SEEN: Final = timedelta(minutes=5)
TOKEN_PREFIX: Final = "tenor_"
_BY_TOKEN: Final = with_epoch(
    select(_tokens.c.user_id).where(
        _tokens.c.token_hash == bindparam("hash"),
        ~_tokens.c.revoked,
        _tokens.c.expires_at > bindparam("now"),
    )
)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class Identity:
    """The room of who is who."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.failures = Failures(kernel)
        self.drafts = Drafts(kernel)

    def load(self, declarations: Declarations) -> None:
        """Nothing is declared here."""

    # -- passwords and browsers -------------------------------------------------------------------------------------

    def sign_in(self, login: str, password: str, address: str = "") -> str:
        """Sign a browser in; returns its token, of which only the hash is kept.

        Raises:
            Refused: ``sign-in-failed``, whether the account exists or not; ``locked-out`` after too many failures.
        """
        login = "".join(each for each in login.strip().lower() if each.isprintable())[:100]
        with self.kernel.db.raw(write=False) as connection:
            self.failures.check(connection, login, address)
            kept = connection.scalar(
                select(_users.c.password).where(_users.c.login == login, _users.c.active)
            )
        if not passwords.matches(kept or "", password):
            self.failures.count(login, address)
            raise Refused("sign-in-failed")
        return self._open(login, address)

    def _open(self, login: str, address: str) -> str:
        token, now = token_urlsafe(32), self.kernel.clock.now()
        with self.kernel.db.raw() as connection:
            actor = self.kernel.access.actor_by_login(connection, login)
            if actor is None:
                raise Refused("sign-in-failed")
            self.failures.forget(connection, login, address)
            stamps = {"version": 1, "created_at": now, "changed_at": now, "last_seen_at": now}
            connection.execute(
                insert(_sessions).values(
                    user_id=actor.id,
                    token_hash=_hash(token),
                    expires_at=self._expiry(now, now),
                    address=address[:64],
                    **stamps,
                )
            )
        with self.kernel.context(actor, write=True) as ctx:
            self.kernel.audit.note(ctx, "sign-in", address=address)
        return token

    def actor_of_session(self, token: str) -> ActorData | None:
        """Who the browser with this token is signed in as; None where nobody."""
        now, session = self.kernel.clock.now(), _sessions.c
        with self.kernel.db.raw(write=False) as connection:
            where = select(session.user_id, session.created_at, session.last_seen_at).where(
                session.token_hash == _hash(token),
                session.expires_at > now,
                session.created_at > now - self._longest,  # the setting may have become shorter
            )
            row = connection.execute(where).first()
            actor = self.kernel.access.actor(connection, row.user_id) if row else None
        if row is not None and now - row.last_seen_at > _SEEN:
            self._seen(token, now, self._expiry(row.created_at, now))
        return actor

    def _seen(self, token: str, now: datetime, expires_at: datetime) -> None:
        statement = update(_sessions).where(_sessions.c.token_hash == _hash(token))
        with self.kernel.db.raw() as connection:
            connection.execute(statement.values(last_seen_at=now, expires_at=expires_at))

    @property
    def _longest(self) -> timedelta:
        return timedelta(hours=self.kernel.settings.session_hours)

    def _expiry(self, began: datetime, now: datetime) -> datetime:
        """When a session ends that is seen now and then no more."""
        return min(now + _IDLE, began + self._longest)

    def prune(self, ctx: KernelContext) -> None:
        """Remove what has no more effect: sessions that are over, failures that lock nobody out, drafts."""
        self.kernel.db.execute(
            ctx.session, delete(_sessions).where(_sessions.c.expires_at <= ctx.now)
        )
        self.failures.prune(ctx)
        self.drafts.prune(ctx)

    def sign_out(self, token: str) -> None:
        """Forget a browser."""
        with self.kernel.db.raw() as connection:
            connection.execute(delete(_sessions).where(_sessions.c.token_hash == _hash(token)))

    # -- tokens -----------------------------------------------------------------------------------------------------

    def create_token(self, actor: ActorData, name: str, *, days: int = 90) -> str:
        """A token for programs that act as ``actor``; shown this once.

        Args:
            days: until it expires.
        """
        token = TOKEN_PREFIX + token_urlsafe(32)
        with (
            self.kernel.context(actor, write=True) as ctx,
            self.kernel.db.system(ctx.session) as session,
        ):
            expires = ctx.now + timedelta(days=days)
            session.add(
                ApiToken(name=name, user_id=actor.id, token_hash=_hash(token), expires_at=expires)
            )
        return token

    def revoke_tokens(self, login: str, name: str = "") -> int:
        """Make a person's tokens worth nothing, as the system; how many those were.

        Args:
            name: of those that are meant; by default all.
        """
        mine = select(ApiToken).join(User, User.id == ApiToken.user_id)
        mine = mine.where(User.login == login, ~ApiToken.revoked)
        with (
            self.kernel.context(self.kernel.access.system_actor(), write=True) as ctx,
            self.kernel.db.system(ctx.session) as session,
        ):
            return _revoke(session.scalars(mine.where(ApiToken.name == name) if name else mine))

    def actor_of_token(self, token: str, connection: Connection | None = None) -> ActorData | None:
        """Who acts with a token; None where it isn't one, is revoked or has expired.

        Args:
            connection: of a transaction that is open already.
        """
        if not token.startswith(TOKEN_PREFIX):
            return None
        given = {"hash": _hash(token), "now": self.kernel.clock.now()}
        if connection is not None:
            return self.kernel.access.actor_of(connection, _BY_TOKEN, given)
        with self.kernel.db.raw(write=False) as own:
            return self.kernel.access.actor_of(own, _BY_TOKEN, given)

    def set_password(self, login: str, password: str) -> int:
        """Give a user a password, as the system; how many tokens that revoked.

        Raises:
            NotFound: ``no-user``.
        """
        with self.kernel.context(self.kernel.access.system_actor(), write=True) as ctx:
            return self.set_password_within(ctx, login, password)

    def set_password_within(self, ctx: KernelContext, login: str, password: str) -> int:
        """The same, in a unit of work that does more; by the system."""
        return self.give_hash(ctx, login, passwords.hashed(password))

    def give_hash(self, ctx: KernelContext, login: str, kept: str) -> int:
        """Give a user the password of this hash. What whoever knew the one before may have opened is closed: all
        browsers, all tokens; the ledger says how many. How many tokens that were.

        Raises:
            NotFound: ``no-user``.
        """
        with self.kernel.db.system(ctx.session) as session:
            user = session.scalars(select(User).where(User.login == login)).one_or_none()
            if user is None:
                raise NotFound("no-user", login=login)
            is_first, user.password = not user.password, kept
            if is_first:
                return 0
            theirs = delete(_sessions).where(_sessions.c.user_id == user.id)
            sessions = self.kernel.db.execute(ctx.session, theirs).rowcount
            mine = select(ApiToken).where(ApiToken.user_id == user.id, ~ApiToken.revoked)
            tokens = _revoke(session.scalars(mine))
            self.kernel.audit.note(ctx, "password-changed", user, sessions=sessions, tokens=tokens)
        return tokens


def _revoke(tokens: Iterable[ApiToken]) -> int:
    found = list(tokens)
    for token in found:
        token.revoked = True
    return len(found)
