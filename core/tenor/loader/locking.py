"""The lock: which version of each plugin may run here, down to the last byte of its package.

``tenor plugin lock`` writes it, of what is installed; from then on each start compares. A plugin that is another one
than was locked, or that nobody locked, is left out like one that can't be imported; of the kernel the start is refused.
It shows what was exchanged on the way or edited in place. It doesn't stop whoever may write the lock itself, or the
caches that Python makes beside a module.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tenor.loader.failures import BootError, Failure
from tenor.loader.manifest import BASE, Manifest
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.settings import KernelSettings

_NAME: Final = "plugins.lock"
_FORM: Final = 1
#: made by Python itself where a package is imported, of what is locked
_MADE: Final = "__pycache__"


@dataclass(frozen=True)
class Locked:
    """What is allowed to run under a plugin's name.

    Args:
        distribution, version: as pip knows them.
        sha256: over the path and the content of each file of its package, in hexadecimal digits.
    """

    distribution: str
    version: str
    sha256: str


def lock_file(settings: KernelSettings) -> Path:
    """Where the lock of this place is, if there is one."""
    return settings.data_dir / _NAME


def read(file: Path) -> dict[str, Locked] | None:
    """What is locked, by plugin; None where there is no lock.

    Raises:
        BootError: it can't be read: nobody knows any more what may run.
    """
    try:
        said: Any = json.loads(file.read_text("utf-8"))
        if said["form"] != _FORM:
            raise ValueError(f"form {said['form']}")
        return {name: Locked(**each) for name, each in said["plugins"].items()}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BootError(
            f"{file} can't be read ({error}): write it anew with tenor plugin lock"
        ) from error


def write(file: Path, installed: Mapping[str, Manifest]) -> dict[str, Locked]:
    """Lock what is installed, in place of what was locked before."""
    locked = {name: locked_as(manifest) for name, manifest in sorted(installed.items())}
    said = {"form": _FORM, "plugins": {name: asdict(each) for name, each in locked.items()}}
    near = file.with_name(f".{file.name}")
    near.write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    near.replace(file)
    return locked


def locked_as(manifest: Manifest) -> Locked:
    """What a lock says of a plugin as it is installed."""
    folders = [manifest.folder]
    if manifest.name == BASE:
        import tenor_sdk

        folders.append(Path(tenor_sdk.__file__).parent)
    return Locked(manifest.distribution, manifest.version, hash_of(folders))


def hash_of(folders: Collection[Path]) -> str:
    """SHA-256 over the files of packages: the order is by path, and neither times nor places count."""
    whole = sha256()
    for folder in folders:
        for path in _files(folder):
            content = _content(path)
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            whole.update(f"{content} {len(name)} {name}\n".encode())
    return whole.hexdigest()


def _content(path: Path) -> str:
    """A hash of what is in a file; of what is none, a link to nowhere or a pipe, that it is none."""
    if not path.is_file():
        return "none"
    with path.open("rb") as opened:
        return file_digest(opened, sha256).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """All that Python could import from it: behind links to folders too, each folder once."""
    seen = {folder.resolve()}
    for place, folders, files in os.walk(folder, followlinks=True):
        below = {name: (Path(place) / name).resolve() for name in sorted(folders) if name != _MADE}
        folders[:] = [name for name, real in below.items() if real not in seen]
        seen.update(below.values())
        yield from (Path(place) / name for name in sorted(files))


def differences(
    locked: Mapping[str, Locked], installed: Mapping[str, Manifest], names: Collection[str]
) -> dict[str, Text]:
    """Which of these plugins are others than was locked, and how. One that isn't installed is none of the lock's."""
    found = {}
    for name in sorted(names):
        if name in installed:
            said = _difference(locked.get(name), installed[name])
            if said is not None:
                found[name] = said
    return found


def _difference(locked: Locked | None, manifest: Manifest) -> Text | None:
    if locked is None:
        return _("It isn't in the lock.")
    if (locked.distribution, locked.version) != (manifest.distribution, manifest.version):
        return _(
            "Locked is {locked}; installed is {found}.",
            locked=f"{locked.distribution} {locked.version}",
            found=f"{manifest.distribution} {manifest.version}",
        )
    try:
        same = locked == locked_as(manifest)
    except OSError:  # one that nobody may read wasn't so when it was locked
        same = False
    return None if same else _("Its files aren't those that were locked.")


def left_out(
    settings: KernelSettings, installed: Mapping[str, Manifest], enabled: Collection[str]
) -> dict[str, Failure]:
    """The enabled plugins that the lock keeps from running.

    Raises:
        BootError: the kernel itself isn't what was locked, or the lock can't be read.
    """
    locked = read(lock_file(settings))
    if locked is None:
        return {}
    found = differences(locked, installed, {BASE, *enabled})
    if BASE in found:
        raise BootError(
            f"tenor isn't what {lock_file(settings)} says: {found[BASE]}"
            " Install what was locked, or lock what is installed: tenor plugin lock"
        )
    return {name: _failure(name, how) for name, how in found.items()}


def _failure(name: str, how: Text) -> Failure:
    return Failure(
        plugin=name,
        stage="requirements",
        cause=how,
        remedy=_("Install what was locked, or lock what is installed: tenor plugin lock"),
    )
