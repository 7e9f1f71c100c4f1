"""Takes the ASTERIX specifications that a node reads from libasterix anew: src/redshank/decode/specs.msgpack.

Run after a new libasterix: python tools/take_specs.py
"""

from pathlib import Path

import msgspec

from redshank.decode.source import CATEGORIES
from redshank.decode.specs import specs_of

TARGET = Path(__file__).resolve().parents[1] / "src" / "redshank" / "decode" / "specs.msgpack"

if __name__ == "__main__":
    TARGET.write_bytes(msgspec.msgpack.encode({category: specs_of(category) for category in CATEGORIES}))
