"""The kernel's own settings: one TOML file, and ``TENOR_*`` of the environment, which wins over the file.

The reference page of settings is printed from ``KernelSettings``: each field says what it does in its metadata.
"""

from __future__ import annotations

import hmac
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

#: in hours
_A_YEAR: Final = 8760
#: what ``TENOR_`` names that aren't settings: where to look for them, and in which language to answer
_PLACES: Final = ("home", "config", "lang")


class SettingsError(Exception):
    """A setting that can't be used, with the file and line, or the variable, in which it stands.

    Args:
        place: ``tenor.toml:7`` or ``TENOR_MODE``.
        problem: what is wrong, and what would be right.
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


def _words(help: str, *, secret: bool = False, choices: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"help": help, "secret": secret, "choices": choices}


def _said(default: Any, help: str, *, secret: bool = False, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata=_words(help, secret=secret, choices=choices))


@dataclass(frozen=True, kw_only=True)
class KernelSettings:
    """How this institution runs. Every field is a key of ``tenor.toml`` and, in capitals, a ``TENOR_`` variable.

    Attributes are described in their fields' metadata (``help``), from which the reference is made.
    """

    institution: str = _said("Tenor", "The institution's name, in the title bar and on mails.")
    database_url: str = _said("", "SQLAlchemy address; empty: SQLite in data_dir.", secret=True)
    database_owner_url: str = _said(
        "", "Address with the right to migrate; empty: database_url.", secret=True
    )
    data_dir: Path = field(
        default=Path(".tenor"), metadata=_words("The folder of everything kept in files.")
    )
    files_dir: Path | None = field(
        default=None, metadata=_words("Stored files; by default files/ in data_dir.")
    )
    mail_dir: Path | None = field(
        default=None, metadata=_words("The mail sink; by default mail/ in data_dir.")
    )
    time_zone: str = _said("Asia/Shanghai", "The institution's time zone.")
    business_date: date | None = field(
        default=None, metadata=_words("A business date that stands still, for a demo.")
    )
    languages: tuple[str, ...] = _said(
        ("zh-CN", "en"), "The languages offered; the first is the default."
    )
    mode: str = _said(
        "embedded",
        "embedded: jobs run in tenor serve. distributed: in tenor worker, through Redis.",
        choices=("embedded", "distributed"),
    )
    redis_url: str = _said("", "The broker of the distributed mode.", secret=True)
    smtp_host: str = _said("", "The mail server; empty: mails go to the sink folder.")
    smtp_port: int = _said(25, "Its port.")
    smtp_user: str = _said("", "Its user; empty: no sign-in.")
    smtp_password: str = _said("", "Its password.", secret=True)
    smtp_starttls: bool = _said(
        False, "Whether mail is sent over TLS, begun by STARTTLS (port 587)."
    )
    smtp_tls: bool = _said(False, "Whether mail is sent over TLS from the first byte (port 465).")
    smtp_sender: str = _said("tenor@localhost", "The sender of mails.")
    smtp_bounces: str = _said(
        "", "The address to which mail servers send mails back; empty: that of the sender."
    )
    secret_key: str = _said(
        "", "Signs cookies, tokens and page cursors; empty: secret.key in data_dir.", secret=True
    )
    base_url: str = _said("", "The address at which people reach this site, for links in mails.")
    host: str = _said("127.0.0.1", "The address that tenor serve listens on.")
    port: int = _said(8000, "Its port; 0 takes a free one.")
    threads: int = _said(8, "Threads that answer requests.")
    metrics_token: str = _said(
        "",
        "With this token a monitor reads /metrics; empty: nobody but the command on this machine.",
        secret=True,
    )
    session_hours: int = _said(
        12, "Hours after which whoever signed in must do so again, however busy the browser is."
    )
    trusted_proxy: str = _said(
        "",
        "The address of a proxy in front, which says from where somebody comes (X-Forwarded-For).",
    )
    secure_cookies: bool = _said(False, "Cookies over TLS only; set it wherever there is TLS.")
    demo: bool = _said(False, "A demo institution: the sign-in page names its accounts.")
    start_timeout: int = _said(120, "Seconds that a plugin may take to be imported.")
    leave_out: tuple[str, ...] = field(
        default=(),
        metadata=_words(
            "Plugins left out at the start though they are enabled: the way out when one hangs."
        ),
    )
    drivers: Mapping[str, str] = field(
        default_factory=dict,
        metadata=_words(
            "A table: the driver of each kind, where the administrator hasn't chosen one."
        ),
    )

    # -- what follows from them -----------------------------------------------------------------

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'tenor.db'}"

    @property
    def owner(self) -> str:
        """The address under which migrations run."""
        return self.database_owner_url or self.database

    @property
    def files_folder(self) -> Path:
        """The folder of stored files."""
        return self.files_dir or self.data_dir / "files"

    @property
    def mail_folder(self) -> Path:
        """The folder of the mail sink."""
        return self.mail_dir or self.data_dir / "mail"

    @property
    def key(self) -> str:
        """The secret key, from the settings or the data folder.

        Raises:
            SettingsError: there is none yet.
        """
        if self.secret_key:
            return self.secret_key
        kept = self.data_dir / "secret.key"
        if not kept.is_file():
            raise SettingsError(str(kept), "no secret key yet; tenor init makes one")
        return kept.read_text("ascii").strip()

    @property
    def own_metrics_token(self) -> str:
        """With which the command on this machine reads the metrics; whoever may read the secret key has it."""
        return hmac.new(self.key.encode(), b"metrics", "sha256").hexdigest()

    @property
    def url(self) -> str:
        """Where people reach this site."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    def but(self, **changes: Any) -> Self:
        """The same with other values."""
        return replace(self, **changes)

    # -- how they are read ----------------------------------------------------------------------

    @classmethod
    def load(cls, path: Path | None = None, environ: Mapping[str, str] | None = None) -> Self:
        """The settings of this place.

        Args:
            path: the TOML file; by default ``TENOR_CONFIG``, else ``tenor.toml`` in ``TENOR_HOME`` or here, if any.
            environ: the environment; by default the process's.

        Raises:
            SettingsError: naming file, line and key, or the variable.
        """
        environ = os.environ if environ is None else environ
        home = Path(environ.get("TENOR_HOME") or ".")
        given = path or (Path(environ["TENOR_CONFIG"]) if environ.get("TENOR_CONFIG") else None)
        if given is not None and not given.is_file():
            raise SettingsError(str(given), "there is no such file")
        file = given or settings_file(environ)
        values = _from_file(file) if file.is_file() else {}
        values.update(_from_environment(environ))
        folder = file.parent if file.is_file() else home
        return cls(**_anchored(values, folder if "TENOR_HOME" not in environ else home))


def settings_file(environ: Mapping[str, str] | None = None) -> Path:
    """Where the settings are looked for if nobody says where."""
    environ = os.environ if environ is None else environ
    return Path(environ.get("TENOR_HOME") or ".") / "tenor.toml"


_FIELDS: Final = {each.name: each for each in fields(KernelSettings)}


def _from_file(path: Path) -> dict[str, Any]:
    text = path.read_text("utf-8")
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(path), f"isn't TOML: {error}") from None
    values: dict[str, Any] = {}
    for key, value in read.items():
        place = f"{path}:{_line_of(text, key)}"
        _known(place, key)
        values[key] = _typed(place, key, value)
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    drivers: dict[str, str] = {}
    for variable, text in sorted(environ.items()):
        if not variable.startswith("TENOR_"):
            continue
        name = variable.removeprefix("TENOR_").lower()
        if name.startswith("driver_"):
            drivers[name.removeprefix("driver_")] = text
        elif name in _FIELDS and name != "drivers":
            values[name] = _typed(variable, name, text)
        else:
            _not_a_slip(variable, name)
    return {**values, "drivers": drivers} if drivers else values


def _not_a_slip(variable: str, name: str) -> None:
    """Other programs may have variables of ours in their name; a slip of the pen is an error all the same."""
    close = get_close_matches(name, _FIELDS, n=1, cutoff=0.82)
    if close and name not in _PLACES:
        raise SettingsError(variable, f"isn't a setting; do you mean TENOR_{close[0].upper()}?")


def _known(place: str, key: str) -> None:
    if key not in _FIELDS:
        close = get_close_matches(key, _FIELDS, n=1)
        hint = f"; do you mean {close[0]}?" if close else ""
        raise SettingsError(place, f"{key} isn't a setting{hint}")


def _line_of(text: str, key: str) -> int:
    pattern = re.compile(rf'^\s*(\[{re.escape(key)}\]|"?{re.escape(key)}"?\s*(=|\.))')
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.match(line):
            return number
    return 1


def _typed(place: str, key: str, value: object) -> Any:
    """A value as its field wants it, from TOML or from a string of the environment."""
    read = _READERS.get(key) or _reader(str(_FIELDS[key].type))
    try:
        typed = read(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(place, f"{key}: {error}") from None
    choices = _FIELDS[key].metadata["choices"]
    if choices and typed not in choices:
        raise SettingsError(place, f"{key}: one of {', '.join(choices)} is needed, not {value!r}")
    return typed


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text in quotes is needed, not {value!r}")
    return value


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"a whole number is needed, not {value!r}")
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"a whole number is needed, not {value!r}") from None


def _hours(value: object) -> int:
    number = _number(value)
    if not 1 <= number <= _A_YEAR:
        raise ValueError(f"from 1 to {_A_YEAR} hours are possible, not {number}")
    return number


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if not isinstance(value, str) or value.lower() not in words:
        raise ValueError(f"true or false is needed, not {value!r}")
    return words[value.lower()]


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    if value == "":
        return None
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise ValueError(f"a date such as 2026-06-30 is needed, not {value!r}") from None


def _names(value: object) -> tuple[str, ...]:
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise TypeError(f"a list of names is needed, not {value!r}")
    return tuple(one.strip() for one in given if one.strip())


def _zone(value: object) -> str:
    name = _text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} isn't a time zone; such as Asia/Shanghai") from None
    return name


def _table(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError(f"a table is needed, not {value!r}")
    return {str(kind): _text(driver) for kind, driver in value.items()}


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "languages": _names,
    "leave_out": _names,
    "time_zone": _zone,
    "business_date": _day,
    "session_hours": _hours,
    "drivers": _table,
}


def _reader(kind: str) -> Callable[[object], Any]:
    if kind.startswith("Path"):
        return lambda value: Path(_text(value))
    return {"int": _number, "bool": _flag}.get(kind, _text)


def _anchored(values: dict[str, Any], home: Path) -> dict[str, Any]:
    """Folders as they are meant: beside the file that names them."""
    values.setdefault("data_dir", Path(".tenor") if home == Path() else Path())
    for name in ("data_dir", "files_dir", "mail_dir"):
        if values.get(name) is not None:
            values[name] = (home / values[name]).absolute()
    return values
