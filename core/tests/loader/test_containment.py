"""A plugin can't take the house down: at import, mapping, migration or when its declarations are put into service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tenor.boot import boot
from tenor.kernel import Kernel
from tenor.loader.failures import BootError
from tenor.testing import settings_for
from tenor.testing.tables import make_tables
from tenor_sdk.records import metadata

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

RECORD = """
from sqlalchemy.orm import Mapped
from tenor_sdk import Record, field, link, linked


class Thing(Record):
    name: Mapped[str] = field()
"""


@contextmanager
def running(database: str, folder: Path, *plugins: str) -> Iterator[Kernel]:
    kernel = boot(settings_for(database, folder), plugins=plugins)
    try:
        yield kernel
    finally:
        kernel.db.dispose()


def stage_of(kernel: Kernel) -> dict[str, str]:
    return {failure.plugin: failure.stage for failure in kernel.failures}


def running_ones(kernel: Kernel) -> list[str]:
    return [loaded.name for loaded in kernel.declarations.plugins]


def test_a_plugin_that_calls_sys_exit_at_import_is_left_out_and_named(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("good")
    shelf.plugin("rude", {"services.py": "import sys\nsys.exit(3)\n"})
    with running(database, tmp_path, "good", "rude") as kernel:
        assert running_ones(kernel) == ["base", "good"]
        (failure,) = kernel.failures
        assert (failure.plugin, failure.stage) == ("rude", "import")
        assert "sys.exit(3)" in str(failure.cause)
        assert "tenor plugin disable rude" in str(failure.remedy)
        assert "services.py" in failure.detail


def test_an_exit_at_the_first_line_of_the_package_is_contained_as_well(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("rude", body="raise SystemExit('no')")
    with running(database, tmp_path, "rude") as kernel:
        assert stage_of(kernel) == {"rude": "import"}


@pytest.mark.parametrize("way", ["raise RuntimeError", "import sys; sys.exit(4)", "return 7"])
@pytest.mark.parametrize("where", ["services.py", "records.py"])
def test_an_exception_that_cannot_even_say_what_it_is_is_contained(
    shelf: "Shelf", database: str, tmp_path: Path, way: str, where: str
) -> None:
    shelf.plugin("good")
    silent = f"class Silent(Exception):\n    def __str__(self):\n        {way}\nraise Silent\n"
    shelf.plugin("rude", {where: silent})
    with running(database, tmp_path, "good", "rude") as kernel:
        assert running_ones(kernel) == ["base", "good"]
        (failure,) = kernel.failures
        assert "Silent" in str(failure.cause)


def test_those_that_need_a_failed_plugin_are_left_out_and_say_because_of_whom(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("bad", body="1/0")
    shelf.plugin("needy", requires=["tenor-bad"])
    shelf.plugin("other")
    with running(database, tmp_path, "bad", "needy", "other") as kernel:
        assert running_ones(kernel) == ["base", "other"]
        needy = next(failure for failure in kernel.failures if failure.plugin == "needy")
        assert needy.because_of == "bad"


def test_a_broken_mapping_is_disposed_of_and_the_others_still_query(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    from sqlalchemy import select

    from tenor.access.records import User

    shelf.plugin(
        "torn",
        {
            "records.py": RECORD
            + "\n\nfrom sqlalchemy.orm import relationship\n"
            + "class Part(Record):\n    nowhere: Mapped['Nothing'] = relationship('Nothing')\n"
        },
    )
    with running(database, tmp_path, "torn") as kernel:
        assert stage_of(kernel) == {"torn": "mapping"}
        assert not [name for name in metadata.tables if name.startswith("torn_")]
        with kernel.context(kernel.access.system_actor(), write=False) as ctx:
            assert ctx.session.scalars(select(User)).all()


def test_a_record_on_another_plugins_table_name_is_refused_at_load(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin(
        "greedy",
        {"records.py": RECORD + "\n\nclass Other(Record):\n    __tablename__ = 'loans_other'\n"},
    )
    with running(database, tmp_path, "greedy") as kernel:
        (failure,) = kernel.failures
        assert "the table loans_other must be named greedy_" in str(failure.cause)


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        (
            "    how_many = column_property(select(func.count(User.id)).scalar_subquery())\n",
            "Spy.how_many is an expression: write a @computed property",
        ),
        (
            "    users = relationship(User, secondary=both)\n",
            "Spy.users has a secondary table: make it a record",
        ),
    ],
)
def test_what_the_guard_would_not_see_in_a_record_is_refused_at_load(
    shelf: "Shelf", database: str, tmp_path: Path, line: str, remedy: str
) -> None:
    head = RECORD + (
        "\n\nfrom sqlalchemy import Column, ForeignKey, Table, func, select\n"
        "from sqlalchemy.orm import column_property, relationship\n"
        "from tenor.access.records import User\nfrom tenor_sdk.records import metadata\n"
        "both = Table('spy_both', metadata,\n"
        "    Column('spy_id', ForeignKey('spy_spy.id')), Column('user_id', ForeignKey('base_user.id')),\n"
        "    info={'plugin': 'spy'})\n"
        "class Spy(Record):\n    name: Mapped[str] = field()\n"
    )
    shelf.plugin("spy", {"records.py": head + line})
    with running(database, tmp_path, "spy") as kernel:
        assert stage_of(kernel) == {"spy": "mapping"}
        assert remedy in str(kernel.failures[0].cause)
        assert "records.py:" in str(kernel.failures[0].cause)


def test_a_plugin_by_whose_name_another_ones_table_begins_is_left_out(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    """By name, removing ``host_other`` would take ``host_other_thing``, whichever of the two it is of."""
    shelf.plugin("host", {"records.py": RECORD.replace("class Thing", "class OtherThing")})
    shelf.plugin("host_other")
    with running(database, tmp_path, "host", "host_other") as kernel:
        (failure,) = [each for each in kernel.failures if each.plugin == "host_other"]
        assert "host_other_thing" in str(failure.cause)


def test_a_plugin_with_records_and_without_migrations_is_left_out(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("late", {"records.py": RECORD})
    with running(database, tmp_path, "late") as kernel:
        assert stage_of(kernel) == {"late": "migration"}
        assert "tenor dev migration late" in str(kernel.failures[0].remedy)


def test_a_host_that_fails_takes_its_extensions_tables_out_of_the_process(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("host", {"records.py": RECORD, "views.py": "raise ValueError('slip')"})
    shelf.plugin(
        "guest",
        {
            "records.py": "from tenor_host.records import Thing\n"
            "from tenor_sdk import Extension, field\nfrom sqlalchemy.orm import Mapped\n"
            "class Extra(Extension[Thing]):\n    note: Mapped[str] = field()\n"
        },
        requires=["tenor-host"],
    )
    with running(database, tmp_path, "host", "guest") as kernel:
        assert stage_of(kernel) == {"host": "import", "guest": "requirements"}
        assert not [name for name in metadata.tables if name.startswith(("host_", "guest_"))]


def test_a_declaration_that_a_room_refuses_is_laid_to_its_plugin(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    from tenor.loader.manifest import find

    shelf.plugin(
        "unfit",
        {
            "records.py": RECORD,
            "access.py": "from tenor_unfit.records import Thing\n"
            "from tenor_sdk import Role, Scope, can\n"
            "clerk = Role('Clerk', can.read(Thing, scope=Scope.UNIT))\n",
        },
    )
    make_tables(database, [find()[0]["unfit"]])
    with running(database, tmp_path, "unfit") as kernel:
        assert stage_of(kernel) == {"unfit": "declarations"}
        assert running_ones(kernel) == ["base"]


def test_a_critical_plugin_that_fails_puts_the_site_into_safe_mode(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("vital", stated="critical=True", body="1/0")
    shelf.plugin("other")
    with running(database, tmp_path, "vital", "other") as kernel:
        assert kernel.safe_mode
        assert running_ones(kernel) == ["base"]
        assert stage_of(kernel) == {"vital": "import"}


def test_an_integration_is_loaded_only_where_the_other_plugin_runs(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    files = {
        "integrations/__init__.py": "",
        "integrations/other.py": "from tenor_sdk.access import Permission\nseen = Permission(title='Seen')\n",
    }
    shelf.plugin("one", files, stated='optional=("other",)')
    shelf.plugin("other")
    from tenor_sdk.access import Permission

    def titles(kernel: Kernel) -> list[str]:
        return [each.title for each in kernel.declarations.of(Permission) if each.plugin == "one"]

    with running(database, tmp_path, "one") as kernel:
        assert titles(kernel) == []
    with running(database, tmp_path, "one", "other") as kernel:
        assert titles(kernel) == ["Seen"]


def test_an_imported_declaration_belongs_to_whoever_made_it(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    from tenor_sdk.access import Permission

    shelf.plugin(
        "host",
        {
            "access.py": "from tenor_sdk.access import Permission\nright = Permission(title='Right')\n"
        },
    )
    shelf.plugin(
        "guest", {"access.py": "from tenor_host.access import right\n"}, requires=["tenor-host"]
    )
    with running(database, tmp_path, "guest") as kernel:
        assert [
            each.plugin for each in kernel.declarations.of(Permission) if each.title == "Right"
        ] == ["host"]


def test_a_failure_is_gone_once_the_plugin_is_mended(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    package = shelf.plugin("shaky", {"services.py": "1/0"})
    with running(database, tmp_path, "shaky") as kernel:
        assert stage_of(kernel) == {"shaky": "import"}
    (package / "services.py").write_text("")
    with running(database, tmp_path, "shaky") as kernel:
        assert kernel.failures == []


def test_an_interrupt_while_importing_is_the_persons_own(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("slow", body="raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        boot(settings_for(database, tmp_path), plugins=["slow"])


def test_without_an_institution_the_start_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BootError, match="tenor init"):
        boot(settings_for(f"sqlite:///{tmp_path}/none.db", tmp_path))
    assert not (tmp_path / "none.db").exists()


GOOD = """
def greet():
    return "good"

class Clerk:
    @property
    def name(self):
        return "good"
"""
SAME = """
import tenor_good.services

class Same:
    __hash__ = None

    def __eq__(self, other):
        return True

    def __call__(self):
        return "mine"

tenor_good.services.greet = Same()
"""
PATCHES = {
    "a function of anothers": (
        "import tenor_good.services\ntenor_good.services.greet = lambda: 'mine'\n",
        "tenor_good.services.greet",
    ),
    "a method of anothers class": (
        "from tenor_good.services import Clerk\nClerk.name = property(lambda self: 'mine')\n",
        "tenor_good.services.Clerk.name",
    ),
    "a function of the kernels": (
        "import tenor.loader.order\ntenor.loader.order.closure = lambda *_: set()\n",
        "tenor.loader.order.closure",
    ),
    "what says that it equals what it replaces": (
        SAME,
        "tenor_good.services.greet",
    ),
}


@pytest.mark.parametrize("name", PATCHES)
def test_a_plugin_that_patches_another_is_named_and_what_it_did_undone(
    shelf: "Shelf", database: str, tmp_path: Path, name: str
) -> None:
    code, what = PATCHES[name]
    shelf.plugin("good", {"services.py": GOOD})
    shelf.plugin("sly", {"services.py": code}, requires=["tenor-good"])
    with running(database, tmp_path, "sly") as kernel:
        (failure,) = kernel.failures
        assert (failure.plugin, failure.stage) == ("sly", "import")
        assert f"It replaces {what}, which isn't its own" in str(failure.cause)
        assert running_ones(kernel) == ["base", "good"]
        from tenor_good.services import Clerk, greet

        assert (greet(), Clerk().name) == ("good", "good")


def test_a_plugin_for_a_newer_kernel_is_left_out_and_says_which(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("early", requires=["tenor-sdk>=99"])
    with running(database, tmp_path, "early") as kernel:
        (failure,) = kernel.failures
        assert str(failure.cause).startswith("It needs tenor-sdk>=99; installed is ")
        assert "pip install tenor-sdk>=99" in str(failure.remedy)


def test_an_entry_point_to_nowhere_is_named(shelf: "Shelf", database: str, tmp_path: Path) -> None:
    package = shelf.plugin("hollow")
    for path in (package / "__init__.py", package):
        path.unlink() if path.is_file() else path.rmdir()
    with running(database, tmp_path, "hollow") as kernel:
        (failure,) = kernel.failures
        assert "its package tenor_hollow isn't there" in str(failure.cause)


def test_what_is_left_out_stands_in_the_log_with_cause_and_remedy(
    shelf: "Shelf", database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.plugin("bad", {"services.py": "1/0"})
    shelf.plugin("needy", requires=["tenor-bad"])
    with running(database, tmp_path, "needy"):
        told = [each.getMessage() for each in caplog.records if "is left out" in each.getMessage()]
    assert [each.split()[1] for each in told] == ["bad", "needy"]
    assert "ZeroDivisionError" in told[0]
    assert "tenor plugin disable bad" in told[0]


VIEW = """
from tenor_sdk import FormView, ListView, Menu, Section, ViewPatch
from tenor_host.records import Thing
"""


def test_a_patch_whose_anchor_is_gone_is_laid_to_its_plugin(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    from tenor.loader.manifest import find

    views = VIEW + "form = FormView(Thing, Section('One', Thing.name))\n"
    shelf.plugin(
        "host", {"records.py": RECORD + "    old: Mapped[str] = field()\n", "views.py": views}
    )
    patch = (
        "from tenor_host.records import Thing\nfrom tenor_host.views import form\n"
        "from tenor_sdk import ViewPatch\n"
        "patch = ViewPatch(view=form, after=Thing.old, add=(Thing.name,))\n"
    )
    shelf.plugin("guest", {"views.py": patch}, requires=["tenor-host"])
    make_tables(database, [find()[0]["host"]])
    with running(database, tmp_path, "guest") as kernel:
        assert stage_of(kernel) == {"guest": "declarations"}
        assert running_ones(kernel) == ["base", "host"]
