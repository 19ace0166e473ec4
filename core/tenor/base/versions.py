"""What a version of an authority, task rules or a committee's rule is called on its page: of what, and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.workflow.versions import Version
    from tenor_sdk.context import Context


def called_by(
    offered: Callable[[Context], Iterable[tuple[str, Text]]],
) -> Callable[[Context, Version], Text]:
    """The heading of versions of what a form offers.

    Args:
        offered: the things of which there are versions, with their titles.
    """

    def heading(ctx: Context, version: Version) -> Text:
        key = getattr(version, version.__of__)
        what = dict(offered(ctx)).get(key, Text(key))
        day = version.effective_from.isoformat()
        if version.number:
            return _("{what}, version {n} from {day}", what=what, n=version.number, day=day)
        return _("{what}, from {day}", what=what, day=day)

    return heading
