"""A callback is believed by its proof, and within five minutes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tenor_esign_ca.callbacks import callback_headers, callback_signature, require_proof
from tenor_esign_ca.embedded import EmbeddedSigning
from tenor_esign_ca.envelopes import EnvelopeState
from tenor_esign_ca.stores import MemoryStore
from tenor_esign_ca.testing import AT, intent_at, two_signers
from tenor_sdk import Refused
from tenor_sdk.callbacks import Callback
from tenor_sdk.testing import CallbackContract

SECRET = b"dummysecret"
BODY = b'{"event":"x"}'


def test_the_proof_is_that_of_the_vectors() -> None:
    # esign_vectors.json "esign_callback": hex(HMAC-SHA256(secret, timestamp + query_values + raw_body))
    body = b'{"action":"SIGN_FLOW_COMPLETE","signFlowId":"f1","signFlowStatus":"2"}'
    assert (
        callback_signature(SECRET, "1713508339505", "", body)
        == "c54c758d1279819b44cc7e52777986621ac84d9053a653099862df8575ca56ed"
    )


def test_an_honest_callback_says_when_it_was_sent() -> None:
    headers = {name.lower(): value for name, value in callback_headers(SECRET, BODY, at=AT).items()}
    assert require_proof(SECRET, Callback(headers, BODY), at=AT + timedelta(minutes=4)) == AT


@pytest.mark.parametrize(
    ("secret", "body", "query"),
    [(b"other", BODY, ""), (SECRET, BODY + b" ", ""), (SECRET, BODY, "a=1")],
)
def test_a_forged_callback_is_refused(secret: bytes, body: bytes, query: str) -> None:
    headers = callback_headers(secret, BODY, at=AT)
    with pytest.raises(Refused) as refusal:
        require_proof(SECRET, Callback(headers, body, query), at=AT)
    assert refusal.value.key == "callback-not-proved"


def test_a_proof_that_is_no_text_is_refused_calmly() -> None:
    headers = callback_headers(SECRET, BODY, at=AT) | {"X-Tenor-Signature": "签名"}
    with pytest.raises(Refused):
        require_proof(SECRET, Callback(headers, BODY), at=AT)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_callback_from_another_hour_is_refused(minutes: int) -> None:
    headers = callback_headers(SECRET, BODY, at=AT)
    with pytest.raises(Refused) as refusal:
        require_proof(SECRET, Callback(headers, BODY), at=AT + timedelta(minutes=minutes))
    assert refusal.value.key == "callback-too-old"


def test_a_callback_delivered_twice_carries_one_event(driver: EmbeddedSigning) -> None:
    envelope_id = driver.create(two_signers(), idempotency_key="k", at=AT)
    driver.start(envelope_id, at=AT)
    headers, body = driver.callback(envelope_id, at=AT)
    sent = Callback(headers, body)
    first = driver.parse_callback(sent, AT)
    again = driver.parse_callback(sent, AT + timedelta(minutes=1))
    assert first == again
    assert (first.envelope_id, first.state_hint) == (envelope_id, EnvelopeState.SENT)


def test_a_later_event_has_another_key(driver: EmbeddedSigning) -> None:
    envelope_id = driver.create(two_signers(), idempotency_key="k", at=AT)
    driver.start(envelope_id, at=AT)
    before = driver.parse_callback(Callback(*driver.callback(envelope_id, at=AT)), AT)
    driver.sign(envelope_id, "borrower", intent_at(AT), at=AT)
    after = driver.parse_callback(Callback(*driver.callback(envelope_id, at=AT)), AT)
    assert after.event_key != before.event_key


class TestEmbeddedCallbacks(CallbackContract):
    """The secret that the driver shares with whoever calls is the key of the kit."""

    def driver(self, key: str) -> EmbeddedSigning:
        keys = MemoryStore()
        if key:
            keys.put_new("callbacks/secret", key.encode())
        return EmbeddedSigning(
            MemoryStore(), keys, institution="海岳商业银行", zone=ZoneInfo("UTC")
        )

    def callback(self, key: str, at: datetime) -> Callback:
        body = b'{"envelope": "env-1", "event": "env-1:2", "state": "sent"}'
        return Callback(callback_headers(key.encode(), body, at=at), body)
