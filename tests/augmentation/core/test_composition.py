"""Choices for each image apart: exact probabilities, and the bytes of a slow loop over images."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Batch, Size
from augmentation.core.composition import OneOf, Sequence, apply_step, describe_step, draw_step
from augmentation.core.fields import FieldError
from augmentation.core.randomness import Draws, image_keys
from tests.augmentation.toys import Add, Double, Grow, Mirror, Python, Slow, WidthAdded

SIZE = Size(4, 5, 1)
IMAGES = np.random.default_rng(0).integers(0, 256, (40, 4, 5, 1), dtype=np.uint8)
BATCH = Batch(tf.constant(IMAGES))
MANY = 10_000
NESTED = Sequence(
    [
        Add(amount=3, spread=9, probability=0.5),
        OneOf(
            [
                Double(),
                Sequence([Mirror(), Add(amount=7)], probability=0.6),
                Slow(amount=40, spread=3),
                OneOf([Add(amount=50), Double(), Mirror()], probability=0.9),
            ],
            weights=(1, 2, 1, 2),
            probability=0.8,
        ),
        OneOf([Add(amount=11, probability=0.5), Mirror(), Double(), Slow()]),
    ]
)


def draw(step, count=MANY, size=SIZE, seed=0):
    return draw_step(step, Draws(image_keys(seed, 0, tf.range(count, dtype=tf.int64))), size)


def by_hand(image, entries):
    """What the entries of `describe` do to one image, (height, width, channels)."""
    for entry in entries:
        if entry["transform"] in ("_add", "_slow"):
            image = image + np.uint8(entry["added"])
        elif entry["transform"] == "_double":
            image = image * np.uint8(2)
        else:
            image = image[:, ::-1]
    return image


def test_a_sequence_with_a_probability_is_applied_whole_or_not_at_all():
    step = Sequence([Add(amount=1), Add(amount=2)], probability=0.5)
    zeros = tf.zeros((MANY, 1, 1, 1), tf.uint8)
    values, counts = np.unique(
        apply_step(step, Batch(zeros), draw(step)).images, return_counts=True
    )
    assert list(values) == [0, 3]
    assert scipy.stats.chisquare(counts).pvalue > 1e-4


def test_one_of_draws_in_proportion_to_the_weights():
    step = OneOf([Add(amount=10), Add(amount=20), Add(amount=30)], weights=(1, 0, 3))
    zeros = tf.zeros((MANY, 1, 1, 1), tf.uint8)
    after = apply_step(step, Batch(zeros), draw(step)).images.numpy()
    values, counts = np.unique(after, return_counts=True)
    assert list(values) == [10, 30]
    assert scipy.stats.chisquare(counts, [MANY / 4, MANY * 3 / 4]).pvalue > 1e-4
    even = OneOf([Add(amount=10), Add(amount=20), Add(amount=30)])
    assert scipy.stats.chisquare(np.sum(draw(even)["chosen"], axis=0)).pvalue > 1e-4


def test_only_the_images_that_drew_a_step_go_through_it():
    for step in (Slow(probability=0.3), OneOf([Slow(), Add(), Add()])):
        Slow.seen.clear()
        apply_step(step, Batch(tf.zeros((300, 1, 1, 1), tf.uint8)), draw(step, 300))
        assert 60 < sum(Slow.seen) < 140


@pytest.mark.parametrize("count", [0, 1, 40])
def test_nested_choices_give_the_bytes_of_a_loop_over_images(count):
    drawn = draw(NESTED, count)
    batch = Batch(tf.constant(IMAGES[:count]))
    expected = [
        by_hand(image, describe_step(NESTED, drawn, i)) for i, image in enumerate(IMAGES[:count])
    ]
    expected = np.array(expected, np.uint8).reshape((count, 4, 5, 1))
    np.testing.assert_array_equal(apply_step(NESTED, batch, drawn).images, expected)


def test_bytes_do_not_depend_on_compilation_or_on_what_is_known_of_the_shape():
    adding = Sequence([Add(amount=3, spread=9, probability=0.5)])
    step = OneOf([adding, Mirror(), OneOf([Add(amount=9), Double()])])

    def run(images, indices):
        drawn = draw_step(step, Draws(image_keys(3, 1, indices)), SIZE)
        return apply_step(step, Batch(images), drawn).images

    indices = np.arange(40)
    expected = run(tf.constant(IMAGES), tf.constant(indices))
    assert len(np.unique(np.asarray(expected) - IMAGES)) > 5
    for count, height, width in ((40, 4, 5), (None, 4, 5), (None, None, None)):
        signature = [
            tf.TensorSpec([count, height, width, 1], tf.uint8),
            tf.TensorSpec([count], tf.int64),
        ]
        graph = tf.function(run, input_signature=signature, autograph=False)
        np.testing.assert_array_equal(graph(IMAGES, indices), expected)
        if count is None:
            for size in (0, 1, 3, 16, 19):
                np.testing.assert_array_equal(graph(IMAGES[:size], indices[:size]), expected[:size])
            backwards = graph(IMAGES[::-1], indices[::-1])
            np.testing.assert_array_equal(backwards[::-1], expected)


def test_a_step_is_compiled_where_the_graph_knows_the_size_and_only_there():
    step = Sequence([Python(), Add()])  # XLA refuses it, so the refusal shows where XLA is at work
    eager = apply_step(step, BATCH, draw(step, 40)).images

    def run(images):
        return apply_step(step, Batch(images), draw(step, 40)).images

    for shape, compiled in (([None, None, None, 1], False), ([40, 4, 5, 1], True)):
        signature = [tf.TensorSpec(shape, tf.uint8)]
        graph = tf.function(run, input_signature=signature, autograph=False)
        if compiled:
            with pytest.raises(tf.errors.InvalidArgumentError, match="compil"):
                graph(BATCH.images)
        else:
            np.testing.assert_array_equal(graph(BATCH.images), eager)


def test_targets_go_with_their_image():
    step = OneOf([Mirror(), Add(), OneOf([Mirror(), Add()], probability=0.7)])
    masks = np.arange(40 * 20).reshape((40, 4, 5)).astype(np.int32)
    boxes = np.tile(np.array([[[1, 0, 2, 4]]], np.float32), (40, 1, 1))
    batch = Batch(IMAGES, np.arange(40), masks, boxes, np.zeros((40, 1), np.int32))
    batch = batch.map(tf.constant)
    drawn = draw(step, 40)

    @tf.function(autograph=False)
    def graph(batch):
        return apply_step(step, batch, drawn)

    for after in (apply_step(step, batch, drawn), graph(batch)):
        mirrored = 0
        for i in range(40):
            names = [entry["transform"] for entry in describe_step(step, drawn, i)]
            if "_mirror" in names:
                mirrored += 1
                np.testing.assert_array_equal(after.masks[i], masks[i, :, ::-1])
                np.testing.assert_array_equal(after.boxes[i], [[3, 0, 4, 4]])
            else:
                np.testing.assert_array_equal(after.masks[i], masks[i])
                np.testing.assert_array_equal(after.boxes[i], boxes[i])
        assert 10 < mirrored < 35
        np.testing.assert_array_equal(after.labels, np.arange(40))
        assert after.masks.dtype == tf.int32


def test_no_step_moves_the_numbers_of_another():
    one = draw(Sequence([Add(spread=100), Add(spread=100)]), 50)
    two = draw(Sequence([OneOf([Add(spread=9), Double()]), Add(spread=100)]), 50)
    np.testing.assert_array_equal(one["1"]["added"], two["1"]["added"])
    assert not np.array_equal(one["0"]["added"], one["1"]["added"])
    rarer = draw(Sequence([Add(spread=100, probability=0.5), Add(spread=100)]), 50)
    np.testing.assert_array_equal(one["0"]["added"], rarer["0"]["added"])
    both = [draw(OneOf(steps), 50) for steps in ([Add(spread=100), Double()], [Add(spread=100)])]
    np.testing.assert_array_equal(both[0]["0"]["added"], both[1]["0"]["added"])


def test_later_steps_draw_with_the_size_that_earlier_ones_leave():
    step = Sequence([Grow(), Sequence([Grow(), WidthAdded()]), WidthAdded()])
    assert step.changes_size and step.size_after(SIZE) == Size(8, 9, 1)
    after = apply_step(step, BATCH, draw(step, 40)).images
    assert after.shape == (40, 8, 9, 1)
    assert np.all(after[:, 0] == 18)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: OneOf([Add()], weights=(1, 2)), "weights [1, 2]; 1 numbers from 0"),
        (lambda: OneOf([Add(), Add()], weights=(float("nan"), 2)), "weights [nan, 2]"),
        (lambda: OneOf([Add(), Add()], weights=(True, 2)), "weights [True, 2]"),
        (lambda: OneOf([Add()], probability=1.2), "probability 1.2; a number of at least 0"),
        (lambda: OneOf([Sequence([Grow()])]), "steps 'sequence'; in one_of no change"),
        (lambda: Sequence([Sequence([Grow()], probability=0.5)]), "probability 0.5; 1: sequence"),
    ],
)
def test_bad_fields_are_refused_by_name(make, message):
    with pytest.raises(FieldError) as error:
        make()
    assert message in str(error.value)
