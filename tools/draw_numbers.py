"""Draws the quasi-random numbers of the forecast anew: src/redshank/forecast/numbers.npz.

They are the same whenever they are drawn (a test compares); the file spares a node scipy and half a second.

Run: python tools/draw_numbers.py
"""

from pathlib import Path

import numpy as np

from redshank.forecast.motion import sobol_numbers

TARGET = Path(__file__).resolve().parents[1] / "src" / "redshank" / "forecast" / "numbers.npz"

if __name__ == "__main__":
    numbers = sobol_numbers()
    np.savez(TARGET, uniforms=numbers.uniforms, normals=numbers.normals)
