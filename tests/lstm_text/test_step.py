"""One training step against NumPy and by hand: loss, gradients, AdamW, averages, step sizes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from foundation.purposes import TRAINING_NOISE
from lstm_text.config import TextSettings
from lstm_text.model import dropped
from lstm_text.step import TextTrainer, negative_log_likelihood
from training.seeds import stateless_seed

VOCABULARY, STREAMS, LENGTH = 7, 3, 6
SEED = tf.constant([0, 1], tf.int32)
# The same step without the compiler: milliseconds where XLA takes seconds. That the compiled loop
# does the same is a test of its own.
uncompiled_step = TextTrainer.train_step.python_function


def make_trainer(total_steps: int = 20, **settings) -> TextTrainer:
    keras.utils.set_random_seed(1)
    given = {"embedding_dim": 4, "units": 5, "sequence_length": LENGTH, **settings}
    return TextTrainer(TextSettings(**given), VOCABULARY, STREAMS, total_steps)


def made_steps(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, targets and weights; the ends of two rows do not count."""
    generator = np.random.default_rng(seed)
    codes = generator.integers(1, VOCABULARY, (2, count, STREAMS, LENGTH)).astype(np.int32)
    weights = np.ones((count, STREAMS, LENGTH), np.float32)
    weights[:, 1, 4:], weights[:, 2, 2:] = 0, 0
    weights[1::2, 0, 3:] = 0  # not in every step as many
    return codes[0], codes[1], weights


def step(trainer: TextTrainer, batch, state=None, rate: float = 0.01, seed=SEED):
    inputs, targets, weights = (tf.constant(each) for each in batch)
    state = trainer.model.zero_state(STREAMS) if state is None else state
    return uncompiled_step(trainer, inputs, targets, weights, state, tf.constant(rate), seed)


def first(steps) -> tuple:
    return tuple(each[0] for each in steps)


def values(variables) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


def slow_losses(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    shares = np.exp(logits.astype(np.float64))
    shares /= shares.sum(axis=-1, keepdims=True)
    return -np.log(np.take_along_axis(shares, targets[..., None], axis=-1)[..., 0])


def test_loss_against_numpy():
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(4, 5, VOCABULARY)).astype(np.float32) * 4
    targets = generator.integers(0, VOCABULARY, (4, 5)).astype(np.int32)
    received = negative_log_likelihood(logits, targets)
    np.testing.assert_allclose(received, slow_losses(logits, targets), rtol=1e-5)
    extreme = tf.constant([[1e4, -1e4]])
    assert float(negative_log_likelihood(extreme, tf.constant([1]))[0]) == 2e4


def test_the_step_measures_the_mean_over_what_counts():
    trainer = make_trainer()
    inputs, targets, weights = batch = first(made_steps(1))
    state = tf.random.stateless_normal((2, 2, STREAMS, 5), SEED)
    logits, expected_state = trainer.model(tf.constant(inputs), state)
    losses = slow_losses(logits.numpy(), targets)
    loss, received_state = step(trainer, batch, state)
    assert weights.sum() == 12
    assert float(loss) == pytest.approx(losses[weights > 0].mean(), rel=1e-5)
    np.testing.assert_allclose(received_state, expected_state, atol=1e-6)


def everything(trainer: TextTrainer) -> dict[str, np.ndarray]:
    """All that training can change, by name."""
    tracked = {
        "state": [trainer.state],
        "sums": [trainer.averages.sums],
        "best": [trainer.best_loss, trainer.best_epoch],
        "optimizer": trainer.optimizer.variables,
        "weight": trainer.model.variables,
        "average": trainer.average_model.variables if trainer.average_model else [],
    }
    return {
        f"{name} {number}": value
        for name, variables in tracked.items()
        for number, value in enumerate(values(variables))
    }


def dense_gradients(trainer: TextTrainer, batch) -> list[np.ndarray]:
    """By a one-hot product in the place of the look-up, so that nothing is sparse."""
    inputs, targets, weights = batch
    model = trainer.model
    with tf.GradientTape() as tape:
        embeddings = tf.convert_to_tensor(model.embedding.embeddings)
        tape.watch(embeddings)
        outputs = tf.transpose(tf.one_hot(inputs, VOCABULARY) @ embeddings, (1, 0, 2))
        for layer in model.lstm_layers:
            outputs, _, _ = layer(outputs, tf.zeros((STREAMS, 5)), tf.zeros((STREAMS, 5)))
        logits = tf.transpose(model.head(outputs), (1, 0, 2))
        losses = negative_log_likelihood(logits, targets)
        loss = tf.reduce_sum(losses * weights) / weights.sum()
    others = [variable.value for variable in model.trainable_variables[1:]]
    return values(tape.gradient(loss, [embeddings, *others]))


@pytest.mark.parametrize("clip", [0.0, 1e-3, 10.0])
def test_steps_are_adamw_by_hand(clip):
    """Three steps of other sizes: the moments go on, duplicates in a batch are summed.

    Were the embedding's gradient sparse, Keras's Adam would square its rows one by one.
    """
    trainer = make_trainer(gradient_clip=clip, weight_decay=0.1)
    variables = trainer.model.trainable_variables
    assert variables[0].path.endswith("embeddings")
    weights, steps = values(variables), made_steps(3)
    means, squares = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    for t, rate in enumerate((0.02, 0.01, 0.03), start=1):
        batch = tuple(each[t - 1] for each in steps)
        gradients = dense_gradients(trainer, batch)
        norm = np.sqrt(sum((gradient**2).sum() for gradient in gradients))
        assert 1e-3 < norm < 10
        for index, gradient in enumerate(gradients):
            gradient = gradient * min(1.0, clip / norm) if clip else gradient
            means[index] = 0.9 * means[index] + 0.1 * gradient
            squares[index] = 0.999 * squares[index] + 0.001 * gradient**2
            size = rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            decay = 0.0 if "bias" in variables[index].path else 0.1 * rate
            weights[index] = weights[index] * (1 - decay) - size * means[index] / (
                np.sqrt(squares[index]) + 1e-7
            )
        step(trainer, batch, rate=rate)
        assert float(trainer.optimizer.learning_rate) == pytest.approx(rate)
        for variable, expected in zip(variables, weights, strict=True):
            np.testing.assert_allclose(variable, expected, atol=2e-5, err_msg=variable.path)


def test_the_masks_of_a_step_are_those_of_its_seed():
    trainer = make_trainer(dropout=0.4)
    inputs, targets, weights = batch = first(made_steps(1))
    state = trainer.model.zero_state(STREAMS)
    logits, _ = trainer.model(tf.constant(inputs), state, dropout=0.4, seed=SEED)
    expected = slow_losses(logits.numpy(), targets)[weights > 0].mean()
    assert float(step(trainer, batch, rate=0.0)[0]) == pytest.approx(expected, rel=1e-5)
    other, _ = step(trainer, batch, rate=0.0, seed=tf.constant([0, 2], tf.int32))
    assert abs(float(other) - expected) > 1e-4


def test_step_sizes_rise_and_fall_to_a_hundredth():
    trainer = make_trainer(total_steps=1000, learning_rate=0.5, warmup_steps=100)
    rates = trainer.learning_rates(0, 1001)
    assert rates.dtype == np.float32
    assert rates[0] == pytest.approx(0.5 / 100, rel=1e-4)
    assert rates[49] == pytest.approx(0.25 * 0.5 * (1 + np.cos(np.pi * 0.049)), rel=1e-6)
    assert np.all(np.diff(rates[:95]) > 0) and np.all(np.diff(rates[100:930]) < 0)
    assert rates[500] == pytest.approx(0.25) and rates[250] == pytest.approx(0.5 * 0.853553)
    assert rates[999] == rates[1000] == pytest.approx(0.005)
    later = trainer.learning_rates(1000, 5000)
    assert np.all(later == later[0]) and later[0] == rates[1000]  # past the end: no rise
    assert np.array_equal(trainer.learning_rates(123, 45), rates[123:168])
    assert make_trainer(warmup_steps=0).learning_rates(0, 1) == pytest.approx(5e-3)


def test_average_follows_by_its_formula():
    trainer = make_trainer(weight_average=0.25)
    expected = values(trainer.average_model.variables)
    assert all(map(np.array_equal, expected, values(trainer.model.variables)))
    for t in range(1, 5):  # (1 + t) / (10 + t) passes 0.25 at the third step
        step(trainer, first(made_steps(1, seed=t)))
        decay = min(0.25, (1 + t) / (10 + t))
        pairs = zip(expected, values(trainer.model.variables), strict=True)
        expected = [average + (1 - decay) * (weight - average) for average, weight in pairs]
    for a, b in zip(values(trainer.average_model.variables), expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    assert trainer.judged is trainer.average_model
    plain = make_trainer()
    assert plain.judged is plain.model and plain.average_model is None


DROPPING = {"layers": 1, "state_reset": 0.4, "dropout": 0.3, "weight_average": 0.9, "seed": 4}


@pytest.fixture(scope="module")
def looped():
    """What the compiled loop made of five steps, in calls of two and three."""
    trainer, steps = make_trainer(**DROPPING), made_steps(5)
    for start, end in ((0, 2), (2, 5)):
        trainer.train_steps(
            *(tf.constant(each[start:end]) for each in steps),
            tf.constant(trainer.learning_rates(10 + start, end - start)),
            tf.constant(10 + start, tf.int32),
        )
    return trainer


# XLA makes other numbers of the same random bits: the slow side needs its masks.
compiled_drop = tf.function(dropped, jit_compile=True)


def test_the_compiled_loop_is_its_steps_one_by_one(looped, monkeypatch):
    """State, seeds and step sizes are carried on; the mean weighs a step by what counts in it."""
    monkeypatch.setattr("lstm_text.model.dropped", compiled_drop)
    trainer, steps = make_trainer(**DROPPING), made_steps(5)
    state, total = trainer.model.zero_state(STREAMS), 0.0
    for index in range(5):
        seed = stateless_seed(4, TRAINING_NOISE, 10 + index)
        rate = trainer.learning_rates(10 + index, 1)[0]
        batch = tuple(each[index] for each in steps)
        state = trainer._forget(state, seed)
        loss, state = step(trainer, batch, state, rate, seed)
        total += float(loss) * batch[2].sum()
    trainer.state.assign(state)
    received = everything(looped)
    np.testing.assert_allclose(received.pop("sums 0"), [total, steps[2].sum()], rtol=1e-5)
    for name, value in received.items():
        expected = everything(trainer)[name]
        np.testing.assert_allclose(value, expected, rtol=1e-3, atol=2e-5, err_msg=name)


def test_a_share_of_whole_streams_is_forgotten():
    trainer = make_trainer(state_reset=0.25)
    state = tf.ones((2, 2, 4000, 5))
    kept = trainer._forget(state, SEED).numpy()
    assert set(np.unique(kept)) == {0.0, 1.0}
    of_stream = kept.transpose(2, 0, 1, 3).reshape(4000, -1)
    assert np.array_equal(of_stream.min(axis=1), of_stream.max(axis=1))
    assert of_stream[:, 0].mean() == pytest.approx(0.75, abs=0.03)
    np.testing.assert_array_equal(trainer._forget(state, SEED), kept)
    assert np.any(trainer._forget(state, SEED + 1).numpy() != kept)
    assert make_trainer()._forget(state, SEED) is state
