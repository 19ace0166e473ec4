"""Checks a file of ledger entries that `tenor audit export` made. It needs Python alone and knows nothing of Tenor.

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
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

HEAD = (
    "at", "actor_id", "actor_name", "kind", "table_name", "record_id", "procedure", "elevation", "reason", "request_id",
)  # fmt: skip
BEHALF = ("behalf_of_id", "behalf_of_name")


class Broken(Exception):
    """Something in the file isn't what it claims to be."""


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def check(content: bytes, roots: dict[int, str], certificates: str = "") -> dict[str, Any]:
    """Checks a file.

    Args:
        content: of the file.
        roots: digests of seals by their numbers, from elsewhere.
        certificates: a file of those that time stamps must chain to; empty: who signed them isn't checked.

    Raises:
        Broken: saying what doesn't hold.
    """
    lines = content.splitlines(keepends=True)
    if len(lines) < 2:
        raise Broken("the file is cut off")
    body = b"".join(lines[:-1])
    if lines[-1] != (_text({"sha256": sha256(body).hexdigest()}) + "\n").encode():
        raise Broken("the file isn't as it was made: its last line doesn't fit what stands before")
    told: dict[str, Any] = {
        "entries": 0,
        "unsealed": 0,
        "withheld": 0,
        "seals": 0,
        "last": "",
        "stamp": 0,
        "by": "",
    }
    seals: dict[int, dict[str, Any]] = {}
    for line in lines[:-1]:
        value = json.loads(line)
        if "seal" in value and "entry" not in value:
            _seal(value["seal"], seals, roots)
            if "stamp" in value:
                told["stamp"] = len(seals)
                told["by"] = _stamp(
                    len(seals), seals[len(seals)]["digest"], value["stamp"], certificates
                )
        elif "entry" in value:
            _entry(value, seals, told)
        elif value.get("format") != "tenor-ledger-1":
            raise Broken("this isn't a file of ledger entries")
    gone = sorted(set(roots) - set(seals))
    if gone:
        raise Broken(f"seal {gone[0]} isn't there any more")
    told["seals"] = len(seals)
    told["last"] = seals[len(seals)]["digest"] if seals else ""
    return told


def _seal(value: list[Any], seals: dict[int, dict[str, Any]], roots: dict[int, str]) -> None:
    number, at, count, horizon, root, previous, digest = value
    before = seals[number - 1]["digest"] if number - 1 in seals else ""
    if number != len(seals) + 1 or previous != before:
        raise Broken(f"seal {number} doesn't follow the seal before it")
    if _hash(_text([number, at, count, horizon, root, previous])) != digest:
        raise Broken(f"seal {number} was edited")
    if roots.get(number, digest) != digest:
        raise Broken(f"seal {number} isn't the one that was handed over")
    seals[number] = {"digest": digest, "root": root, "count": count}


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
    said = {name: head[name] for name in HEAD}
    said.update({name: head[name] for name in BEHALF if head.get(name)})
    for name, (salt, pair) in entry["values"].items():
        if _hash(f"{salt}:{name}:{_text(pair)}") != hashes.get(name):
            raise Broken(f"entry {number}: the value of {name} was edited")
    if sorted(set(hashes) - set(entry["values"])) != entry["withheld"]:
        raise Broken(f"entry {number}: values are missing")
    told["entries"] += 1
    told["withheld"] += len(entry["withheld"])
    if value["seal"] is None:
        told["unsealed"] += 1
        return
    node = _hash("0:" + _hash(_text([said, hashes])))
    for side, beside in value["path"]:
        node = _hash(f"1:{beside}{node}" if side == "left" else f"1:{node}{beside}")
    if value["seal"] not in seals or node != seals[value["seal"]]["root"]:
        raise Broken(f"entry {number} isn't under seal {value['seal']}")


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
    content = Path(arguments[0]).read_bytes()
    try:
        told = check(content, roots, arguments[2] if len(arguments) > 2 else "")
    except (Broken, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stdout.write(f"NOT whole: {error}\n")
        return 1
    sys.stdout.write(
        f"Whole: {told['entries']} entries under {told['seals']} seals, {told['unsealed']} not sealed yet, "
        f"{told['withheld']} values withheld. Last seal: {told['last']}\n"
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
