"""The text benchmark compares like with like: same weights, same text, same losses and draws."""

import itertools
import os

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.text.benchmark import WRITING, training_speed, writing_speed
from benchmarks.text.keras_lstm import KerasTraining
from benchmarks.text.ours import ProjectSampling, ProjectTraining
from benchmarks.text.task import initial_weights, rounds_of, weight_list
from benchmarks.text.tutorial import TutorialSampling
from data.texts.vocabulary import Vocabulary
from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel

CHARACTERS = "\nabcdefghi é"
SIZES = (len(CHARACTERS) + 1, 6, 8, 2)  # vocabulary, embedding_dim, units, layers
CHOSEN = {
    "units": 8,
    "layers": 2,
    "embedding_dim": 6,
    "batch_size": 4,
    "sequence_length": 7,
    "gradient_clip": 0.03,  # so small that it cuts; PyTorch adds 1e-6 to the norm it divides by
    "weight_decay": 0.1,
}
STEPS = 4


@pytest.fixture(scope="module")
def arrays():
    text = np.random.default_rng(0).integers(1, SIZES[0], (1, 1000), dtype=np.uint8)
    return {"text": text, **initial_weights(*SIZES)}


def keras_momentum(optimizer) -> list[np.ndarray]:
    """Adam's running mean of the gradients; after one step a tenth of the clipped gradient."""
    return [each.numpy() for each in optimizer.variables if each.path.endswith("_momentum")]


def in_keras_form(values: dict, layers: int = 2) -> list[np.ndarray]:
    """PyTorch's weights, or what belongs to them, in the order and shapes of Keras."""
    names = ["embedding.weight"]
    for layer in range(layers):
        names += [f"lstm.{each}_l{layer}" for each in ("weight_ih", "weight_hh", "bias_ih")]
    ordered = [values[name].detach().numpy() for name in [*names, "head.weight", "head.bias"]]
    return [value if index == 0 else value.T for index, value in enumerate(ordered)]


def assert_near(expected: list[np.ndarray], values: list[np.ndarray], tolerance: float):
    assert len(expected) == len(values) == 9
    for number, (one, other) in enumerate(zip(expected, values, strict=True)):
        np.testing.assert_allclose(other, one, rtol=0, atol=tolerance, err_msg=str(number))


def test_the_sides_compute_the_same_steps(arrays):
    """Losses, clipped gradients and updated weights; and a round gives the mean of its steps."""
    pytest.importorskip("torch")
    from benchmarks.text.pytorch import PytorchTraining

    classes = ProjectTraining, KerasTraining, PytorchTraining
    ours, keras, torch = sides = [each({"text": CHOSEN, "steps": 1}, arrays) for each in classes]
    weights = dict(torch.model.named_parameters())
    for step in range(STEPS):
        # Keras adds epsilon before the bias correction of the second moment, PyTorch after it: at
        # a known step the one can be expressed by the other.
        for group in torch.optimizer.param_groups:
            group["eps"] = 1e-7 / np.sqrt(1 - 0.999 ** (step + 1))
        answers = [side.work() for side in sides]
        assert [answer["units"] for answer in answers] == [4 * 7] * 3
        loss, *losses = (answer["measured"]["loss"] for answer in answers)
        assert losses == pytest.approx([loss, loss], abs=1e-5)
        if step == 0:
            gradients = keras_momentum(ours.trainer.optimizer)
            norm = np.sqrt(sum((each**2).sum() for each in gradients))
            assert norm == pytest.approx(0.1 * CHOSEN["gradient_clip"], rel=1e-4)  # it was cut
            state = torch.optimizer.state
            moments = {name: state.get(each, {}).get("exp_avg") for name, each in weights.items()}
            assert_near(gradients, keras_momentum(keras.optimizer), 1e-8)
            assert_near(gradients, in_keras_form(moments), 1e-8)
    found = ours.trainer.model.get_weights()
    assert_near(found, keras.model.get_weights(), 1e-4)
    assert_near(found, in_keras_form(weights), 1e-4)
    assert np.abs(found[1] - arrays["kernel_0"]).max() > 5e-3  # far more than the tolerance
    for layer in range(2):
        assert not weights[f"lstm.bias_hh_l{layer}"].any()  # the second bias stays out of the game
    ours.rates = tf.fill([3], ours.settings.learning_rate)
    for side in sides:  # rounds of three steps, with what is compiled already
        side.rounds = rounds_of(arrays["text"], side.settings, 3)
    answers = [side.work() for side in sides]
    assert {answer["units"] for answer in answers} == {3 * 4 * 7}
    loss, *losses = (answer["measured"]["loss"] for answer in answers)
    assert losses == pytest.approx([loss, loss], abs=1e-4)


def test_rounds_are_the_streams_of_the_text_and_begin_again():
    text = np.arange(203, dtype=np.uint8)[np.newaxis]
    settings = TextSettings(batch_size=3, sequence_length=10)
    rounds = list(itertools.islice(rounds_of(text, settings, steps=2), 4))
    inputs, targets = map(np.concatenate, zip(*rounds[:3], strict=True))
    expected = np.array([0, 68, 136])[:, np.newaxis] + np.arange(60)
    np.testing.assert_array_equal(inputs.swapaxes(0, 1).reshape(3, 60), expected)
    np.testing.assert_array_equal(targets, inputs + 1)
    np.testing.assert_array_equal(rounds[3], rounds[0])


def sampling_settings(streams: int, length: int, temperature: float = 0.8) -> dict:
    chosen = {"streams": streams, "length": length, "temperature": temperature}
    return {"characters": CHARACTERS, **chosen}


@pytest.fixture(scope="module")
def decided(arrays):
    """Weights that make some characters far likelier than others, the unknown one most of all."""
    factors = {"embedding": 40, "kernel_0": 2, "kernel_1": 2, "head_kernel": 6}
    stronger = {name: factor * arrays[name] for name, factor in factors.items()}
    unknown = np.eye(SIZES[0], dtype=np.float32)[Vocabulary.UNKNOWN]
    return {**arrays, **stronger, "head_bias": 50 * unknown}


@pytest.fixture(scope="module")
def likeliest(decided) -> str:
    """The likeliest 40 characters after a line break, found one by one."""
    model = CharacterModel(*SIZES)
    model.set_weights(weight_list(decided))
    vocabulary = Vocabulary(tuple(CHARACTERS))
    codes, state, expected = vocabulary.encode("\n").astype(np.int32), model.zero_state(1), []
    for _ in range(40):
        logits, state = model(tf.constant(codes[np.newaxis]), state)
        codes = 1 + np.argmax(logits[0, -1:, 1:].numpy(), axis=1).astype(np.int32)
        expected.append(codes[0])
    return vocabulary.decode(np.array(expected))


def test_the_loop_writes_as_often_as_the_model_says(decided):
    model = CharacterModel(*SIZES)
    model.set_weights(weight_list(decided))
    prime = Vocabulary(tuple(CHARACTERS)).encode("\n").astype(np.int32)
    logits, _ = model(tf.constant(prime[np.newaxis]), model.zero_state(1))
    chances = np.exp(logits[0, -1, 1:].numpy().astype(np.float64) / 0.8)  # 0: unknown, not drawn
    expected = chances / chances.sum()
    assert expected.max() > 2 * expected.min()
    texts = TutorialSampling(sampling_settings(2000, 1), decided).write()
    counts = np.array([texts.count(character) for character in CHARACTERS])
    assert counts.sum() == len(texts) == 2000
    deviation = np.sqrt(2000 * expected * (1 - expected))
    assert (np.abs(counts - 2000 * expected) < 4.5 * deviation).all()


@pytest.mark.parametrize("side", [ProjectSampling, TutorialSampling])
def test_both_sides_carry_the_state_and_write_new_texts(decided, likeliest, side):
    """Nearly at temperature 0 the drawn text is the likeliest one."""
    cold = side(sampling_settings(3, 40, temperature=1e-4), decided)
    assert cold.write() == [likeliest] * 3
    warm = cold
    if side is ProjectSampling:  # takes the temperature at each call, and is compiled once
        warm.settings = sampling_settings(3, 40)
    else:
        warm = side(sampling_settings(3, 40), decided)
    assert len({*warm.write(), *warm.write()}) == 6
    assert warm.work()["units"] == 120 and "a call" in warm.facts()["how"]


def test_training_in_processes_in_turn(arrays):
    pytest.importorskip("torch")
    result = training_speed(arrays["text"], SIZES, steps=2, rounds=1, streams=4, length=7)
    (name, measured), *others = result.items()
    assert name == "text training, 2 x 8 units, 4 streams of 7 characters" and not others
    assert list(measured["sides"]) == ["this project", "Keras's LSTM", "PyTorch"]
    assert len({side["threads"] for side in measured["sides"].values()}) == 1
    first = measured["sides"]["this project"]["measured"]["loss"]
    for side in measured["sides"].values():
        assert len(side["per_second"]["rounds"]) == 1
        assert side["measured"]["loss"] == pytest.approx(first, abs=1e-4)


def test_writing_in_a_process(monkeypatch, capsys):
    """One side is enough here: test_turns has two, and the sides themselves are tested above."""
    assert list(WRITING) == ["this project", "tutorial's loop"]
    monkeypatch.delitem(WRITING, "this project")
    result = writing_speed(Vocabulary(tuple(CHARACTERS)), SIZES, 3, 5, rounds=2)
    (name, measured), *others = result.items()
    assert name == "text writing, 2 x 8 units, 3 streams" and not others
    (side,) = measured["sides"].values()
    assert side["threads"] == os.cpu_count() and len(side["per_second"]["rounds"]) == 2
    assert side["cores"] > 0 and side["measured"] == {}
    assert "warm-up: tutorial's loop" in capsys.readouterr().out
