"""What every driver whose provider calls back promises, as tests to inherit.

::

    class TestMySms(CallbackContract):
        def driver(self, key: str) -> CalledBack[News]: ...
        def callback(self, key: str, at: datetime) -> Callback: ...
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tenor_sdk.callbacks import Callback, CalledBack
from tenor_sdk.errors import Refused

AT = datetime(2026, 6, 30, 2, tzinfo=UTC)
KEY, ANOTHER = "the-key", "another-key"


class CallbackContract:
    """Checks of one driver's ``parse_callback``."""

    @abstractmethod
    def driver(self, key: str) -> CalledBack[Any]:
        """The driver under test, in an institution that shares a key with its provider; empty: it has none yet."""

    @abstractmethod
    def callback(self, key: str, at: datetime) -> Callback:
        """What the provider sends to tell some news.

        Args:
            key: by which it proves itself.
            at: when it signs.
        """

    def _refused(self, callback: Callback, key: str = KEY, at: datetime = AT) -> None:
        with pytest.raises(Refused):
            self.driver(key).parse_callback(callback, at)

    def test_what_its_provider_tells_is_believed_and_reads_the_same_when_told_again(self) -> None:
        news = [
            self.driver(KEY).parse_callback(self.callback(KEY, AT), AT + timedelta(seconds=passed))
            for passed in (0, 20)
        ]
        assert news[0] == news[1]

    @pytest.mark.parametrize("written", [str.lower, str.upper])
    def test_it_knows_its_headers_in_any_case(self, written: Callable[[str], str]) -> None:
        sent = self.callback(KEY, AT)
        headers = {written(name): value for name, value in sent.headers.items()}
        assert self.driver(KEY).parse_callback(replace(sent, headers=headers), AT) == self.driver(
            KEY
        ).parse_callback(sent, AT)

    def test_without_a_proof_nobody_is_believed(self) -> None:
        self._refused(Callback({}, self.callback(KEY, AT).body))

    def test_who_has_another_key_is_not_believed(self) -> None:
        self._refused(self.callback(ANOTHER, AT))

    def test_where_no_key_is_set_up_nobody_is_believed(self) -> None:
        self._refused(self.callback("", AT), key="")

    def test_one_byte_more_proves_nothing(self) -> None:
        sent = self.callback(KEY, AT)
        self._refused(replace(sent, body=sent.body + b" "))

    def test_a_proof_that_is_no_proof_is_refused_calmly(self) -> None:
        sent = self.callback(KEY, AT)
        for odd in ("", "签名", "0" * 10_000):
            self._refused(replace(sent, headers=dict.fromkeys(sent.headers, odd)))

    @pytest.mark.parametrize("passed", [timedelta(hours=1), -timedelta(hours=1)])
    def test_what_somebody_overheard_is_worth_nothing_later(self, passed: timedelta) -> None:
        self._refused(self.callback(KEY, AT), at=AT + passed)
