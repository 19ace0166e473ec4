"""The settings of each plugin: a form made from its class."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from tenor.records.schema import read
from tenor.records.specs import FieldSpec, bare_type
from tenor.settings.access import change_settings
from tenor.settings.records import PluginSetting
from tenor.web.fields import Fields, errors_of
from tenor.web.templating import nonce
from tenor.web.typed import Typed, read_form
from tenor.web.web import Done
from tenor_sdk.errors import Invalid, NotFound, TenorError
from tenor_sdk.fields import FieldInfo
from tenor_sdk.i18n import _
from tenor_sdk.records import words
from tenor_sdk.values import Amount, Rate

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.settings import SettingInfo, Settings

Values = dict[str, Any]


def routes(at: Blueprint, web: Web) -> None:
    """``/settings/<plugin>``."""

    @at.get("/settings")
    def first() -> Response:
        known = sorted(web.kernel.plugin_settings.classes)
        with web.reading() as ctx:
            _may_look(ctx)
            if known:
                return web.go(f"/settings/{known[0]}")
            return web.page(ctx, "page.html", _nothing(web, ctx))

    @at.route("/settings/<plugin>", methods=["GET", "POST"])
    def settings(plugin: str) -> Response:
        kind = web.kernel.plugin_settings.classes.get(plugin)
        if kind is None:
            raise NotFound("not-found")
        if request.method == "POST":
            return _change(web, kind)
        with web.reading() as ctx:
            return web.page(ctx, "settings.html", _page(web, ctx, kind, None))


def _may_look(ctx: KernelContext) -> None:
    if not ctx.may(change_settings) and not ctx.may(PluginSetting, "read"):
        raise NotFound("not-found")


def _nothing(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    title = show.say(_("Settings"))
    empty = {"title": show.say(_("No enabled plugin has settings."))}
    return {"title": title, "head": {"title": title}, "main": [{"kind": "empty", "empty": empty}]}


def specs_of_settings(kind: type[Settings]) -> list[FieldSpec]:
    """The settings of a class as fields."""
    types = kind.types()
    return [_spec(kind, name, info, types[name]) for name, info in kind.declared.items()]


def _spec(kind: type[Settings], name: str, info: SettingInfo, hint: Any) -> FieldSpec:
    given, optional = bare_type(hint)
    choices = given if isinstance(given, type) and issubclass(given, enum.Enum) else None
    listed = tuple(
        (str(member.value), words(str(member.value).replace("-", "_"))) for member in choices or ()
    )
    kinds: dict[Any, Any] = {
        str: "text", int: "integer", bool: "boolean", Amount: "amount", Rate: "rate",
    }  # fmt: skip
    named: Any = "choice" if choices else kinds.get(given, "date")
    return FieldSpec(
        key=name, plugin=kind.settings_plugin, label=info.label or words(name), kind=named,
        required=not optional and given not in (bool, str), help=info.help, choices=listed, enum=choices,
        info=FieldInfo(minimum=info.minimum, maximum=info.maximum, check=info.check, secret=info.secret),
    )  # fmt: skip


def _change(web: Web, kind: type[Settings]) -> Response:
    specs = specs_of_settings(kind)
    typed = read_form(request.form, {}, specs, web.kernel)
    try:
        return web.once(lambda ctx: _save(web, ctx, kind, specs, typed))
    except Invalid as error:
        typed.errors = dict(error.fields) or {"_form": error}
    with web.reading() as ctx:
        return web.page(ctx, "settings.html", _page(web, ctx, kind, typed), status=422)


def _save(
    web: Web, ctx: KernelContext, kind: type[Settings], specs: list[FieldSpec], typed: Typed
) -> Done:
    web.kernel.access.check_use(ctx, change_settings)
    given = {
        name: value
        for name, value in typed.values.items()
        if value or not kind.declared[name].secret
    }
    types = kind.types()
    values = {
        name: "" if value is None and types[name] is str else value  # a text that was emptied
        for name, value in read(specs, given, style="form", partial=True).items()
    }
    now = web.kernel.plugin_settings.of(ctx, kind)
    errors: dict[str, TenorError] = {}
    for name, value in values.items():
        if value == getattr(now, name):
            continue
        try:
            web.kernel.plugin_settings.set(ctx, kind, name, value)
        except Invalid as error:
            errors[name] = error
    if errors:
        raise Invalid("invalid", errors)
    return Done(request.path, web.say(_("Saved.")))


def _page(web: Web, ctx: KernelContext, kind: type[Settings], typed: Typed | None) -> Values:
    _may_look(ctx)
    show = web.show(ctx)
    fields, now = Fields(web, ctx, show), web.kernel.plugin_settings.of(ctx, kind)
    inputs = []
    for spec in specs_of_settings(kind):
        made = fields.input(spec, None if spec.info.secret else getattr(now, spec.key), typed)
        if spec.info.secret:
            made |= {"kind": "password", "value": "", "autocomplete": "new-password"}
            made |= {"required": False}
            if getattr(now, spec.key):
                made["help"] = show.say(_("Kept; stays as it is while this is empty"))
        inputs.append(made)
    labels = {each["name"]: each["label"] for each in inputs}
    title = show.say(_("Settings"))
    form = {
        "action": request.path,
        "once": nonce(),
        "sections": [{"title": web.plugin_title(kind.settings_plugin), "fields": inputs}],
        "submit": {"label": show.say(_("Save"))},
        "errors": errors_of(web, typed.errors, labels) if typed is not None else [],
    }
    return {
        "title": title,
        "head": {"title": title, "sub": show.say(_("Each change is put on record"))},
        "tabs": [
            {
                "label": web.plugin_title(plugin),
                "href": f"/settings/{plugin}",
                "current": plugin == kind.settings_plugin,
            }
            for plugin in sorted(web.kernel.plugin_settings.classes)
        ],
        "form": form,
        "side": _callbacks(web, ctx, show, kind.settings_plugin),
    }


def _callbacks(web: Web, ctx: KernelContext, show: Show, plugin: str) -> list[Values]:
    """Where the plugin's providers may call back, for whoever sets them up there."""
    fields = [
        {"label": show.say(each.kind.title, plugin), "value": at, "full": True}
        for each, _driver, at in web.kernel.drivers.callbacks.offered(ctx)
        if each.plugin == plugin
    ]
    title = show.say(_("Providers call back at"))
    return [{"kind": "fields", "title": title, "fields": fields}] if fields else []
