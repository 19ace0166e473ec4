"""Pages of plugins' own: their function is handed our request, and answers with our response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from flask import Blueprint, Response, jsonify, request

from tenor.web.pages.files import sent
from tenor.web.web import Done, uploads
from tenor_sdk.errors import NotFound
from tenor_sdk.pages import PageLabel
from tenor_sdk.pages import Request as PluginRequest
from tenor_sdk.pages import Response as PluginResponse

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Labelled
    from tenor.web.web import Web


def routes(at: Blueprint, web: Web) -> None:
    """Each ``@page`` at ``/<plugin><path>``."""
    labels = web.kernel.declarations.labelled("__tenor_page__")
    for place, labelled in enumerate(labels):
        label: PageLabel = labelled.label
        page = OwnPage(web, labelled)
        at.add_url_rule(
            f"/{label.plugin}{label.path}",
            f"page-{place}",
            page.answer,
            methods=list(label.methods),
        )


class OwnPage:
    """One page of a plugin."""

    def __init__(self, web: Web, labelled: Labelled) -> None:
        self.web = web
        self.function = labelled.function
        self.label: PageLabel = labelled.label

    def answer(self, **places: Any) -> Response:
        """Answer a request."""
        asked = self._request()
        if request.method == "POST":
            return self._written(asked, places)
        with self.web.reading() as ctx:
            return self._sent(ctx, self._called(ctx, asked, places))

    def _request(self) -> PluginRequest:
        form = {
            name: request.form.getlist(name)[-1]
            for name in request.form
            if name not in ("csrf_token", "_once")
        }
        query = {name: request.args.getlist(name)[-1] for name in request.args}
        method: Literal["GET", "POST"] = "POST" if request.method == "POST" else "GET"
        return PluginRequest(method, query, form, uploads())

    def _called(
        self, ctx: KernelContext, asked: PluginRequest, places: dict[str, Any]
    ) -> PluginResponse:
        if self.label.needs is not None and not ctx.may(self.label.needs):
            raise NotFound("not-found")
        name = f"{request.method} {self.label.path}"
        with self.web.kernel.events.timings.timed("page", self.label.plugin, name):
            return cast("PluginResponse", self.function(ctx, asked, **places))

    def _written(self, asked: PluginRequest, places: dict[str, Any]) -> Response:
        """A post: what it writes is the plugin's own, as a procedure; sent twice it has one effect."""
        answers: list[Response] = []

        def act(ctx: KernelContext) -> Done:
            with self.web.kernel.access.procedure(
                ctx, self.label.plugin, self.function.__name__, self.label.needs
            ):
                given = self._called(ctx, asked, places)
            if given.redirect:
                return Done(given.redirect)
            answers.append(self._sent(ctx, given))
            return Done(request.path)

        response = self.web.once(act)
        return answers[0] if answers else response

    def _sent(self, ctx: KernelContext, given: PluginResponse) -> Response:
        if given.redirect:
            return self.web.go(given.redirect)
        if given.content is not None:
            inline = given.inline and given.media_type in (
                "application/pdf",
                "image/png",
                "image/jpeg",
            )
            return sent(given.filename or "file", given.media_type, given.content, inline=inline)
        if given.template:
            values = {**given.values, "title": given.title, "ctx": ctx, "show": self.web.show(ctx)}
            return self.web.page(ctx, f"@{self.label.plugin}/{given.template}", values)
        return jsonify(given.json)
