"""The page checks a voice form as the node does: the TypeScript is held against the same vectors."""

import shutil
import subprocess
from pathlib import Path

import pytest

CONSOLE = Path(__file__).resolve().parents[2] / "console"

needs_packages = pytest.mark.skipif(
    shutil.which("node") is None or not (CONSOLE / "node_modules" / "esbuild").exists(),
    reason="needs Node and the console's packages: tools/build_console.sh",
)


@needs_packages
def test_voice_6_the_page_checks_as_the_node_does() -> None:
    """VOICE-5, VOICE-6: every form, every slip of the vectors, every swap, and wrong symbols at every place."""
    done = subprocess.run(
        ["node", "check_voice.mjs"], cwd=CONSOLE, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 failed" in done.stdout
