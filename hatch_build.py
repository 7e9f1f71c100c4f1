"""The wheel's build hook: makes the console's pages and the offline verifier before they are packed.

Both are built by node and ignored by git. An editable install leaves them alone: there `tools/setup.sh` builds them.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILDS = (
    (
        "console's pages",
        (Path("console"), Path("src/redshank/wording")),
        Path("src/redshank/console/pages/index.html"),
        "tools/build_console.sh",
    ),
    (
        "offline verifier",
        (Path("verifier"),),
        Path("src/redshank/cli/offline/verifier.html"),
        "tools/build_verifier.sh",
    ),
)
"""What is built, from which sources, one of the results, and by which script."""


def is_current(root: Path, sources: tuple[Path, ...], result: Path) -> bool:
    """True if the result exists and no source is newer."""
    page = root / result
    if not page.is_file():
        return False
    built = page.stat().st_mtime
    paths = (path for folder in sources for path in (root / folder).rglob("*") if "node_modules" not in path.parts)
    return all(path.stat().st_mtime <= built for path in paths if path.is_file())


class ConsolePages(BuildHookInterface[Any]):
    """Runs the scripts whose results are absent or old."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        for name, sources, result, script in BUILDS:
            if version == "editable" or is_current(root, sources, result):
                continue
            self.app.display_info(f"building the {name}")
            done = subprocess.run(["bash", script], cwd=root, check=False)
            if done.returncode:
                raise SystemExit(
                    f"The {name} could not be built (see above). Building the wheel needs Node 20 or newer "
                    f"with npm; or build from an sdist that holds {result.parent}."
                )
