"""Transitions and actions by a button: their inputs, a preview where there is one, then the deed, once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from tenor.files.records import File
from tenor.records import FieldSpec
from tenor.records.values import currency_of
from tenor.views import address
from tenor.web import addresses
from tenor.web.contents import Contents
from tenor.web.fields import Fields, errors_of, forget_others_files
from tenor.web.listed import readable
from tenor.web.record_page import RecordPage, found
from tenor.web.rescuing import carried, ruled_keys
from tenor.web.templating import nonce
from tenor.web.typed import KEPT, Typed, read_form
from tenor.web.votes import choices
from tenor.web.web import Done, inside, uploads
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import (
    Blocked,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    TenorError,
)
from tenor_sdk.files import Upload
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.web import Web
    from tenor_sdk.records import Record
    from tenor_sdk.views import Action
    from tenor_sdk.workflow import Transition

Values = dict[str, Any]
_ONE = "/<plugin>/<slug>/<int:identity>"
_WHOLE = "_form"
_BALLOT = FieldSpec(
    "_ballot", "base", "Your vote", "choice", required=True, choices=choices(Ballot)
)
_OPINION = FieldSpec(
    "reason", "base", "Opinion or reason", "long-text", max_length=2000,
    help="Needed for a vote against, a veto and a recusal",
)  # fmt: skip
#: kinds of inputs that hold something only if somebody wrote it
_WRITTEN = ("text", "long-text")
_REASON = FieldSpec("reason", "base", "Reason", "long-text", required=True, max_length=2000)


def routes(at: Blueprint, web: Web) -> None:
    """The buttons of every record and list."""

    @at.route(f"{_ONE}/transitions/<name>", methods=["GET", "POST"])
    def transition(plugin: str, slug: str, identity: int, name: str) -> Response:
        return Move(web, web.kernel.records.find(plugin, slug), identity, name).response()

    @at.post(f"{_ONE}/transitions/<name>/recall")
    def recall(plugin: str, slug: str, identity: int, name: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        how = web.kernel.workflow.named(kind, name)
        if how is None:
            raise NotFound("not-found")

        def act(ctx: KernelContext) -> Done:
            record = found(web, ctx, kind, identity)
            web.kernel.workflow.recall(ctx, record, how, request.form.get("reason", ""))
            step = web.say(how.title, how.plugin)
            return Done(addresses.of(record), web.say(_("Taken back: {step}", step=step)))

        return web.once(act)

    @at.route(f"{_ONE}/actions/<name>", methods=["GET", "POST"])
    def action(plugin: str, slug: str, identity: int, name: str) -> Response:
        return Act(web, web.kernel.records.find(plugin, slug), identity, name).response()

    @at.route("/<plugin>/<slug>/actions/<name>", methods=["GET", "POST"])
    def list_action(plugin: str, slug: str, name: str) -> Response:
        return Act(web, web.kernel.records.find(plugin, slug), None, name).response()

    @at.post("/tasks/<int:identity>/claim")
    def claim(identity: int) -> Response:
        back = request.form.get("next", "/")

        def act(ctx: KernelContext) -> Done:
            web.kernel.workflow.claim(ctx, identity)
            return Done(back if inside(back) else "/", web.say(_("The task is yours.")))

        return web.once(act)


class Deed:
    """What a transition and an action have in common: inputs that are asked for, then something that is done."""

    def __init__(self, web: Web, kind: type[Record], identity: int | None) -> None:
        self.web, self.kind, self.identity = web, kind, identity

    # -- what each is -----------------------------------------------------------------------------------------------

    @property
    def inputs(self) -> type[Any] | None:
        raise NotImplementedError

    @property
    def specs(self) -> list[FieldSpec]:
        """What the person fills in."""
        return list(self.web.kernel.records.inputs(self.inputs).values()) if self.inputs else []

    def asked(self, ctx: KernelContext, record: Record | None) -> list[FieldSpec]:
        """What the form asks for."""
        return self.specs

    def submit(self, ctx: KernelContext, record: Record | None) -> str:
        """The words of the form's button."""
        return self.web.say(_("Preview")) if self.previews() else self.title()

    def title(self) -> str:
        raise NotImplementedError

    def offer(self, ctx: KernelContext, record: Record | None) -> None:
        """Raise where it isn't offered to this person here."""

    def do(self, ctx: KernelContext, record: Record | None, typed: Typed) -> Done:
        raise NotImplementedError

    def danger(self) -> bool:
        return False

    def previews(self) -> bool:
        return False

    def preview(self, ctx: KernelContext, record: Record | None, typed: Typed) -> list[Values]:
        return []

    def keeps(self) -> tuple[str, ...]:
        """Which of what is hidden is kept with what was typed when a session ended."""
        return ()

    def goes_on(self) -> bool:
        """Whether what was previewed may be done."""
        return True

    def hidden(self, ctx: KernelContext, record: Record | None) -> list[Values]:
        """What the form carries beside its inputs."""
        return []

    def show_beside(self, ctx: KernelContext, record: Record | None, values: Values) -> None:
        """Put on the page what is to be seen where it is done."""

    # -- the course -------------------------------------------------------------------------------------------------

    def response(self) -> Response:
        """Ask, preview, or do."""
        if request.method == "GET":
            return self._ask(None)
        typed = read_form(request.form, uploads(), self.specs, self.web.kernel)
        try:
            if self.previews() and request.args.get("step") == "ask":
                return self._ask(typed)
            if self.previews() and request.form.get("_step") != "do":
                return self._previewed(typed)
            return self.web.once(lambda ctx: self.do(ctx, self.record(ctx), typed))
        except (NotFound, Forbidden):
            raise
        except Invalid as error:
            typed.errors = {name.replace(".", "-"): one for name, one in error.fields.items()} or {
                _WHOLE: error
            }
        except TenorError as error:
            typed.errors = {_WHOLE: error}
        return self._ask(typed)

    def record(self, ctx: KernelContext) -> Record | None:
        """The record on which it is done; None of a list's action."""
        if self.identity is None:
            readable(ctx, self.kind)
            return None
        return found(self.web, ctx, self.kind, self.identity)

    def given(self, ctx: KernelContext, record: Record | None, typed: Typed) -> Any:
        """The inputs as their dataclass."""
        data = dict(typed.values)
        for name, identity in typed.kept.items():
            kept, content = self.web.kernel.files.read(ctx, identity)
            data[name] = Upload(kept.name, content)
        currency = currency_of(record) if record is not None else "CNY"
        return self.web.kernel.records.read_inputs(
            self.inputs, data, style="form", currency=currency
        )

    def _asks_reason(self) -> bool:
        return self.inputs is not None and "reason" in self.web.kernel.records.inputs(self.inputs)

    # -- pages ------------------------------------------------------------------------------------------------------

    def _ask(self, typed: Typed | None) -> Response:
        if typed is not None:
            self._keep_files(typed)
        with self.web.reading() as ctx:
            record = self.record(ctx)
            if typed is None or not typed.errors:
                self.offer(ctx, record)
            if not self.specs and self.previews() and typed is None:
                return self._preview_page(ctx, record, Typed())
            status = 200 if typed is None else _status(typed)
            return self._form_page(ctx, record, typed, status)

    def _form_page(
        self, ctx: KernelContext, record: Record | None, typed: Typed | None, status: int
    ) -> Response:
        show = self.web.show(ctx)
        show.about = record
        fields = Fields(self.web, ctx, show)
        if typed is not None:
            forget_others_files(ctx, typed)
        names = show.names((File, each) for each in (typed.kept.values() if typed else ()))
        ruled = ruled_keys(self.web.kernel, self.kind)
        currency = currency_of(record) if record is not None else "CNY"
        inputs = [
            fields.input(spec, self._preset(spec), typed, currency=currency, names=names)
            | {"private": spec.info.secret or bool(spec.info.mask) or spec.key in ruled}
            for spec in self.asked(ctx, record)
        ]
        labels = {each["name"]: each["label"] for each in inputs}
        form: Values = {
            "action": request.path,
            "sections": [{"title": "", "fields": inputs}] if inputs else [],
            "once": nonce(),
            "hidden": self.hidden(ctx, record),
            "keeps": self.keeps(),
            "upload": any(spec.kind == "file" for spec in self.specs),
            "page": self.page(record),
            "submit": {"label": self.submit(ctx, record)},
            "cancel_href": self.back(record),
            "errors": errors_of(self.web, typed.errors, labels) if typed is not None else [],
            "errors_title": show.say(_("Not done:")),
        }
        values: Values = {"title": self.title(), "head": self._head(ctx, record), "form": form}
        values["side"] = self._blockers(ctx, typed)
        self.show_beside(ctx, record, values)
        return self.web.page(ctx, "form.html", values, status=status)

    @staticmethod
    def _preset(spec: FieldSpec) -> Any:
        return (
            request.args.get(spec.key) or spec.default if request.method == "GET" else spec.default
        )

    def _blockers(self, ctx: KernelContext, typed: Typed | None) -> list[Values]:
        error = typed.errors.get(_WHOLE) if typed is not None else None
        if not isinstance(error, Blocked):
            return []
        show = self.web.show(ctx)
        points = [show.say(blocker.what) for blocker in error.blockers]
        title = show.say(_("What stands in the way"))
        return [{"kind": "notice", "tone": "refused", "title": title, "text": "", "points": points}]

    def _head(self, ctx: KernelContext, record: Record | None) -> Values:
        crumb = [
            {
                "label": self.web.say(self.kind.plural(), self.kind.__plugin__),
                "href": address(self.kind),
            }
        ]
        if record is not None:
            crumb.append({"label": self.web.show(ctx).name(record), "href": addresses.of(record)})
        return {"title": self.title(), "crumb": crumb}

    def back(self, record: Record | None) -> str:
        """Where the person came from."""
        return addresses.of(record) if record is not None else address(self.kind)

    def page(self, record: Record | None) -> str:
        """The page on which its form is found again, where that isn't its own."""
        return ""

    # -- preview ----------------------------------------------------------------------------------------------------

    def _previewed(self, typed: Typed) -> Response:
        self._keep_files(typed)
        with self.web.reading() as ctx:
            return self._preview_page(ctx, self.record(ctx), typed)

    def _preview_page(self, ctx: KernelContext, record: Record | None, typed: Typed) -> Response:
        panels = self.preview(ctx, record, typed)
        show = self.web.show(ctx)
        hidden = [
            {"name": name, "value": text}
            for name, text in typed.values.items()
            if isinstance(text, str)
        ]
        hidden += [
            {"name": f"{name}{KEPT}", "value": str(each)} for name, each in typed.kept.items()
        ]
        hidden += [*self.hidden(ctx, record), *carried()]
        go_on = {
            "label": self.title(),
            "post": request.path,
            "fields": [*hidden, {"name": "_step", "value": "do"}],
            "once": nonce(),
            "style": "danger" if self.danger() else "primary",
        }
        head = self._head(ctx, record)
        head["sub"] = show.say(_("Nothing has been done yet: this is what would happen."))
        back: Values = {"label": show.say(_("Back"))}
        if self.specs:
            back |= {"post": f"{request.path}?step=ask", "fields": hidden}
        else:
            back |= {"href": self.back(record)}
        head["actions"] = [back, go_on] if self.goes_on() else [back]
        values = {"title": self.title(), "head": head, "main": panels}
        return self.web.page(ctx, "page.html", values)

    def _keep_files(self, typed: Typed) -> None:
        files = {name: each for name, each in typed.values.items() if isinstance(each, Upload)}
        if not files or any(name in typed.errors for name in files):
            return
        with self.web.writing() as ctx:
            for name, upload in files.items():
                kept = self.web.kernel.files.store(ctx, upload.name, upload.content, None)
                typed.kept[name] = kept.id
                typed.values.pop(name)


class Move(Deed):
    """A transition."""

    def __init__(self, web: Web, kind: type[Record], identity: int, name: str) -> None:
        super().__init__(web, kind, identity)
        how = web.kernel.workflow.named(kind, name)
        if how is None or how.by_itself:
            raise NotFound("not-found")
        self.how: Transition = how

    @property
    def inputs(self) -> type[Any] | None:
        return self.how.inputs

    @property
    def specs(self) -> list[FieldSpec]:
        if not self.votes:
            return self._asked_alone
        # whatever isn't a vote for it has no inputs, but for the one that holds its reason as well
        others = [replace(spec, required=False) for spec in self._only_for]
        return [_BALLOT, replace(_OPINION, key=self._words), *others]

    @property
    def _words(self) -> str:
        """The field that holds what a member says with their vote: an input of the step's own, or the reason."""
        assert self.how.approval is not None  # asked for where it takes votes
        own = {spec.key for spec in super().specs}
        return self.how.approval.opinion if self.how.approval.opinion in own else _OPINION.key

    @property
    def _only_for(self) -> list[FieldSpec]:
        """The inputs of a vote for it alone."""
        return [spec for spec in super().specs if spec.key != self._words]

    @property
    def votes(self) -> bool:
        """Whether a committee may be in charge of it."""
        return self.how.approval is not None and self.how.approval.committee is not None

    def asked(self, ctx: KernelContext, record: Record | None) -> list[FieldSpec]:
        ballots = self._ballots(ctx, record)
        if ballots is None:
            return self._asked_alone if self.votes else self.specs
        offered = replace(_BALLOT, choices=choices(ballots))
        return [offered if spec is _BALLOT else spec for spec in self.specs]

    def submit(self, ctx: KernelContext, record: Record | None) -> str:
        in_charge = self._ballots(ctx, record) is not None
        return self.web.say(_("Put in the vote")) if in_charge else super().submit(ctx, record)

    @property
    def _asked_alone(self) -> list[FieldSpec]:
        """What it asks for without a committee."""
        asked = super().specs
        return [*asked, _REASON] if self.how.reason and not self._asks_reason() else asked

    def _ballots(self, ctx: KernelContext, record: Record | None) -> tuple[Ballot, ...] | None:
        """What this person may say; None where no committee is in charge."""
        assert record is not None  # a transition has one
        offered = self.web.kernel.workflow.available(ctx, record) if self.votes else []
        one = next((each for each in offered if each.name == self.how.name), None)
        in_charge = one is not None and one.tally is not None and one.tally.sitting is not None
        return one.ballots if in_charge and one is not None else None

    def title(self) -> str:
        return self.web.say(self.how.title, self.how.plugin)

    def danger(self) -> bool:
        return self.how.style == "danger"

    def offer(self, ctx: KernelContext, record: Record | None) -> None:
        assert record is not None  # a transition has one
        offered = {one.name for one in self.web.kernel.workflow.available(ctx, record)}
        if self.how.name in offered:
            return
        self.web.kernel.access.check_use(ctx, self.how, record)
        state = self.web.kernel.records.state_of(record)
        shown = self.web.show(ctx).state(self.kind, state)["text"]
        raise Conflict("not-from-this-state", what=self.title(), state=shown)

    def hidden(self, ctx: KernelContext, record: Record | None) -> list[Values]:
        """Of a decision what it is about: a vote counts for what its person saw, and for nothing else."""
        assert record is not None  # a transition has one
        offered = self.web.kernel.workflow.available(ctx, record)
        shown = next((one.shown for one in offered if one.name == self.how.name), "")
        carried = {"_seen": shown, "_next": next_or("")}
        return [{"name": name, "value": value} for name, value in carried.items() if value]

    def show_beside(self, ctx: KernelContext, record: Record | None, values: Values) -> None:
        """Facts of the record in the title block; the sheets that stand beside this step around its form."""
        assert record is not None  # a transition has one
        page = RecordPage(self.web, ctx, record)
        values["head"] |= page.gist()
        values["side"] += page.votes(self.how.name)
        for panel in self.web.kernel.views.beside(self.kind, self.how):
            place = "side" if panel.aside else "about"
            values.setdefault(place, []).extend(page.panel(panel))

    def do(self, ctx: KernelContext, record: Record | None, typed: Typed) -> Done:
        assert record is not None  # a transition has one
        in_charge = self._ballots(ctx, record) is not None
        ballot = self._ballot(typed, in_charge=in_charge)
        given = self.given(ctx, record, typed) if ballot is Ballot.FOR else None
        words = self._words if in_charge else _REASON.key
        try:
            changed = self.web.kernel.workflow.transition(
                ctx, record, self.how, given, typed.text(words),
                seen=request.form.get("_seen", ""), ballot=ballot,
            )  # fmt: skip
        except Invalid as error:
            if _REASON.key not in error.fields:
                raise
            # it is asked for where the person writes it
            raise Invalid("invalid", {words: error.fields[_REASON.key]}) from None
        return Done(next_or(addresses.of(record)), self._told(ctx, record, changed=changed))

    def _told(self, ctx: KernelContext, record: Record, *, changed: bool) -> str:
        if not changed:
            return self.web.say(_("Your decision is in; others are still needed."))
        if not self.votes:
            return self.web.say(_("Done: {what}", what=self.title()))
        # a vote may have brought about the opposite of what the step is called
        state = self.web.kernel.records.state_of(record)
        shown = self.web.show(ctx).state(self.kind, state)["text"]
        return self.web.say(_("Decided. It is now at: {state}", state=shown))

    def _ballot(self, typed: Typed, *, in_charge: bool) -> Ballot:
        said = typed.text(_BALLOT.key) if self.votes else ""
        if said not in set(Ballot):
            if in_charge:
                raise Invalid("invalid", {_BALLOT.key: Invalid("required")})
            return Ballot.FOR
        if Ballot(said) is not Ballot.FOR:
            written = [spec.key for spec in self._only_for if spec.kind in _WRITTEN]
            lost = [key for key in written if typed.text(key).strip()]
            if lost:
                raise Invalid("invalid", {key: Invalid("only-votes-for") for key in lost})
        return Ballot(said)


class Act(Deed):
    """An action on a record or on a list."""

    def __init__(self, web: Web, kind: type[Record], identity: int | None, name: str) -> None:
        super().__init__(web, kind, identity)
        self.action: Action = web.kernel.views.action(kind, name, on_list=identity is None)

    @property
    def inputs(self) -> type[Any] | None:
        return self.action.inputs

    def title(self) -> str:
        return self.web.say(self.action.title, self.action.plugin)

    def previews(self) -> bool:
        return self.action.preview is not None

    def offer(self, ctx: KernelContext, record: Record | None) -> None:
        self.web.kernel.views.check_act(ctx, self.action, record)

    def preview(self, ctx: KernelContext, record: Record | None, typed: Typed) -> list[Values]:
        assert self.action.preview is not None  # asked for before
        self.offer(ctx, record)
        content = self.action.preview(ctx, record, self.given(ctx, record, typed))
        return Contents(self.web, self.web.show(ctx), self.action.plugin).panels(
            self.title(), content
        )

    def do(self, ctx: KernelContext, record: Record | None, typed: Typed) -> Done:
        given = self.given(ctx, record, typed)
        back = self.back(record)
        told = self.web.kernel.views.carry_out(ctx, self.action, record, given)
        if isinstance(told, Refused):
            return Done(back, self.web.error(told), "refused")
        done = self.web.say(_("Done: {what}", what=self.title()))
        if isinstance(told, str) and inside(told):
            return Done(told, done)
        if told is None:
            return Done(back, done)
        return Done(back, told if isinstance(told, str) else self.web.say(told))


def next_or(usual: str) -> str:
    """Where the person came from and is taken back to, as the form or its address says; else where one usually goes."""
    given = request.form.get("_next") or request.args.get("next", "")
    return given if given and inside(given) else usual


def _status(typed: Typed) -> int:
    one = typed.errors.get(_WHOLE)
    return one.status if one is not None else 422 if typed.errors else 200
