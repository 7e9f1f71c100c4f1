"""The numbers that paths are drawn from lie in a file: they are those of the method, to the last bit."""

import subprocess
import sys

from redshank.compose.build import read_numbers
from redshank.forecast.motion import SLOW_FLIER, draw_paths, sobol_numbers


def test_the_file_holds_what_the_method_draws():
    kept, drawn = read_numbers(), sobol_numbers()
    assert kept.uniforms.tobytes() == drawn.uniforms.tobytes()
    assert kept.normals.tobytes() == drawn.normals.tobytes()


def test_paths_from_the_file_are_those_from_its_uniform_numbers():
    kept = read_numbers()
    ours, same = draw_paths(SLOW_FLIER, kept), draw_paths(SLOW_FLIER, kept.uniforms)
    assert ours.shape.tobytes() == same.shape.tobytes()
    assert ours.normals.tobytes() == same.normals.tobytes()


def test_a_node_that_starts_loads_nothing_that_it_may_never_need():
    """scipy alone costs 40 MB; the libraries of paper, tokens and witnesses wait until one is used."""
    program = (
        "import sys, redshank.compose.serve, redshank.compose.build as build;"
        "from redshank.forecast.forecast import draw_banks;"
        "draw_banks(build.read_numbers());"
        "print(sorted({'scipy', 'fastapi', 'aiohttp', 'reportlab', 'pkcs11'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
