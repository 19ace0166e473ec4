"""What every page is made with: a context to read or write in, words, a shell around the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, make_response, redirect, request
from sqlalchemy import select

from tenor.api.once import fingerprint, once, take_back
from tenor.db.numbers import number
from tenor.web import flashes
from tenor.web.drafting import Drafting
from tenor.web.requests import Requests
from tenor.web.rescuing import settled
from tenor.web.shell import shell_of
from tenor.web.show import Show
from tenor.web.templating import environment, nonce
from tenor.web.visit import visit
from tenor_sdk.errors import NotFound, TenorError
from tenor_sdk.files import Upload
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel


class SignInNeeded(Exception):
    """Nobody is signed in: they are asked to, and come back to the page that they wanted."""


class Done(dict[str, str]):
    """What a writing request answers: where the person is taken, and what they are told.

    Args:
        to: an address within Tenor.
        told: in their language; empty for nothing.
        tone: ``done``, ``warning`` or ``refused``.
        undo: what sent to the same address undoes it, where whoever did it may.
    """

    def __init__(
        self, to: str, told: str = "", tone: str = "done", *, undo: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(to=to, told=told, tone=tone, undo=urlencode(undo or {}))


class Web:
    """The pages' way to the kernel.

    Args:
        kernel: whose pages they are.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.jinja = environment(kernel)
        self.requests = Requests()

    # -- contexts ---------------------------------------------------------------------------------------------------

    def actor(self) -> ActorData:
        """Who is signed in.

        Raises:
            SignInNeeded: nobody.
            SafeMode: ``safe-mode``, ``safe-mode-by-hand``: only administrators may come in.
        """
        found = visit().actor
        if found is None:
            raise SignInNeeded
        self.kernel.let_in(found)
        return found

    @contextmanager
    def reading(self) -> Iterator[KernelContext]:
        """A context that can't write."""
        actor, number = self.actor(), visit().request_id
        with self.kernel.context(actor, write=False, request_id=number) as ctx:
            yield ctx

    @contextmanager
    def writing(self) -> Iterator[KernelContext]:
        """A context that is committed at its end; what was sent has been read before."""
        actor, number = self.actor(), visit().request_id
        with self.kernel.context(actor, write=True, request_id=number) as ctx:
            yield ctx

    def once(self, act: Callable[[KernelContext], Done]) -> Response:
        """Carry out what a form asks for, once for each form that was shown, and go where it leads.

        Raises:
            Conflict: ``key-of-another-request``: the same form was sent before, with something else in it.
        """
        key, print_ = _key(), fingerprint(request.method, request.path, _body())
        answered: int | None = None
        try:
            with self.writing() as ctx:
                done, _status = once(
                    ctx,
                    key,
                    print_,
                    lambda: (self._done(ctx, act), 303),
                    lambda told: self._hush(ctx, told),
                )
                answered = ctx.actor.id
        except Exception:
            if (
                answered is not None
            ):  # what follows the commit failed: it isn't to be told as done again
                take_back(self.kernel, answered, key)
            raise
        undo = self._undo(done.get("undo", ""))
        flashes.tell(done.get("told", ""), done.get("tone", "done"), undo)
        return self.go(done.get("to", "/"))

    def _done(self, ctx: KernelContext, act: Callable[[KernelContext], Done]) -> dict[str, Any]:
        done = dict(act(ctx))
        settled(self.kernel, ctx)
        return done

    def _undo(self, sent: str) -> dict[str, Any] | None:
        """The button by which what this request did is undone."""
        if not sent:
            return None
        fields = [{"name": name, "value": value} for name, value in parse_qsl(sent)]
        return {
            "label": self.say(_("Undo")), "post": request.path, "fields": fields, "once": nonce(),
        }  # fmt: skip

    def _hush(self, ctx: KernelContext, done: dict[str, Any]) -> None:
        """Take the words out of an answer that is given again, where they are about a record that whoever sent the
        form has lost since; what was removed is kept from nobody."""
        for path in (request.path, str(done.get("to", ""))):
            if self._is_lost(ctx, urlsplit(path).path):
                done["told"] = ""

    def _is_lost(self, ctx: KernelContext, path: str) -> bool:
        """Whether a path leads to a record that is there, and not for whoever asks."""
        plugin, slug, identity = [*path.split("/")[1:4], "", "", ""][:3]
        kind, key = self.kernel.records.by_path.get((plugin, slug)), number(identity)
        if kind is None or key is None:
            return False
        rows = kind.__table__.c
        there = self.kernel.db.execute(ctx.guarded, select(rows.id).where(rows.id == key)).first()
        return there is not None and ctx.session.get(kind, key) is None

    # -- answers ----------------------------------------------------------------------------------------------------

    def show(self, ctx: KernelContext) -> Show:
        """Values and words for whoever reads this page."""
        return Show(ctx, visit().language, ten_thousands=visit().ten_thousands)

    def say(self, text: Text | str, plugin: str = "base") -> str:
        """A text in the language of this page."""
        return self.kernel.translator.text(text, visit().language, plugin)

    def plugin_title(self, plugin: str) -> str:
        """What a plugin is called; its name, where it isn't loaded."""
        loaded = self.kernel.declarations.plugin(plugin)
        return self.say(loaded.title, plugin) if loaded is not None else plugin

    def error(self, error: TenorError) -> str:
        """What a refusal says."""
        return self.kernel.translator.error(error, visit().language)

    def page(
        self, ctx: KernelContext, template: str, values: Mapping[str, Any], *, status: int = 200
    ) -> Response:
        """A page within the shell."""
        visit().dressed = Drafting(self, ctx).dressed
        shell = shell_of(self, ctx)
        made = self.jinja.get_template(template).render({**values, "shell": shell})
        return make_response(made, status)

    def fragment(self, template: str, macro: str, *arguments: Any) -> Response:
        """A part of a page: one macro of a template."""
        module: Any = self.jinja.get_template(template).module
        return make_response(str(getattr(module, macro)(*arguments)))

    @staticmethod
    def go(to: str) -> Response:
        """Take the person elsewhere within Tenor.

        Raises:
            NotFound: the address lies elsewhere.
        """
        if not inside(to):
            raise NotFound("not-found")
        return cast("Response", redirect(to, 303))


def inside(address: str) -> bool:
    """Whether an address lies within Tenor: a path, with no other host in it."""
    return (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and "\\" not in address
        and all(character.isprintable() for character in address)
    )


def _key() -> str:
    given = request.form.get("_once", "")
    return "form:" + given[:100].replace("\0", "") if given else ""


def _body() -> dict[str, Any]:
    """What was sent, but for the tokens: the same in both of two presses."""
    fields = {
        name: request.form.getlist(name)
        for name in request.form
        if name not in ("csrf_token", "_once")
    }
    return {**fields, **uploads()}


def uploads() -> dict[str, Upload]:
    """The files that came with the request, read once."""
    found = getattr(request, "tenor_uploads", None)
    if found is None:
        found = {
            name: Upload(item.filename or "", item.read())
            for name, item in request.files.items()
            if item.filename
        }
        request.tenor_uploads = found  # type: ignore[attr-defined]  # kept on the request that it belongs to
    return cast("dict[str, Upload]", found)
