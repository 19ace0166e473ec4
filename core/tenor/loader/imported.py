"""Plugins in this process for whoever works on them: a mistake is told with the line on which it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

from tenor.loader.collect import modules_of
from tenor.loader.failures import Failure, failed_import, failed_mapping, unfinished
from tenor.loader.founding import arranged
from tenor.loader.manifest import Manifest
from tenor_sdk.records import registry_of


def imported(*plugins: str) -> list[Manifest]:
    """Plugins and those that they need, in order, imported and mapped in this process.

    Raises:
        BootError: one of them isn't installed, or can't be imported or mapped.
    """
    order = arranged(plugins)
    for manifest in order:
        with _blaming(manifest.name, failed_import):
            for module in modules_of(manifest):
                import_module(module)
    for manifest in order:
        with _blaming(manifest.name, failed_mapping):
            registry_of(manifest.name).configure(cascade=True)
    return order


@contextmanager
def _blaming(plugin: str, failed: Callable[[str, BaseException], Failure]) -> Iterator[None]:
    """An error of its author's is told in words; a plugin may end the process too, while it is imported."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise unfinished(failed(plugin, error)) from error
