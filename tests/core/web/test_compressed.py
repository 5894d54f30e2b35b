import gzip

import brotli
import pytest

from core.web.compressed import Body, Compressor, accepted
from tests.browser.serving import wait_until

TEXT = b"".join(b"export const n%d = %d;\n" % (n, n * n) for n in range(2000))


@pytest.fixture
def compressor(tmp_path):
    made = Compressor(tmp_path / "kept")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("zstd, deflate", "identity"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000, gzip;q=0", "identity"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br ; q=1 , gzip", "br"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *;q=0.3", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip;q=soon", "identity"),
    ],
)
def test_what_a_browser_likes_best_is_sent_and_never_what_it_rules_out(header, coding):
    assert accepted(header) == coding


def test_each_form_unpacks_to_the_body(compressor):
    body = Body(TEXT)
    assert compressor.of(body, "identity") == TEXT
    assert gzip.decompress(compressor.of(body, "gzip")) == TEXT
    assert brotli.decompress(compressor.of(body, "br")) == TEXT


def test_two_who_ask_get_the_same_object(compressor):
    first = compressor.of(Body(TEXT), "gzip")
    assert compressor.of(Body(TEXT), "gzip") is first


def test_the_smallest_form_follows_and_is_kept_for_the_next_start(compressor, tmp_path, monkeypatch):
    body = Body(TEXT)
    quick = compressor.of(body, "br")
    smallest = wait_until(lambda: next((tmp_path / "kept").glob("*.br"), None)).read_bytes()
    assert len(smallest) < len(quick)
    assert compressor.of(body, "br") == smallest
    monkeypatch.setattr(brotli, "compress", None)
    assert Compressor(tmp_path / "kept").of(body, "br") == smallest


def test_a_kept_file_that_is_not_whole_is_made_again(compressor, tmp_path):
    body = Body(TEXT)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / f"{body.digest}.br").write_bytes(brotli.compress(TEXT)[:-9])
    assert brotli.decompress(compressor.of(body, "br")) == TEXT


def test_where_nothing_can_be_kept_it_works_all_the_same(tmp_path):
    (tmp_path / "file").touch()
    compressor = Compressor(tmp_path / "file")
    assert brotli.decompress(compressor.of(Body(TEXT), "br")) == TEXT
    compressor.close()
