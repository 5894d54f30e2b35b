"""What was computed beforehand, so that a page has something to show at once."""

from pathlib import Path

FOLDER = Path(__file__).with_name("computed")
"""One gzipped JSON file per experiment, written by `python -m benchmarks.examples`.

Beside them stand answers of the worker, and a folder for each run whose weights are kept, each written by
the page's own script in `benchmarks`.
"""
