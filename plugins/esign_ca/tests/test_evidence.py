"""The evidence chain, by the field's test vectors and by what must be found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_esign_ca.evidence import GENESIS, chained, evidence_time, first_break, sealed

# domain.md 7.5, esign_vectors.json "evidence_chain_sha256(prev_hex+canonical_json)".
EVENTS = (
    {
        "t": "2026-01-05T01:00:00Z",
        "e": "file_fixed",
        "sha256": "4e2b6ca85ebc40a1819ed79052b6edb7b6e75681cd5bb2988c70bac2054e8d5b",
    },
    {"t": "2026-01-05T02:00:00Z", "e": "signer_authenticated", "signer": "s1", "method": "face"},
    {"t": "2026-01-05T02:03:00Z", "e": "signed", "signer": "s1", "cert_serial": "01AB"},
)
HASHES = (
    "685017315bc93ef617d40bce548acfdb168dcf5ebf00f31b9bbe46c5b473e900",
    "009fa73ace67090f032c8d346a1fc35425834909dbe7f249626c76ecf8a7ed3b",
    "575e9f28437af5626ad186a630d29aab95cf851a7ed3713487317236fd3fca77",
)

entries = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(), max_size=3),
    min_size=1,
    max_size=6,
)


def test_the_chain_gives_the_hashes_of_the_vectors() -> None:
    assert tuple(link.hash for link in chained(EVENTS)) == HASHES


def test_a_chain_can_be_continued_from_its_last_hash() -> None:
    first = chained(EVENTS[:2])
    assert chained(EVENTS[2:], first[-1].hash)[0].hash == HASHES[2]


def test_the_order_of_keys_in_an_entry_does_not_matter() -> None:
    assert sealed(GENESIS, dict(reversed(EVENTS[0].items()))) == HASHES[0]


def test_an_honest_chain_has_no_break() -> None:
    assert first_break(chained(EVENTS)) is None


@given(entries, st.data())
def test_a_changed_entry_is_found_at_its_place(
    told: list[dict[str, str | int]], data: st.DataObject
) -> None:
    chain = list(chained(told))
    place = data.draw(st.integers(0, len(chain) - 1))
    chain[place] = replace(chain[place], entry={**chain[place].entry, "changed": "yes"})
    assert first_break(chain) == place


@given(entries.filter(lambda told: len(told) > 1), st.data())
def test_an_entry_that_was_left_out_is_found(
    told: list[dict[str, str | int]], data: st.DataObject
) -> None:
    chain = list(chained(told))
    del chain[data.draw(st.integers(0, len(chain) - 2))]
    assert first_break(chain) is not None


def test_times_stand_in_utc() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert evidence_time(datetime(2026, 1, 5, 9, 0, tzinfo=shanghai)) == "2026-01-05T01:00:00Z"
    assert evidence_time(datetime(2026, 1, 5, 1, 0, tzinfo=UTC)) == "2026-01-05T01:00:00Z"


def test_a_time_without_zone_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="zone"):
        evidence_time(datetime(2026, 1, 5))  # noqa: DTZ001  # what the check is about
