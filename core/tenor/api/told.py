"""In which way a person is told of what: read and chosen by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Response, g, jsonify

from tenor.api.frame import Frame
from tenor.notify.offered import titled
from tenor_sdk.errors import Invalid, TenorError

if TYPE_CHECKING:
    from tenor.api.once import Answer
    from tenor.context import KernelContext


class Told(Frame):
    """The views about how the person is told."""

    def choices(self) -> Response:
        """In which way the person is told of each kind of notice, and their quiet hours."""
        with self._context(write=False) as ctx:
            return jsonify(self._choices(ctx))

    def choose(self) -> Response:
        """Be told in another way: ``choices``, each with kind, channel and way; ``quiet``, from and until."""

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            choices, quiet = given_choices(body)
            for kind, channel, way in choices:
                self.kernel.notify.wishes.choose(ctx, kind, channel, way)
            if quiet is not None:
                self.kernel.notify.wishes.keep_quiet(ctx, *quiet)
            return self._choices(ctx), 200

        return self._write(act)

    def _choices(self, ctx: KernelContext) -> dict[str, Any]:
        wishes = self.kernel.notify.wishes
        quiet = wishes.quiet_hours(ctx, ctx.actor.id)
        items = [
            {
                "kind": key,
                "title": self._title(key),
                "channel": channel,
                "way": wish.way,
                "fixed": wish.fixed,
            }
            for (key, channel), wish in wishes.all_of(ctx, ctx.actor.id).items()
        ]
        return {"choices": items, "quiet": {"from": quiet.starts, "until": quiet.ends}}

    def _title(self, key: str) -> str:
        kind = self.kernel.notify.wishes.kinds[key]
        return self.kernel.translator.text(titled(kind.title, kind.plugin), g.language)


def given_choices(
    body: Mapping[str, Any],
) -> tuple[list[tuple[str, str, str]], tuple[str, str] | None]:
    """What somebody chooses, as it came.

    Raises:
        Invalid: a part of another shape, or that is unknown.
    """
    errors: dict[str, TenorError] = {
        name: Invalid("unknown-field") for name in set(body) - {"choices", "quiet"}
    }
    choices, quiet = body.get("choices", []), body.get("quiet")
    if not isinstance(choices, list) or not all(
        _texts(one, "kind", "channel", "way") for one in choices
    ):
        errors["choices"] = Invalid("not-choices")
    if quiet is not None and not _texts(quiet, "from", "until"):
        errors["quiet"] = Invalid("not-quiet-hours")
    if errors:
        raise Invalid("invalid", errors)
    return (
        [(one["kind"], one["channel"], one["way"]) for one in choices],
        (quiet["from"], quiet["until"]) if quiet is not None else None,
    )


def _texts(given: object, *names: str) -> bool:
    """Whether it is an object of these texts and nothing else."""
    if not isinstance(given, dict) or set(given) != set(names):
        return False
    return all(isinstance(value, str) for value in given.values())
