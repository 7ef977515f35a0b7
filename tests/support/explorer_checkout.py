"""A checkout with an explorer of one page, and stand-ins for Node and npm that build it."""

from pathlib import Path

import pytest

NODE = """#!/bin/sh
if [ "$1" = --version ]; then echo "$NODE_VERSION"; exit 0; fi
echo bundle >> "$STEPS"
if [ -n "$BUNDLE_FAILS" ]; then echo "Error: no such module"; exit 1; fi
while [ "$1" != --out ]; do shift; done
sleep "${BUNDLE_SECONDS:-0}"
mkdir -p "$2/chunks"
echo "<title>Stockgraph explorer</title>" > "$2/index.html"
echo "export {}" > "$2/explorer.js"
echo "compressed" > "$2/explorer.js.br"
echo "zipped" > "$2/explorer.js.gz"
echo "body{}" > "$2/chunks/a.css"
"""
NPM = """#!/bin/sh
echo "npm $*" >> "$STEPS"
mkdir -p node_modules
if [ -n "$NPM_FAILS" ]; then
  echo "npm http fetch"
  echo "npm error code ENOTFOUND at https://user:secret@registry.test/react"
  exit 1
fi
"""


class Checkout:
    """The folder, and what Node and npm were asked to do in it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self._steps = root / "steps"
        ui = root / "ui"
        for folder in (ui / "src", ui / "examples", root / "bin", root / "requirements"):
            folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", "build.mjs", "src/explorer.jsx"):
            (ui / name).write_text("{}")
        for name, text in (("node", NODE), ("npm", NPM)):
            (root / "bin" / name).write_text(text)
            (root / "bin" / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{root / 'bin'}:/usr/bin:/bin")
        monkeypatch.setenv("STEPS", str(self._steps))
        monkeypatch.setenv("NODE_VERSION", "v20.1.0")

    def steps(self) -> list[str]:
        """The programs that ran, in order."""
        return self._steps.read_text().splitlines() if self._steps.exists() else []

    def builds(self) -> list[str]:
        """What lies under ui/dist, without the lock file."""
        names = (path.name for path in (self.root / "ui" / "dist").iterdir())
        return sorted(name for name in names if name != ".lock")
