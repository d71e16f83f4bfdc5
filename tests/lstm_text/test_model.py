"""Sizes of the character model, its state in the open, and what is dropped in training."""

import numpy as np
import pytest
import tensorflow as tf

from lstm_text.model import CharacterModel, DropoutMasks, build_lstm_model


def made_codes(batch: int, time: int, vocabulary: int = 9, seed: int = 0) -> tf.Tensor:
    generator = np.random.default_rng(seed)
    return tf.constant(generator.integers(0, vocabulary, (batch, time)), tf.int32)


@pytest.mark.parametrize(
    ("sizes", "expected"), [((64, 128, 2), 242_945), ((256, 512, 3), 5_823_297)]
)
def test_parameter_counts_for_65_codes(sizes, expected):
    assert CharacterModel(65, *sizes).count_params() == expected


def test_the_carried_state_makes_several_calls_one_pass():
    model = CharacterModel(9, 4, 6, 3)
    codes = made_codes(2, 11)
    whole, last = model(codes, model.zero_state(2))
    assert whole.shape == (2, 11, 9) and last.shape == (3, 2, 2, 6)
    state, parts = model.zero_state(2), []
    assert state.shape == last.shape and not np.any(state)
    for first, end in ((0, 1), (1, 5), (5, 11)):
        logits, state = model(codes[:, first:end], state)
        parts.append(logits)
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, atol=1e-6)
    np.testing.assert_allclose(state, last, atol=1e-6)


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_it_is_the_chapters_stack_of_keras_layers(layers):
    """Same weights in the same order, same logits; and gradients, which take another way here."""
    model, plain = CharacterModel(9, 4, 6, layers), build_lstm_model(9, 4, 6, layers)
    kinds = [type(layer).__name__ for layer in plain.layers]
    assert kinds == ["Embedding", *["LSTM"] * layers, "Dense"]
    names = [[weight.name for weight in each.weights] for each in (model, plain)]
    assert names[0] == names[1]
    generator, codes = np.random.default_rng(1), made_codes(3, 8)
    plain.set_weights([generator.normal(size=each.shape) for each in plain.get_weights()])
    model.set_weights(plain.get_weights())
    results = []
    for read in (plain, lambda codes: model(codes, model.zero_state(3))[0]):
        with tf.GradientTape() as tape:
            logits = read(codes)
            loss = tf.reduce_mean(logits**2)
        weights = (model if results else plain).trainable_variables
        gradients = map(tf.convert_to_tensor, tape.gradient(loss, weights))
        results.append([logits, *gradients])
    for expected, found in zip(*results, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


class Doubling:
    """Masks that double what they are given, and note where they were asked to."""

    def __init__(self):
        self.asked = []

    def drop(self, values, index):
        self.asked.append((index, tuple(values.shape)))
        return values * 2.0


def test_masks_act_before_each_layer_and_before_the_output():
    model = CharacterModel(9, 4, 6)
    codes = made_codes(3, 8)
    masks = Doubling()
    received, _ = model(codes, model.zero_state(3), masks=masks)
    assert masks.asked == [(0, (8, 3, 4)), (1, (8, 3, 6)), (2, (8, 3, 6))]
    embedding, kernel_0, recurrent_0, bias_0, kernel_1, recurrent_1, bias_1, kernel, bias = (
        model.get_weights()
    )
    doubled = [embedding, 2 * kernel_0, recurrent_0, bias_0]
    model.set_weights([*doubled, 2 * kernel_1, recurrent_1, bias_1, 2 * kernel, bias])
    expected, _ = model(codes, model.zero_state(3))
    np.testing.assert_allclose(received, expected, rtol=1e-5, atol=1e-6)


SEED = tf.constant([3, 4], tf.int32)


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_a_mask_is_zero_with_its_probability_and_has_the_mean_one(share):
    mask = DropoutMasks(SEED, share).drop(tf.ones((50, 20, 30)), 0).numpy()
    assert np.allclose(np.unique(mask), [0.0, 1 / (1 - share)])
    deviation = np.sqrt(share * (1 - share) / mask.size)
    assert abs((mask == 0).mean() - share) < 4 * deviation
    assert mask.mean() == pytest.approx(1.0, abs=4 * deviation / (1 - share))


def test_a_mask_is_a_function_of_seed_and_place():
    ones = tf.ones((4, 3, 32))
    masks, again = DropoutMasks(SEED, 0.5), DropoutMasks(SEED, 0.5)
    other = DropoutMasks(tf.constant([3, 5], tf.int32), 0.5)

    def all_of(each):
        return [each.drop(ones, index).numpy() for index in range(3)]

    first = all_of(masks)
    assert all(np.array_equal(a, b) for a, b in zip(first, all_of(again), strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(first, all_of(other), strict=True))
    assert len({values.tobytes() for values in first}) == 3  # no two places drop the same
    assert len({row.tobytes() for row in first[0].reshape(12, 32)}) == 12
