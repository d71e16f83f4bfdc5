"""Sizes of the character model, its state in the open, and what is dropped in training."""

import numpy as np
import pytest
import tensorflow as tf

from lstm_text.model import CharacterModel, build_lstm_model, dropped


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
    """Same weights in the same order, same logits; test_recurrent has the gradients."""
    model, plain = CharacterModel(9, 4, 6, layers), build_lstm_model(9, 4, 6, layers)
    kinds = [type(layer).__name__ for layer in plain.layers]
    assert kinds == ["Embedding", *["LSTM"] * layers, "Dense"]
    names = [[weight.name for weight in each.weights] for each in (model, plain)]
    assert names[0] == names[1]
    generator, codes = np.random.default_rng(1), made_codes(3, 8)
    plain.set_weights([generator.normal(size=each.shape) for each in plain.get_weights()])
    model.set_weights(plain.get_weights())
    logits, _ = model(codes, model.zero_state(3))
    np.testing.assert_allclose(logits, plain(codes), rtol=1e-4, atol=1e-5)


def test_what_is_dropped_is_dropped_before_each_layer_and_before_the_output(monkeypatch):
    model, codes, asked = CharacterModel(9, 4, 6), made_codes(3, 8), []

    def doubled(values, share, seed, index):
        asked.append((share, seed, index, tuple(values.shape)))
        return values * 2.0

    with monkeypatch.context() as patch:
        patch.setattr("lstm_text.model.dropped", doubled)
        received, _ = model(codes, model.zero_state(3), dropout=0.5, seed=SEED)
    places = [(0, (8, 3, 4)), (1, (8, 3, 6)), (2, (8, 3, 6))]
    assert asked == [(0.5, SEED, *place) for place in places]
    embedding, kernel_0, recurrent_0, bias_0, kernel_1, recurrent_1, bias_1, kernel, bias = (
        model.get_weights()
    )
    twice = [embedding, 2 * kernel_0, recurrent_0, bias_0, 2 * kernel_1, recurrent_1, bias_1]
    model.set_weights([*twice, 2 * kernel, bias])
    expected, _ = model(codes, model.zero_state(3))
    np.testing.assert_allclose(received, expected, rtol=1e-5, atol=1e-6)


SEED = tf.constant([3, 4], tf.int32)


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_dropout_is_zero_with_its_probability_has_the_mean_one_and_follows_seed_and_place(share):
    ones = tf.ones((50, 20, 30))
    places = ((SEED, 0), (SEED, 0), (SEED, 1), (SEED, 2), (SEED + 1, 0))
    mask, again, *others = (dropped(ones, share, *place).numpy() for place in places)
    assert np.allclose(np.unique(mask), [0.0, 1 / (1 - share)])
    deviation = np.sqrt(share * (1 - share) / mask.size)
    assert abs((mask == 0).mean() - share) < 4 * deviation
    assert mask.mean() == pytest.approx(1.0, abs=4 * deviation / (1 - share))
    assert np.array_equal(mask, again)
    rows = [row.tobytes() for each in (mask, *others) for row in each.reshape(-1, 30)]
    assert len(set(rows)) > 0.99 * len(rows)  # no two places drop the same
