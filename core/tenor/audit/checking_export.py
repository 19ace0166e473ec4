"""Checks a file of ledger entries and rows of journals that `tenor audit export` made. It needs Python alone and knows
nothing of Tenor.

    python check_ledger.py FILE [ROOTS [CERTIFICATES]]

ROOTS is a file of "number digest" lines, as the institution published or handed them over earlier: with it, it is also
proved that the seals are those of that day. Time stamps of an authority (RFC 3161) are read: a seal that has one, and
all before it, existed by then. Who signed them is checked with CERTIFICATES, the authority's roots in PEM form, which
needs `openssl`; ROOTS may be /dev/null. Exit status 0: all holds; 1: something doesn't, and it is named.
"""

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

HEAD = (
    "at", "actor_id", "actor_name", "kind", "table_name", "record_id", "procedure", "elevation", "reason", "request_id",
)  # fmt: skip
#: in whose place, and what stands there where it was nobody's
BEHALF = {"behalf_of_id": None, "behalf_of_name": ""}
GONE = "erased-sha256"
FORMATS = ("tenor-ledger-1", "tenor-ledger-2")
ENTRY = {"id", "head", "hashes", "values", "withheld"}
ROW = {"table", "id", "hashes", "values", "withheld"}


class Broken(Exception):
    """Something in the file isn't what it claims to be."""


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def check(lines: Iterable[bytes], roots: dict[int, str], certificates: str = "") -> dict[str, Any]:
    """Checks a file.

    Args:
        lines: of the file, each with its end; one is held at a time.
        roots: digests of seals by their numbers, from elsewhere.
        certificates: a file of those that time stamps must chain to; empty: who signed them isn't checked.

    Raises:
        Broken: saying what doesn't hold.
    """
    told: dict[str, Any] = {
        "entries": 0,
        "rows": 0,
        "unsealed": 0,
        "withheld": 0,
        "seals": 0,
        "last": "",
        "roots": max(roots, default=0),  # up to which seal it is proved from outside
        "stamp": 0,
        "by": "",
    }
    for _value in checked(lines, roots, told, certificates):
        pass
    return told


def checked(
    lines: Iterable[bytes], roots: dict[int, str], told: dict[str, Any], certificates: str = ""
) -> Iterator[dict[str, Any]]:
    """What the lines of a file say, each after it was checked. Nothing is proved before the last one has come.

    Args:
        told: figures, which are counted up.
        certificates: as for ``check``.
    """
    seals: dict[int, dict[str, Any]] = {}
    for number, line in enumerate(_body(lines)):
        value = json.loads(line)
        if number == 0:
            _only(value, {"format", "made_at"}, "the first line")
            if value["format"] not in FORMATS:
                raise Broken("this isn't a file of ledger entries")
        elif "entry" in value:
            _entry(value, seals, told)
        elif "row" in value:
            _row(value, seals, told)
        else:
            _only(value, {"seal"}, "a seal", {"stamp"})
            _seal(value["seal"], seals, roots)
            if "stamp" in value:
                told["stamp"], digest = len(seals), seals[len(seals)]["digest"]
                told["by"] = _stamp(len(seals), digest, value["stamp"], certificates)
                seals[len(seals)]["stamp"] = f"{len(seals)}:{_hash(value['stamp'])}"
        yield value
    gone = sorted(set(roots) - set(seals))
    if gone:
        raise Broken(f"seal {gone[0]} isn't there any more")
    told["seals"] = len(seals)
    told["last"] = seals[len(seals)]["digest"] if seals else ""


def _only(value: Any, keys: set[str], name: str, more: Collection[str] = ()) -> None:
    """What stands beside what is checked is refused: nothing proves it."""
    if not keys <= set(value) <= keys.union(more):
        raise Broken(f"{name} holds something else than it must")


def _body(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines but the last, which must fit them."""
    whole, before = sha256(), b""
    for line in lines:
        if before:
            whole.update(before)
            yield before
        before = line
    if before != (_text({"sha256": whole.hexdigest()}) + "\n").encode():
        raise Broken("the file isn't as it was made: its last line doesn't fit what stands before")


def _seal(value: list[Any], seals: dict[int, dict[str, Any]], roots: dict[int, str]) -> None:
    *said, digest = value
    number, _at, count, _horizon, root, previous = said[:6]
    form = said[6] if said[6:] else 1
    before = seals[number - 1]["digest"] if number - 1 in seals else ""
    if number != len(seals) + 1 or previous != before:
        raise Broken(f"seal {number} doesn't follow the seal before it")
    stamp = said[7] if said[7:] else ""
    if len(said) not in (6, 8) or _hash(_text(said)) != digest:
        raise Broken(f"seal {number} was edited")
    if roots.get(number, digest) != digest:
        raise Broken(f"seal {number} isn't the one that was handed over")
    if stamp and seals.get(int(stamp.partition(":")[0]), {}).get("stamp") != stamp:
        raise Broken(f"seal {number} says another time stamp than is there")
    seals[number] = {"digest": digest, "root": root, "count": count, "form": form}


def _stamp(number: int, digest: str, stamp: str, certificates: str) -> str:
    """Until when the seal existed, by its time stamp."""
    answer = b64decode(stamp, validate=True)
    try:
        # TimeStampResp: status, then the token: signed data, in it the content, in it the octets of TSTInfo
        signed = _parts(_parts(_parts(_parts(answer)[0])[1])[1])[0]
        told = _parts(_parts(_parts(_parts(_parts(signed)[2])[1])[0])[0])
        imprint, at = _parts(told[2])[1], told[4].decode().partition(".")[0].rstrip("Z")
        when = datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except (IndexError, ValueError):
        raise Broken(f"the time stamp of seal {number} can't be read") from None
    if imprint.hex() != digest:
        raise Broken(f"the time stamp of seal {number} is of something else")
    if certificates:
        command = [
            "openssl",
            "ts",
            "-verify",
            "-digest",
            digest,
            "-in",
            "/dev/stdin",
            "-CAfile",
            certificates,
        ]
        command += ["-attime", str(int(when.timestamp()))]
        done = subprocess.run(command, input=answer, capture_output=True, check=False)
        if done.returncode:
            raise Broken(f"the time stamp of seal {number} isn't signed by whom it must be")
    return when.isoformat()


def _parts(content: bytes) -> list[bytes]:
    """What stands in a value of DER, one after the other, each without its head."""
    found = []
    while content:
        size, start = content[1], 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(content[2:start], "big")
        found.append(content[start : start + size])
        content = content[start + size :]
    return found


def _entry(value: dict[str, Any], seals: dict[int, dict[str, Any]], told: dict[str, Any]) -> None:
    entry = value["entry"]
    head, hashes, number = entry["head"], entry["hashes"], entry["id"]
    name = f"entry {number}"
    _only(value, {"entry", "seal"}, name, {"place", "path"})
    _only(entry, ENTRY, name)
    _only(head, set(HEAD), name, BEHALF)
    said = {each: head[each] for each in HEAD}
    behalf = {each: head.get(each, nobody) for each, nobody in BEHALF.items()}
    said.update({each: who for each, who in behalf.items() if who != BEHALF[each]})
    told["entries"] += 1
    leaf = _text([said, hashes])
    if (
        seals.get(value["seal"], {"form": 1})["form"] > 1
    ):  # seals of the first form say nothing of numbers
        leaf = _text([number, _hash(leaf)])
    _proved(value, name, entry, leaf, seals, told)


def _row(value: dict[str, Any], seals: dict[int, dict[str, Any]], told: dict[str, Any]) -> None:
    row = value["row"]
    name = f"{row['table']} {row['id']}"
    _only(value, {"row", "seal"}, name, {"place", "path"})
    _only(row, ROW, name)
    told["rows"] += 1
    leaf = _text([row["table"], row["id"], row["hashes"]])
    _proved(value, name, row, leaf, seals, told)


def _proved(
    value: dict[str, Any],
    name: str,
    item: dict[str, Any],
    leaf: str,
    seals: dict[int, dict[str, Any]],
    told: dict[str, Any],
) -> None:
    """Values against their hashes, and these on their way to the root of the seal."""
    hashes = item["hashes"]
    for field, (salt, pair) in item["values"].items():
        if not isinstance(pair, list) or len(pair) != 2:
            raise Broken(f"{name}: {field} has no value before and after")
        if _field_hash(salt, field, pair, told) != hashes.get(field):
            raise Broken(f"{name}: the value of {field} was edited")
    if sorted(set(hashes) - set(item["values"])) != item["withheld"]:
        raise Broken(f"{name}: values are missing")
    told["withheld"] += len(item["withheld"])
    if value["seal"] is None:
        told["unsealed"] += 1
        return
    seal = seals.get(value["seal"])
    if seal is None or _root(leaf, value["place"], value["path"], seal["count"]) != seal["root"]:
        raise Broken(f"{name} isn't under seal {value['seal']}")


def _root(leaf: str, place: int, path: list[list[str]], count: int) -> str:
    """Where a leaf at a place among so many leads to, by its neighbours on the way up, lowest first."""
    node, steps = _hash("0:" + _hash(leaf)), list(path)
    while count > 1:
        beside = place ^ 1
        if beside < count:  # a last one without a neighbour goes up alone
            side, other = steps.pop(0) if steps else ("", "")
            if side != ("left" if beside < place else "right"):
                return ""
            node = _hash(f"1:{other}{node}" if side == "left" else f"1:{node}{other}")
        place, count = place // 2, (count + 1) // 2
    return node if not steps and place == 0 else ""


def _field_hash(salt: Any, field: str, pair: Any, told: dict[str, Any]) -> str:
    if not isinstance(salt, dict):
        return _hash(f"{salt}:{field}:{_text(pair)}")
    # of what stood in many rows each value has a salt of its own
    places = enumerate(zip(salt["each"], pair[0], strict=True))
    stood = [_stood(each, f"{field}:{place}", value, told) for place, (each, value) in places]
    hashes = [stood, pair[1]]
    # of the newer form an object, which no value is hashed as
    return _hash(f"{salt['own']}:{field}:{_text({'list': hashes} if 'form' in salt else hashes)}")


def _stood(salt: str, name: str, value: Any, told: dict[str, Any]) -> str:
    """The hash of what stood in one row; of what was erased there, only that is left."""
    if isinstance(value, dict) and set(value) == {GONE}:
        told["withheld"] += 1
        return str(value[GONE])
    return _hash(f"{salt}:{name}:{_text(value)}")


def main(arguments: list[str]) -> int:
    """Checks the file that is named."""
    if not arguments:
        sys.stdout.write(__doc__ or "")
        return 2
    roots = {}
    if len(arguments) > 1:
        given = Path(arguments[1]).read_text("utf-8").splitlines()
        pairs = [line.split()[:2] for line in given if line.strip()]
        roots = {int(number): digest for number, digest in pairs}
    try:
        with Path(arguments[0]).open("rb") as file:
            told = check(file, roots, arguments[2] if len(arguments) > 2 else "")
    except (Broken, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        sys.stdout.write(f"NOT whole: {error}\n")
        return 1
    sys.stdout.write(
        f"Whole: {told['entries']} entries and {told['rows']} rows of journals under {told['seals']} seals, "
        f"{told['unsealed']} not sealed yet, {told['withheld']} values withheld. Last seal: {told['last']}\n"
    )
    if told["roots"]:
        sys.stdout.write(
            f"Up to seal {told['roots']} the seals are those that were handed over; nothing else proves later ones.\n"
        )
    if told["stamp"]:
        signed = (
            "signed as it must be"
            if len(arguments) > 2
            else "who signed the time stamp wasn't checked"
        )
        sys.stdout.write(f"Up to seal {told['stamp']} all existed by {told['by']}; {signed}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
