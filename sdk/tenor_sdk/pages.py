"""The rare page of a plugin's own. The request and the answer are ours, never Flask's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from tenor_sdk.declare import plugin_of

if TYPE_CHECKING:
    from tenor_sdk.access import Permission
    from tenor_sdk.files import Upload

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Request:
    """What a person sent.

    Args:
        method: ``GET`` or ``POST``.
        query: of the address; the last value of a name.
        form: of the body.
        files: by the name of their input.
    """

    method: Literal["GET", "POST"]
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """What they get: a template within the shell, a file, JSON, or another address.

    Args:
        template: ``templates/<name>`` of the plugin, with ``values``.
        redirect: an address within Tenor.
        content, media_type, filename: bytes to download.
        json: a JSON value.
    """

    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    title: str = ""
    redirect: str = ""
    content: bytes | None = None
    media_type: str = "application/octet-stream"
    filename: str = ""
    json: object = None
    inline: bool = False


@dataclass(frozen=True)
class PageLabel:
    """The label of a page."""

    path: str
    plugin: str
    methods: tuple[str, ...]
    needs: Permission | None


def page(
    path: str,
    *,
    needs: Permission | None = None,
    methods: tuple[Literal["GET", "POST"], ...] = ("GET",),
) -> Callable[[F], F]:
    """Label ``(ctx, request, **places) -> Response`` as a page at ``/<plugin><path>``.

    A ``GET`` gets a context that can't write. Places in the path are written ``<int:id>`` and handed in by name.

    Args:
        needs: without this permission the page is *not found*.
    """

    def label(function: F) -> F:
        plugin = plugin_of(function.__module__)
        function.__tenor_page__ = PageLabel(path, plugin, methods, needs)  # type: ignore[attr-defined]  # a label
        return function

    return label
