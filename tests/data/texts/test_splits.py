"""Both splits on arrays written by hand and against a slow obvious version."""

import numpy as np
import pytest

from data.texts.splits import split_contiguous, split_interleaved
from foundation.errors import InputError


def slow_interleaved(text, streams, piece_length):
    """char-rnn's split in plain Python: a list of pieces for each stream."""
    columns = len(text) // (streams * piece_length)
    length = columns * piece_length
    train = int(0.8 * columns)
    validation = int(0.1 * columns)
    parts = ([], [], [])
    for stream in range(streams):
        row = text[stream * length : (stream + 1) * length]
        pieces = [row[i : i + piece_length] for i in range(0, length, piece_length)]
        cut = pieces[:train], pieces[train : train + validation], pieces[train + validation :]
        for part, chosen in zip(parts, cut, strict=True):
            part.append([code for piece in chosen for code in piece])
    return parts


def test_contiguous_by_hand():
    train, validation, test = split_contiguous(np.arange(41))
    assert train.tolist() == [list(range(36))]
    assert validation.tolist() == [[36, 37]]
    assert test.tolist() == [[38, 39, 40]]  # the odd rest


def test_contiguous_cuts_tiny_shakespeare_as_nanogpt_does():
    train, validation, test = split_contiguous(np.zeros(1_115_394, np.uint8))
    assert train.size == 1_003_854
    assert validation.size + test.size == 111_540


def test_interleaved_by_hand():
    # 2 streams, pieces of 2: 10 columns, and one code that does not fill a column
    train, validation, test = split_interleaved(np.arange(41), 2, 2)
    assert train.tolist() == [list(range(16)), list(range(20, 36))]
    assert validation.tolist() == [[16, 17], [36, 37]]
    assert test.tolist() == [[18, 19], [38, 39]]


@pytest.mark.parametrize("count", [60, 61, 119, 120, 500, 1234])
@pytest.mark.parametrize("streams, piece_length", [(1, 2), (2, 3), (3, 2)])
def test_interleaved_against_the_slow_version(count, streams, piece_length):
    codes = np.random.Generator(np.random.PCG64(count)).integers(0, 9, count, dtype=np.uint8)
    fast = split_interleaved(codes, streams, piece_length)
    slow = slow_interleaved(codes.tolist(), streams, piece_length)
    assert [part.tolist() for part in fast] == list(slow)
    assert all(np.shares_memory(part, codes) for part in fast)


@pytest.mark.parametrize("count", [0, 1, 2, 10, 30])
def test_contiguous_refuses_a_text_that_is_too_short(count):
    with pytest.raises(InputError, match=rf"a text of {count} characters; at least 31 characters"):
        split_contiguous(np.zeros(count, np.uint8))
    assert min(part.size for part in split_contiguous(np.zeros(31))) == 2


def test_interleaved_refuses_a_text_that_is_too_short():
    with pytest.raises(InputError, match=r"at least 60 for an interleaved split.*--split cont"):
        split_interleaved(np.zeros(59), 3, 2)
    shapes = [part.shape for part in split_interleaved(np.zeros(60), 3, 2)]
    assert shapes == [(3, 16), (3, 2), (3, 2)]


@pytest.mark.parametrize("streams, piece_length", [(0, 100), (-1, 100), (100, 1), (100, 0)])
def test_interleaved_refuses_numbers_that_make_no_table(streams, piece_length):
    with pytest.raises(InputError, match="at least 1 stream and pieces of at least 2"):
        split_interleaved(np.zeros(1000), streams, piece_length)
