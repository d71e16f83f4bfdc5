"""Every character is a target once an epoch, and each stream goes on where it stopped."""

import itertools

import numpy as np
import pytest

from lstm_text.streams import Streams, random_windows

# segments, length of a segment, streams, sequence_length: with and without a remainder, more
# streams than there is text for, one stream, text that ends inside, at and before a step's end.
CASES = [(1, 11, 2, 5), (1, 11, 3, 4), (1, 10, 4, 3), (1, 2, 5, 4), (1, 40, 1, 7)]
CASES += [(1, 11, 6, 1), (1, 11, 100, 8), (4, 6, 3, 4), (3, 2, 2, 2), (5, 21, 4, 5)]


def numbered(segments: int, length: int, dtype=np.uint16) -> np.ndarray:
    """Text in which a character's code is its place: 0, 1, 2, ... through all segments."""
    return np.arange(segments * length, dtype=dtype).reshape(segments, length)


def test_a_text_by_hand():
    """Ten characters are nine pairs: three streams of three, in steps of two."""
    inputs, targets, weights = Streams(numbered(1, 10), 3, 2).block(0, 0, 2)
    assert inputs.tolist() == [[[0, 1], [3, 4], [6, 7]], [[2, 3], [5, 6], [8, 0]]]
    assert targets.tolist() == [[[1, 2], [4, 5], [7, 8]], [[3, 4], [6, 7], [9, 1]]]
    assert weights.tolist() == [[[1, 1], [1, 1], [1, 1]], [[1, 0], [1, 0], [1, 0]]]


@pytest.mark.parametrize("seed", [None, 0, 5])
@pytest.mark.parametrize("case", CASES)
def test_every_character_is_a_target_once_and_rows_go_on_where_they_stopped(case, seed):
    segments, length, rows, sequence_length = case
    streams = Streams(numbered(segments, length), rows, sequence_length, seed)
    for epoch in range(2):
        whole = inputs, targets, weights = streams.block(epoch, 0, streams.steps)
        assert {each.shape for each in whole} == {(streams.steps, streams.streams, sequence_length)}
        assert [each.dtype for each in whole] == [np.int32, np.int32, np.float32]
        assert streams.streams <= rows and set(np.unique(weights)) <= {0.0, 1.0}
        counts = weights > 0
        assert np.array_equal(targets[counts], inputs[counts] + 1)
        expected = [code for code in range(segments * length) if code % length]
        assert sorted(targets[counts].tolist()) == expected
        assert all(counts[step].any() for step in range(streams.steps))  # no mean of nothing
        order = [np.concatenate(each.transpose(1, 0, 2)) for each in (inputs, counts)]
        codes, there = (each.reshape(streams.streams, -1) for each in order)
        assert (there[:, :-1] >= there[:, 1:]).all()  # filled at its end only
        pairs = (codes - codes // length)[there]  # numbers on the ring, row after row
        assert np.all(np.diff(pairs) % streams.pairs == 1 % streams.pairs)
        for first, last in itertools.combinations(range(streams.steps + 1), 2):
            for part, all_steps in zip(streams.block(epoch, first, last), whole, strict=True):
                assert np.array_equal(part, all_steps[first:last])


def test_the_borders_fall_elsewhere_each_epoch_and_for_each_seed():
    text = numbered(1, 5000)
    offsets = [[Streams(text, 4, 8, seed).offset(epoch) for epoch in range(5)] for seed in (0, 1)]
    assert len({offset for row in offsets for offset in row}) == 10
    assert all(0 <= offset < 4999 for row in offsets for offset in row)
    assert [Streams(text, 9, 3, 1).offset(epoch) for epoch in range(5)] == offsets[1]
    assert {Streams(text, 4, 8).offset(epoch) for epoch in range(5)} == {0}
    first, _, _ = Streams(text, 4, 8, 0).block(0, 0, 1)
    assert first[0, 0, 0] == offsets[0][0]
    few = Streams(numbered(2, 4), 2, 2, seed=0)
    assert {few.offset(epoch) for epoch in range(200)} == set(range(6))


def test_windows_lie_inside_one_segment_and_everywhere_in_it():
    inputs, targets = random_windows(numbered(3, 9), count=500, length=4, seed=0)
    assert inputs.shape == targets.shape == (500, 4)
    assert inputs.dtype == targets.dtype == np.int32
    assert np.array_equal(inputs, inputs[:, :1] + np.arange(4))
    assert np.array_equal(targets, inputs + 1)
    assert np.array_equal(inputs[:, 0] // 9, targets[:, -1] // 9)
    starts = {segment * 9 + start for segment in range(3) for start in range(5)}
    assert set(inputs[:, 0].tolist()) == starts
    again, other = (random_windows(numbered(3, 9), 500, 4, seed)[0] for seed in (0, 1))
    assert np.array_equal(inputs, again) and not np.array_equal(inputs, other)


def test_windows_as_long_as_the_text_and_longer():
    inputs, targets = random_windows(numbered(1, 5), count=3, length=4, seed=0)
    assert inputs.tolist() == [[0, 1, 2, 3]] * 3 and targets.tolist() == [[1, 2, 3, 4]] * 3
    with pytest.raises(ValueError, match="segments of 5 characters; at least 6"):
        random_windows(numbered(2, 5), count=3, length=5, seed=0)
