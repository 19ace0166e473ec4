"""A new institution: its folders, its secret key, its tables, the plugins with which it begins."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tenor.loader.failures import unusable
from tenor.loader.manifest import Manifest, find
from tenor.loader.migrations import migrate
from tenor.loader.order import closure, order
from tenor.loader.revisions import Step
from tenor.loader.state import read_state

if TYPE_CHECKING:
    from tenor.settings import KernelSettings


def prepare_folders(settings: KernelSettings) -> None:
    """Make the folders and the secret key where they aren't there; nobody but their owner looks into them."""
    for folder in (settings.data_dir, settings.files_folder, settings.mail_folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = settings.data_dir / "secret.key"
    if not settings.secret_key and not key.exists():
        handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))


def arranged(names: Iterable[str]) -> list[Manifest]:
    """Installed plugins with all that they need, in order.

    Raises:
        BootError: one of them isn't installed or lacks something.
    """
    installed, unreadable = find()
    result = order(closure(names, installed), installed)
    for failure in (*unreadable, *result.failures):
        if failure.plugin in names or failure in result.failures:
            raise unusable(failure)
    return result.plugins


def found(settings: KernelSettings, plugins: Iterable[str]) -> list[Step]:
    """Make an institution, or finish making one: folders, key, tables, and these plugins enabled.

    Raises:
        BootError: one of the plugins can't be used.
        MigrationRefused: nothing was made.
    """
    manifests = arranged(plugins)
    prepare_folders(settings)
    steps = migrate(settings.owner, manifests)
    enable_first(settings, [manifest.name for manifest in manifests])
    return steps


def enable_first(settings: KernelSettings, names: Sequence[str]) -> None:
    """Put the first set of plugins on record, where there is none: who names them grants what they ask for."""
    from tenor.boot import boot
    from tenor.loader.grants import ALL, Decision, settle
    from tenor.loader.lifecycle import record_state

    if read_state(settings.database).generation:
        return
    kernel = boot(settings, plugins=())
    installed = kernel.loader.installed
    asked = [(name, kind) for name in names for kind in installed[name].stated.asks]
    try:
        with kernel.context(kernel.access.system_actor(), write=True) as ctx:
            record_state(kernel, ctx, enable=names, decided=settle(asked, {}, Decision((ALL,))))
    finally:
        kernel.db.dispose()
