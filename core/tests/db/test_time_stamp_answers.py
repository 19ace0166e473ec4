"""What an authority may answer: only what was asked for, signed by whom it must be, in time, becomes a time stamp."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenor.audit.authority import LARGEST, NoAnswer, ask, parts_of
from tenor.audit.stamps import Authority, Unstamped, fetch
from tenor.audit.tokens import certificates, in_der, request_for, stamped_at
from tenor.audit.trust import Asked, BadToken, Trust
from tenor.clock import Clock, StoppedClock
from tenor_test_support.tsa import Answer

if TYPE_CHECKING:
    from tenor_test_support.tsa import TimeStampAuthority

TEXT = '[1,"2026-11-26T08:00:00.000000+00:00",3,0,"root",""]'


@pytest.fixture
def tsa(time_stamp_authority: TimeStampAuthority) -> TimeStampAuthority:
    return time_stamp_authority


@pytest.fixture
def seal() -> Unstamped:
    """A seal of just now."""
    return Unstamped(1, Clock().now(), sha256(TEXT.encode()).hexdigest(), TEXT)


def stamp(
    tsa: TimeStampAuthority, seal: Unstamped, *, policy: str = "", clock: Clock | None = None
) -> dict[str, str]:
    """A time stamp of what the authority answers."""
    authority = Authority(tsa.url, Trust(certificates(tsa.roots), policy))
    return fetch(authority, seal, clock or Clock())


def refusal(tsa: TimeStampAuthority, seal: Unstamped, **told: Any) -> str:
    """Why what the authority answers is no time stamp."""
    with pytest.raises(BadToken) as caught:
        stamp(tsa, seal, **told)
    return caught.value.key


def test_what_was_asked_for_becomes_a_time_stamp(tsa: TimeStampAuthority, seal: Unstamped) -> None:
    told = stamp(tsa, seal, policy="1.2.3.4.1")
    at = datetime.fromisoformat(told["at"])
    assert abs(at - Clock().now()) < timedelta(minutes=1)
    assert told["authority"] == tsa.url


def test_an_authority_that_refuses_is_told(tsa: TimeStampAuthority, seal: Unstamped) -> None:
    tsa.answer = lambda request: Answer([tsa.stamp(request, digests="sha512")])
    assert refusal(tsa, seal) == "stamp-not-granted"


def test_a_time_stamp_of_something_else_is_refused(
    tsa: TimeStampAuthority, seal: Unstamped
) -> None:
    tsa.answer = lambda _request: Answer([tsa.stamp(tsa.request_for("0" * 64))])
    assert refusal(tsa, seal) == "stamp-of-another-hash"


def test_a_time_stamp_of_another_request_is_refused(
    tsa: TimeStampAuthority, seal: Unstamped
) -> None:
    tsa.answer = lambda _request: Answer([tsa.stamp(tsa.request_for(seal.digest))])
    assert refusal(tsa, seal) == "stamp-nonce"


def test_a_time_stamp_of_another_policy_is_refused(
    tsa: TimeStampAuthority, seal: Unstamped
) -> None:
    assert refusal(tsa, seal, policy="1.2.3.4.2") == "stamp-policy"


def test_a_certificate_that_isnt_for_time_stamps_is_refused(
    tsa: TimeStampAuthority, seal: Unstamped
) -> None:
    tsa.certify("another", by="root", for_time=False)
    tsa.answer = lambda request: Answer([tsa.stamp_anyway(request, signer="another")])
    assert refusal(tsa, seal) == "stamp-not-for-time"


def test_a_chain_to_somebody_else_is_refused(tsa: TimeStampAuthority, seal: Unstamped) -> None:
    tsa.certify("stranger")
    tsa.certify("another", by="stranger")
    tsa.answer = lambda request: Answer([tsa.stamp(request, signer="another", root="stranger")])
    assert refusal(tsa, seal) == "stamp-untrusted"


def test_a_chain_may_have_a_certificate_between(tsa: TimeStampAuthority, seal: Unstamped) -> None:
    tsa.certify("between", by="root", certifies=True)
    tsa.certify("another", by="between")
    tsa.answer = lambda request: Answer([tsa.stamp(request, signer="another", root="between")])
    assert stamp(tsa, seal)["at"]


def test_a_certificate_that_has_ended_is_refused(tsa: TimeStampAuthority, seal: Unstamped) -> None:
    tsa.certify("another", by="root", until=Clock().now() - timedelta(hours=1))
    tsa.answer = lambda request: Answer([tsa.stamp(request, signer="another")])
    assert refusal(tsa, seal) == "stamp-untrusted"


def test_an_edited_signature_is_refused(tsa: TimeStampAuthority, seal: Unstamped) -> None:
    def edited(request: bytes) -> Answer:
        content = bytearray(tsa.stamp(request))
        content[-1] ^= 1
        return Answer([bytes(content)])

    tsa.answer = edited
    assert refusal(tsa, seal) == "stamp-untrusted"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_time_far_from_ours_is_refused(
    tsa: TimeStampAuthority, seal: Unstamped, minutes: int
) -> None:
    clock = StoppedClock(Clock().now() + timedelta(minutes=minutes))
    assert refusal(tsa, seal, clock=clock) == "stamp-time"


def test_a_time_before_the_seal_is_refused(tsa: TimeStampAuthority, seal: Unstamped) -> None:
    later = Unstamped(1, seal.at + timedelta(minutes=2), seal.digest, seal.text)
    assert refusal(tsa, later) == "stamp-time"


@pytest.mark.parametrize("content", [b"", b"garbage", b"0\x80" * 40, b"<html>it works</html>"])
def test_what_is_no_time_stamp_is_refused(
    tsa: TimeStampAuthority, seal: Unstamped, content: bytes
) -> None:
    tsa.answer = lambda _request: Answer([content])
    assert refusal(tsa, seal) == "stamp-unreadable"


@pytest.mark.hypothesis
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_edited_in_an_answer_its_time_is_the_authoritys_or_it_is_refused(
    answered: Answered, data: st.DataObject
) -> None:
    content = bytearray(answered.content)
    place = data.draw(st.integers(0, len(content) - 1), label="place")
    content[place] ^= data.draw(st.integers(1, 255), label="bits")
    with suppress(BadToken):
        assert stamped_at(bytes(content), answered.asked, answered.trust) == answered.at


@dataclass
class Answered:
    """A good answer, and what it answers."""

    content: bytes
    asked: Asked
    trust: Trust
    at: datetime


@pytest.fixture
def answered(tsa: TimeStampAuthority, seal: Unstamped) -> Answered:
    nonce, request = request_for(seal.text)
    content = in_der(tsa.stamp(request))
    asked = Asked(seal.digest, seal.at, nonce, Clock().now())
    trust = Trust(certificates(tsa.roots))
    return Answered(content, asked, trust, stamped_at(content, asked, trust))


# -- over HTTP ---------------------------------------------------------------------------------------------------------


def test_an_authority_in_trouble_gives_no_answer(tsa: TimeStampAuthority, seal: Unstamped) -> None:
    tsa.answer = lambda _request: Answer([b"oh"], status=500)
    with pytest.raises(NoAnswer, match="status 500"):
        stamp(tsa, seal)


def test_an_authority_that_isnt_there_gives_no_answer() -> None:
    with pytest.raises(NoAnswer, match="refused"):
        ask("http://127.0.0.1:1/", b"request")


def test_an_address_over_https_is_asked_over_tls_or_not_at_all(tsa: TimeStampAuthority) -> None:
    with pytest.raises(NoAnswer, match=r"(?i)ssl"):
        ask(tsa.url.replace("http:", "https:"), b"request")
    assert tsa.requests == []


def test_whoever_sends_us_elsewhere_isnt_followed(tsa: TimeStampAuthority, seal: Unstamped) -> None:
    elsewhere = {"Location": "http://tsa.elsewhere.example/tsr"}
    tsa.answer = lambda _request: Answer([], status=307, headers=elsewhere)
    with pytest.raises(NoAnswer, match="status 307"):
        stamp(tsa, seal)
    assert len(tsa.requests) == 1


@contextmanager
def silence(tsa: TimeStampAuthority) -> Iterator[None]:
    """The authority takes what it is asked, and says nothing meanwhile."""
    over = Event()

    def silent(_request: bytes) -> Answer:
        over.wait(30)
        return Answer([])

    tsa.answer = silent
    yield
    over.set()


def test_a_silent_authority_is_left(tsa: TimeStampAuthority) -> None:
    with silence(tsa), pytest.raises(NoAnswer, match="no answer in time"):
        ask(tsa.url, b"request", seconds=0.3)


def test_the_line_s_own_clock_says_the_same_where_it_is_first(
    tsa: TimeStampAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    def an_hour_later(_seconds: float, cut: Callable[[], None]) -> Timer:
        return Timer(3600, cut)

    monkeypatch.setattr("tenor.audit.authority.Timer", an_hour_later)
    with silence(tsa), pytest.raises(NoAnswer, match="no answer in time"):
        ask(tsa.url, b"request", seconds=0.3)


def test_an_authority_that_gives_a_byte_now_and_then_is_left(tsa: TimeStampAuthority) -> None:
    over = Event()

    def drops() -> Iterator[bytes]:
        while not over.wait(0.05):
            yield b"."

    tsa.answer = lambda _request: Answer(drops())
    with pytest.raises(NoAnswer, match="no answer in time"):
        ask(tsa.url, b"request", seconds=0.5)
    over.set()


def test_an_answer_without_end_isnt_read_to_its_end(tsa: TimeStampAuthority) -> None:
    piece, sent = b"\0" * 1_000_000, []

    def hundred_megabytes() -> Iterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield piece

    tsa.answer = lambda _request: Answer(hundred_megabytes())
    with pytest.raises(NoAnswer, match=f"longer than {LARGEST} bytes"):
        ask(tsa.url, b"request")
    assert len(sent) < 100


@pytest.mark.parametrize(
    "address",
    [
        "tsa.example",
        "ftp://tsa.example/",
        "https://",
        "https://ann:secret@tsa.example/",
        "http://tsa.example/a b",
        "http://tsa.example:0/",
        "http://tsa.example:99999/",
        "http://tsa.example/\r\nX: y",
        "http://[::1/",
        "http://tsa.example/" + "x" * 500,
    ],
)
def test_only_an_address_over_http_is_one(address: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        parts_of(address)


@pytest.mark.parametrize(
    "pem", ["", "roots", "-----BEGIN CERTIFICATE-----AA==-----END CERTIFICATE-----"]
)
def test_what_is_no_certificate_is_refused(pem: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        certificates(pem)


def test_certificates_are_read_from_one_line_as_well(tsa: TimeStampAuthority) -> None:
    assert certificates(" ".join((tsa.roots * 2).split("\n"))) == certificates(tsa.roots) * 2
