"""The contract: what every plugin promises, as tests to inherit.

::

    class TestNotes(PluginContract):
        plugin = "notes"
"""

from __future__ import annotations

from typing import Any, ClassVar

from tenor_sdk.testing.institution import Institution, provider


class PluginContract:
    """Checks of one plugin. Each names what is wrong and where.

    Attributes:
        plugin: its name.
    """

    plugin: ClassVar[str] = ""

    def _check(self, name: str, institution: Institution | None = None) -> None:
        complaints = provider().check(name, institution, self.plugin)
        assert not complaints, "\n".join(complaints)

    def test_its_manifest_is_read_without_importing_its_files(self) -> None:
        self._check("imports_lazily")

    def test_it_imports_nothing_that_it_does_not_declare(self) -> None:
        self._check("imports")

    def test_every_record_has_access_rules(self, institution: Institution) -> None:
        self._check("access", institution)

    def test_every_string_is_translated(self, institution: Institution) -> None:
        self._check("translations", institution)

    def test_every_view_resolves(self, institution: Institution) -> None:
        self._check("views", institution)

    def test_migrations_equal_the_records_up_and_down(self, institution: Institution) -> None:
        self._check("migrations", institution)

    def test_demo_data_loads(self, institution: Institution) -> None:
        self._check("demo", institution)

    def test_hooks_and_handlers_say_when_they_run(self, institution: Institution) -> None:
        self._check("docstrings", institution)

    def test_no_list_asks_more_of_the_database_for_more_rows(
        self, institution: Institution
    ) -> None:
        self._check("statements", institution)

    def test_disabled_it_keeps_all_and_removed_it_takes_its_own(
        self, institution: Institution
    ) -> None:
        self._check("leaving", institution)


class DriverContract:
    """Checks of one driver; a family's own kit inherits from it.

    Attributes:
        driver: the class under test; interface: what it fills in.
    """

    driver: ClassVar[type[Any]]
    interface: ClassVar[type[Any]]

    def test_it_fills_in_the_interface(self) -> None:
        assert issubclass(self.driver, self.interface)
        missing = sorted(getattr(self.driver, "__abstractmethods__", ()))
        assert not missing, f"{self.driver.__name__} leaves open: {', '.join(missing)}"

    def test_it_has_a_title(self) -> None:
        assert getattr(self.driver, "title", ""), f"{self.driver.__name__} has no title"
