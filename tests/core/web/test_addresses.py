import hashlib
import re
from importlib.util import find_spec
from pathlib import Path

from core.web.addresses import PLOTLY, modules_path

PUBLISHED = "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"
"""SHA-256 of plotly-cartesian.min.js in the package plotly.js-cartesian-dist-min 4.1.1."""


def test_plotly_is_the_published_file_of_the_version_that_checks_the_figures():
    assert hashlib.sha256(PLOTLY.read_bytes()).hexdigest() == PUBLISHED
    whole = Path(find_spec("plotly").submodule_search_locations[0]) / "package_data" / "plotly.min.js"
    version = re.search(r"plotly\.js v([\d.]+)", whole.read_text(encoding="utf-8")[:200]).group(1)
    assert PLOTLY.name == f"plotly-cartesian-{version}.min.js"


def test_other_modules_have_another_address(tmp_path):
    addresses = set()
    for name, text in (("a.js", "1"), ("a.js", "2"), ("b.js", "2")):
        folder = tmp_path / f"{name}{text}"
        folder.mkdir()
        (folder / name).write_text(text)
        addresses.add(modules_path(folder))
    assert len(addresses) == 3
