"""Jinja: our templates and those of plugins, every value escaped, every word in the reader's language."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from secrets import token_urlsafe
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

import jinja2
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    TemplateNotFound,
    pass_context,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Context as JinjaContext
from jinja2.runtime import Undefined

from tenor.kept import Kept
from tenor.web import assets, security
from tenor.web.drawn import Drawn
from tenor.web.drawn_tables import Tables
from tenor.web.quick import QuickEnvironment
from tenor.web.turning import straight
from tenor.web.visit import visit
from tenor_sdk.i18n import Text

if TYPE_CHECKING:
    from tenor.kernel import Kernel

TEMPLATES: Final = Path(__file__).parent / "templates"


class Loader(FileSystemLoader):
    """Templates of the kernel by their name, of a plugin as ``@<plugin>/<name>``."""

    def __init__(self, folders: dict[str, Path]) -> None:
        super().__init__(TEMPLATES)
        self._plugins = {name: FileSystemLoader(folder) for name, folder in folders.items()}

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        if not template.startswith("@"):
            return super().get_source(environment, template)
        plugin, _slash, name = template[1:].partition("/")
        if plugin not in self._plugins:
            raise TemplateNotFound(template)
        return self._plugins[plugin].get_source(environment, name)

    def has(self, template: str) -> bool:
        """Whether a plugin brings this template."""
        plugin, _slash, name = template[1:].partition("/")
        folders = self._plugins[plugin].searchpath if plugin in self._plugins else []
        return any((Path(folder) / name).is_file() for folder in folders)


class Compiled(BytecodeCache):
    """What templates were compiled to, as long as their source stays as it is: the same for each site of a process, and
    kept for the next, so that the first page of neither takes a quarter of a second."""

    _here: Final[dict[tuple[str, str], CodeType]] = {}

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._here.get((bucket.key, bucket.checksum))
        if bucket.code is None and (kept := self._kept.get(_made_by(bucket))) is not None:
            # it looks itself whether it is of this source and for this Python
            bucket.bytecode_from_string(kept)
            self._remember(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._remember(bucket)
        self._kept.put(_made_by(bucket), bucket.bytecode_to_string())

    def _remember(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._here[bucket.key, bucket.checksum] = bucket.code


def _made_by(bucket: Bucket) -> str:
    """What a compiled template depends on besides its source."""
    made: Environment = bucket.environment
    how = (
        made.autoescape,
        made.undefined.__name__,
        getattr(made.finalize, "__name__", ""),
        *sorted(made.extensions),
    )
    return f"template {bucket.key} {sys.implementation.cache_tag} {jinja2.__version__} {how}"


class Pages(QuickEnvironment):
    """An environment in which a plugin's template finds its neighbours first, then the kernel's parts."""

    def join_path(self, template: str, parent: str) -> str:
        if parent.startswith("@") and not template.startswith("@"):
            beside = f"{parent.partition('/')[0]}/{template}"
            if isinstance(self.loader, Loader) and self.loader.has(beside):
                return beside
        return template


def environment(kernel: Kernel) -> Environment:
    """The environment of all pages."""
    folders = {
        loaded.name: Path(loaded.folder) / "templates"
        for loaded in kernel.declarations.plugins
        if loaded.name != "base"
    }
    made = Pages(
        loader=Loader(folders),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=Undefined,
        finalize=straight,
        bytecode_cache=Compiled(Kept.of(kernel.settings)),
    )
    single, plural = _gettext(kernel)
    made.install_gettext_callables(single, plural, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    drawn = Drawn(lambda text: kernel.translator.text(text, visit().language))
    made.globals.update(
        drawn=drawn,
        tables=Tables(drawn),
        asset=assets.asset,
        icon=assets.icon,
        csrf_token=lambda: security.csrf_token(kernel, visit()),
        dressed=lambda form: visit().dressed(form),
        once=nonce,
        # which it calls by itself, through one that looks it up each time
        _=made.globals["gettext"],
    )
    return made


def nonce() -> str:
    """A word that a form carries once: sent twice, it has one effect."""
    return token_urlsafe(12)


def _gettext(kernel: Kernel) -> tuple[Callable[..., str], Callable[..., str]]:
    translator = kernel.translator

    @pass_context
    def single(context: JinjaContext, message: str) -> str:
        return translator.text(message, visit().language, _plugin(context))

    @pass_context
    def plural(context: JinjaContext, one: str, many: str, n: int) -> str:
        module = f"tenor_{_plugin(context)}" if _plugin(context) != "base" else "tenor"
        return translator.text(Text(one, {"n": n}, many, module), visit().language)

    return single, plural


def _plugin(context: JinjaContext) -> str:
    name: Any = context.name or ""
    return name[1:].partition("/")[0] if name.startswith("@") else "base"
