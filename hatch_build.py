"""The wheel's build hook: makes the console's pages before they are packed.

The pages are built by node and ignored by git. An editable install leaves them alone: there `tools/setup.sh`
builds them.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = Path("src/redshank/console/pages/index.html")
SOURCES = Path("console")
SCRIPT = Path("tools/build_console.sh")


def pages_are_current(root: Path) -> bool:
    """True if the pages exist and no console source is newer."""
    page = root / PAGES
    if not page.is_file():
        return False
    built = page.stat().st_mtime
    sources = (path for path in (root / SOURCES).rglob("*") if "node_modules" not in path.parts)
    return all(path.stat().st_mtime <= built for path in sources if path.is_file())


class ConsolePages(BuildHookInterface[Any]):
    """Runs tools/build_console.sh where the pages are absent or old."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable" or pages_are_current(root):
            return
        self.app.display_info("building the console's pages")
        done = subprocess.run(["bash", str(SCRIPT)], cwd=root, check=False)
        if done.returncode:
            raise SystemExit(
                "The console's pages could not be built (see above). Building the wheel needs Node 20 or "
                "newer with npm; or build from an sdist that holds src/redshank/console/pages."
            )
