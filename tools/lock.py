"""After `uv export`: prove that requirements.lock names no address, bring npm's locks in step."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.assets import node  # noqa: E402 - a script finds its package first


def main() -> int:
    """Write npm's locks; the exit code says whether all may be committed."""
    command, env = node.npm()
    words = "install --package-lock-only --ignore-scripts --loglevel=error".split()
    for folder in ("assets", "pyright"):
        subprocess.run([*command, *words], cwd=ROOT / "tools" / folder, env=env, check=True)
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    addresses = re.findall(r"https?://\S+", lock)
    for address in addresses:
        print(f"requirements.lock names an address: {address}", file=sys.stderr)
    print(f"requirements.lock: {len(re.findall(r'^[a-z0-9]', lock, re.MULTILINE))} packages")
    return 1 if addresses else 0


if __name__ == "__main__":
    raise SystemExit(main())
