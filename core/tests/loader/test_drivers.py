"""Exchangeable services: only drivers whose plugin runs, chosen by the administrator."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tenor.boot import boot
from tenor.kernel import Kernel
from tenor.settings import KernelSettings
from tenor.testing import as_actor, settings_for
from tenor_sdk.errors import Forbidden, NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.tests.loader.conftest import Shelf

HOST = """
import abc
from tenor_sdk.drivers import Driver, DriverKind

class Post(Driver, abc.ABC):
    @abc.abstractmethod
    def send(self, text): ...

post = DriverKind("post", Post, title="Post")
"""
PIGEON = """
from tenor_{host}.public import Post

class {name}(Post):
    title = "{name}"
    def send(self, text):
        return f"{name} {{text}} for {{self.ctx.actor.login}}"
"""


@pytest.fixture
def start(shelf: "Shelf", database: str, tmp_path: Path) -> "Iterator[Callable[..., Kernel]]":
    """A host of the family ``post`` and two plugins that bring drivers."""
    shelf.plugin("host", {"public.py": HOST})
    for plugin, name in (("pigeon", "Pigeon"), ("rider", "Rider")):
        shelf.plugin(
            plugin, {"drivers.py": PIGEON.format(host="host", name=name)}, requires=["tenor-host"]
        )
        points = shelf.folder / f"tenor_{plugin}-1.0.dist-info" / "entry_points.txt"
        points.write_text(
            points.read_text() + f"[tenor.drivers.post]\n{plugin} = tenor_{plugin}.drivers:{name}\n"
        )
    kernels: list[Kernel] = []

    def started(*plugins: str, settings: KernelSettings | None = None) -> Kernel:
        kernels.append(boot(settings or settings_for(database, tmp_path), plugins=plugins))
        assert not kernels[-1].failures
        return kernels[-1]

    yield started
    for kernel in kernels:
        kernel.db.dispose()


def sent(kernel: Kernel, who: str = "lin.xiaowen") -> str:
    (kind,) = kernel.drivers.kinds.values()
    with as_actor(kernel, who, write=False) as ctx:
        driver: Any = ctx.driver(kind)
        return str(driver.send("hello"))


def test_the_only_driver_that_runs_is_used_with_the_context_of_whoever_asks(
    start: "Callable[..., Kernel]",
) -> None:
    assert sent(start("pigeon")) == "Pigeon hello for lin.xiaowen"


def test_without_a_driver_the_answer_names_the_kind(start: "Callable[..., Kernel]") -> None:
    with pytest.raises(Refused) as refused:
        sent(start("host"))
    assert (refused.value.key, refused.value.values) == ("no-driver", {"kind": "Post"})


def test_between_two_nobody_chooses_by_himself(start: "Callable[..., Kernel]") -> None:
    with pytest.raises(Refused, match="no-driver"):
        sent(start("pigeon", "rider"))


def test_a_stranger_that_comes_takes_the_familys_own_driver_not_out_of_use(
    shelf: "Shelf", start: "Callable[..., Kernel]"
) -> None:
    package = shelf.folder / "tenor_host"
    (package / "drivers.py").write_text(PIGEON.format(host="host", name="Own"))
    points = shelf.folder / "tenor_host-1.0.dist-info" / "entry_points.txt"
    points.write_text(points.read_text() + "[tenor.drivers.post]\nown = tenor_host.drivers:Own\n")
    assert sent(start("pigeon")) == "Own hello for lin.xiaowen"
    kernel = start("pigeon", "rider")
    with as_actor(kernel, "ding.ning") as ctx:
        kernel.drivers.choose(ctx, "post", "pigeon")
    assert sent(kernel) == "Pigeon hello for lin.xiaowen"


def test_a_stranger_refuses_in_the_words_of_its_family(
    shelf: "Shelf", start: "Callable[..., Kernel]"
) -> None:
    words = shelf.folder / "tenor_host" / "translations" / "en.po"
    words.parent.mkdir()
    words.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "error:post-lost"\nmsgstr "The post to {place} is lost."\n'
    )
    lost = PIGEON.format(host="host", name="Pigeon").replace(
        "return f", 'raise Refused("post-lost", place="Yunzhou")\n        return f'
    )
    drivers = shelf.folder / "tenor_pigeon" / "drivers.py"
    drivers.write_text("from tenor_sdk.errors import Refused\n" + lost)
    kernel = start("pigeon")
    with pytest.raises(Refused) as refused:
        sent(kernel)
    assert kernel.translator.error(refused.value, "en") == "The post to Yunzhou is lost."


def test_the_administrator_chooses_and_it_is_kept(start: "Callable[..., Kernel]") -> None:
    kernel = start("pigeon", "rider")
    with as_actor(kernel, "ding.ning") as ctx:
        kernel.drivers.choose(ctx, "post", "rider")
    assert sent(kernel) == "Rider hello for lin.xiaowen"


def test_others_may_not_choose(start: "Callable[..., Kernel]") -> None:
    kernel = start("pigeon", "rider")
    with pytest.raises(Forbidden), as_actor(kernel, "lin.xiaowen") as ctx:
        kernel.drivers.choose(ctx, "post", "rider")


def test_a_driver_that_is_not_there_cannot_be_chosen(start: "Callable[..., Kernel]") -> None:
    kernel = start("pigeon")
    with pytest.raises(NotFound), as_actor(kernel, "ding.ning") as ctx:
        kernel.drivers.choose(ctx, "post", "rider")


def test_a_chosen_driver_whose_plugin_is_off_is_not_replaced_in_silence(
    start: "Callable[..., Kernel]",
) -> None:
    kernel = start("pigeon", "rider")
    with as_actor(kernel, "ding.ning") as ctx:
        kernel.drivers.choose(ctx, "post", "rider")
    with pytest.raises(Refused, match="no-driver"):
        sent(start("pigeon"))


def test_the_settings_file_may_name_one(
    start: "Callable[..., Kernel]", database: str, tmp_path: Path
) -> None:
    settings = settings_for(database, tmp_path).but(drivers={"post": "rider"})
    assert sent(start("pigeon", "rider", settings=settings)) == "Rider hello for lin.xiaowen"
