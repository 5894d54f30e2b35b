"""Models out and in again; and what is no model of ours, damaged, too large or hostile, in one sentence."""

import io
import json
import pickle
import struct

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load as load_numpy

from core.smaller.blocks import chain_of
from core.smaller.dead_units import compacted
from core.smaller.model_files import MAX_MODEL_BYTES, ModelFileError, description, numbers, read_model
from tests.core.networks import KINDS, network

CHAIN = chain_of(network("small_cnn", 0.9))


DATA = numbers(CHAIN)


TEXT = description(CHAIN, 8, 1, {"lane": 1})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("small", [False, True])
def test_a_round_trip_gives_every_number_back(kind, small):
    chain = chain_of(network(kind, 0.95))
    chain = compacted(chain).chain if small else chain
    read = read_model(numbers(chain), description(chain, 8, 1, {"lane": 1}))
    assert (read.size, read.channels, read.notes) == (8, 1, {"lane": 1})
    # As an editor on Windows saves it.
    assert read_model(numbers(chain), b"\xef\xbb\xbf" + description(chain, 8, 1, {})).notes == {}
    for mine, theirs in zip(chain, read.chain, strict=True):
        assert (mine.name, mine.kind) == (theirs.name, theirs.kind)
        assert torch.equal(mine.weight, theirs.weight)
        assert torch.equal(mine.bias, theirs.bias)


def test_other_programs_read_the_numbers():
    read = load_numpy(DATA)
    assert set(read) == {f"{block.name}.{part}" for block in CHAIN for part in ("weight", "bias")}
    assert np.array_equal(read["conv1.weight"], CHAIN[0].weight.numpy())


def refused(data: bytes, text: bytes) -> str:
    with pytest.raises(ModelFileError) as error:
        read_model(data, text)
    message = str(error.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 200
    return message


def changed(**fields: object) -> bytes:
    return json.dumps(json.loads(TEXT) | fields).encode()


def with_layer(i: int, **fields: object) -> bytes:
    layers = json.loads(TEXT)["layers"]
    layers[i] |= fields
    return changed(layers=layers)


def test_a_pickle_is_not_opened():
    class Bomb:
        def __reduce__(self) -> tuple:
            return (pytest.fail, ("a pickle was opened",))

    saved = io.BytesIO()
    torch.save({"w": torch.zeros(2)}, saved)
    for data in (pickle.dumps(Bomb()), saved.getvalue()):
        assert "not a safetensors file" in refused(data, TEXT)
        refused(DATA, data)


BAD_JSON = {
    "nothing": (b"", "not JSON"),
    "no object": (b"[1]", "object"),
    "deep": (b"[" * 60_000, "not JSON"),
    "too long": (b" " * 70_000, "64 kB"),
    "not ours": (b'{"format": "other"}', "does not describe"),
    "later": (changed(version=2), "does not describe"),
    "no image": (changed(image=None), "size"),
    "bool size": (changed(image={"size": True, "channels": 1}), "size"),
    "no layers": (changed(layers=[]), "layers"),
    "many layers": (changed(layers=[{}] * 1000), "layers"),
    "odd layer": (changed(layers=[None] * 4), "name"),
    "twice": (with_layer(3, name="fc1"), "two layers"),
    "path": (with_layer(0, name="../../etc"), "name"),
    "kind": (with_layer(0, kind=["conv"]), "kind"),
    "dimensions": (with_layer(0, shape=[8, 1]), "shape"),
    "text": (with_layer(0, shape="8133"), "shape"),
    "negative": (with_layer(2, shape=[-32, 64]), "shape"),
    "huge": (with_layer(2, shape=[1_000_000, 1_000_000]), "MB"),
    "no fit": (with_layer(2, shape=[32, 63]), "fc1 does not fit"),
    "even kernel": (with_layer(0, shape=[8, 1, 2, 2]), "conv1 does not fit"),
    "other size": (changed(image={"size": 12, "channels": 1}), "fc1 does not fit"),
    "ends early": (changed(layers=json.loads(TEXT)["layers"][:2]), "linear"),
    "one less": (changed(layers=json.loads(TEXT)["layers"][:3]), "belong together"),
}


def described(size: int, *layers: tuple[str, list[int]]) -> bytes:
    listed = [{"name": f"l{i}", "kind": kind, "shape": shape} for i, (kind, shape) in enumerate(layers)]
    return changed(image={"size": size, "channels": 1}, layers=listed)


BAD_JSON |= {
    # 400 kB of weights, and 102 MB for one image.
    "wide": (
        described(16, ("conv", [100_000, 1, 1, 1]), ("conv", [1, 100_000, 1, 1]), ("linear", [10, 16])),
        "at most 64 MB for an image, got 102 MB",
    ),
    # 1.9 MB of weights.
    "many": (
        described(64, ("conv", [900, 1, 7, 7]), ("conv", [8, 900, 7, 7]), ("linear", [10, 2048])),
        "at most 50 million multiplications for an image, got 542 million",
    ),
}


@pytest.mark.parametrize("case", BAD_JSON)
def test_a_description_that_cannot_be_is_one_sentence(case):
    text, word = BAD_JSON[case]
    assert word in refused(DATA, text)


def headed(header: object, body: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def header() -> dict:
    (length,) = struct.unpack("<Q", DATA[:8])
    return json.loads(DATA[8 : 8 + length])


BODY = DATA[8 + struct.unpack("<Q", DATA[:8])[0] :]


def altered(**fields: object) -> bytes:
    return headed(header() | {"fc2.bias": header()["fc2.bias"] | fields}, BODY)


BAD_NUMBERS = {
    "nothing": (b"", "too short"),
    "text": (b"hello, this is text", "not a safetensors"),
    "long header": (struct.pack("<Q", 2**63) + DATA[8:], "not a safetensors"),
    "no header": (headed(b"{", BODY), "not JSON"),
    "list header": (headed([1], BODY), "object"),
    "cut": (DATA[:-4], "shorter or longer"),
    "longer": (DATA + b"\0" * 4, "shorter or longer"),
    "too large": (DATA + b"\0" * MAX_MODEL_BYTES, "MB"),
    "integers": (altered(dtype="I32"), "float32"),
    "other shape": (altered(shape=[5, 2]), "float32"),
    "overlap": (altered(data_offsets=[0, 40]), "damaged"),
    "beyond": (altered(data_offsets=[10**9, 10**9 + 40]), "damaged"),
    "missing": (headed({k: v for k, v in header().items() if k != "fc2.bias"}, BODY), "fc2.bias"),
    "another": (headed(header() | {"more": {}}, BODY), "more"),
    "no entry": (headed(header() | {"fc2.bias": 3}, BODY), "float32"),
    "not finite": (headed(header(), BODY[:-4] + struct.pack("<f", float("nan"))), "finite"),
}


@pytest.mark.parametrize("case", BAD_NUMBERS)
def test_numbers_that_cannot_be_are_one_sentence(case):
    data, word = BAD_NUMBERS[case]
    assert word in refused(data, TEXT)


@given(place=st.integers(0, len(DATA) - len(BODY) - 1), value=st.integers(0, 255))
def test_a_flipped_byte_in_the_head_is_refused_or_changes_no_shape(place, value):
    data = DATA[:place] + bytes([value]) + DATA[place + 1 :]
    try:
        read = read_model(data, TEXT)
    except ModelFileError:
        return
    # What may have been touched without harm: the notes, a space, or which of two equal places is whose.
    assert [block.weight.shape for block in read.chain] == [block.weight.shape for block in CHAIN]


@given(data=st.binary(max_size=400), text=st.binary(max_size=400))
def test_noise_is_refused_in_one_sentence(data, text):
    refused(data, TEXT)
    refused(DATA, text)
