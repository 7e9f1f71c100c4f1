"""`redshank verifier`: writes the offline verifier to a file, for whoever shall check a record without Redshank.

Here: copying what verifier/ builds. Not here: the checks, which are TypeScript and run in the page. Nothing in the file
names a place to load from; its own content policy forbids it.
"""

import sys
from pathlib import Path

OFFLINE = Path(__file__).resolve().parent / "offline"
PAGE, SCRIPT = OFFLINE / "verifier.html", OFFLINE / "verify.mjs"


def write_verifier(out: Path) -> int:
    """Writes the page, or for a name that ends in .mjs the Node script; the exit code: 0 written, 2 not."""
    source = SCRIPT if out.suffix == ".mjs" else PAGE
    try:
        out.write_bytes(source.read_bytes())
    except FileNotFoundError:
        wrong = (
            f"there is no folder {out.parent}" if source.is_file() else "it is not built: run tools/build_verifier.sh"
        )
        print(f"{out}: cannot be written: {wrong}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{out}: cannot be written: {error}", file=sys.stderr)
        return 2
    return 0
