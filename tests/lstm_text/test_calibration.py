"""The scale of the logits against a slow search, and that it reaches the saved model alone."""

import json

import numpy as np
import pytest
import tensorflow as tf

from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel
from lstm_text.score import SCALES, Scorer, fit_scale, mean_loss, scale_logits
from lstm_text.train import load_corpus, train
from tests.lstm_text.compiled import compiled_once
from tests.runs import checkpoint_bytes, history
from training.stored import load_run

VOCABULARY = 8


@pytest.fixture(scope="module")
def scorer():
    """Compiled once, for the one model whose weights `model` sets anew."""
    return Scorer(CharacterModel(VOCABULARY, 4, 6))


@pytest.fixture
def model(scorer) -> CharacterModel:
    generator, model = np.random.default_rng(0), scorer.model
    model.set_weights([generator.normal(size=each.shape) for each in model.get_weights()])
    bias = model.head.bias
    bias.assign(bias - 30.0 * np.eye(VOCABULARY)[0])  # never the unknown symbol: it does not count
    return model


@pytest.fixture(scope="module")
def one_character(scorer):
    """The model's next logits and state as a graph: texts are drawn character by character."""
    return tf.function(lambda codes, state: scorer.model(codes, state))


def logits_of(model: CharacterModel, text: np.ndarray) -> np.ndarray:
    logits, _ = model(text[:, :-1].astype(np.int32), model.zero_state(len(text)))
    return logits.numpy().astype(np.float64)


def text_drawn(one_character, state: tf.Tensor, scale: float, length: int) -> np.ndarray:
    """20 texts of which the model with its logits multiplied by `scale` is the truth."""
    generator = np.random.default_rng(1)
    text = np.zeros((20, length), np.uint8)
    for column in range(length - 1):
        logits, state = one_character(tf.constant(text[:, column : column + 1], tf.int32), state)
        noise = generator.gumbel(size=(20, VOCABULARY))
        text[:, column + 1] = np.argmax(scale * logits[:, 0].numpy() + noise, axis=-1)
    return text


def loss_at(logits: np.ndarray, text: np.ndarray, scale: float) -> float:
    """In double precision, over the targets that are known."""
    log_p = scale * logits - np.log(np.exp(scale * logits).sum(axis=-1, keepdims=True))
    losses = -np.take_along_axis(log_p, text[:, 1:, np.newaxis].astype(int), axis=-1)[..., 0]
    return float(losses[text[:, 1:] > 0].mean())


@pytest.mark.parametrize("true_scale", [0.4, 1.0, 2.0])
def test_the_scale_is_the_one_the_text_was_drawn_with(model, scorer, one_character, true_scale):
    text = text_drawn(one_character, model.zero_state(20), true_scale, length=200)
    scale, logits = fit_scale(scorer, text), logits_of(model, text)
    tried = scale * np.linspace(0.9, 1.1, 401)
    best = tried[np.argmin([loss_at(logits, text, each) for each in tried])]
    assert scale == pytest.approx(best, rel=1e-3)
    assert scale == pytest.approx(true_scale, rel=0.1)


def test_a_text_that_is_always_expected_ends_at_the_upper_bound(model, scorer, one_character):
    text = text_drawn(one_character, model.zero_state(20), 1e6, length=50)
    assert fit_scale(scorer, text) == SCALES[1]


def test_a_text_of_which_the_model_knows_nothing_ends_at_the_lower_bound(model, scorer):
    generator = np.random.default_rng(2)
    scale_logits(model, 100.0)
    text = generator.integers(1, VOCABULARY, (20, 200)).astype(np.uint8)
    assert fit_scale(scorer, text) == SCALES[0]


def test_alike_logits_have_nothing_to_scale(model, scorer):
    scale_logits(model, 0.0)
    assert fit_scale(scorer, np.tile(np.array([1, 2, 3, 4], np.uint8), (20, 1))) == 1.0


def test_every_logit_is_multiplied(model):
    text = np.array([[1, 2, 3, 4, 5]], np.uint8)
    before = logits_of(model, text)
    scale_logits(model, 0.7)
    np.testing.assert_allclose(logits_of(model, text), 0.7 * before, rtol=1e-5, atol=1e-6)


def test_a_calibrated_run_is_the_same_training_with_another_model_saved(tmp_path):
    source = tmp_path / "words.txt"
    words = np.random.default_rng(0).choice(["the ", "cat ", "sat ", "on\n"], 150)
    source.write_text("".join(words), encoding="utf-8")
    given = {"data": f"file:{source}", "epochs": 2, "units": 8, "embedding_dim": 4, "layers": 1}
    given |= {"batch_size": 4, "sequence_length": 16, "learning_rate": 0.02, "quiet": True}
    plain, scaled = (
        TextSettings.resolve({**given, "out": str(tmp_path / name), "calibrate": calibrate})
        for name, calibrate in (("plain", False), ("scaled", True))
    )
    with compiled_once():
        train(plain), train(scaled)
    a, b = tmp_path / "plain", tmp_path / "scaled"
    assert checkpoint_bytes(a) == checkpoint_bytes(b) and history(a) == history(b)
    descriptions = [json.loads((run / "model" / "model.json").read_text()) for run in (a, b)]
    assert descriptions[0]["logit_scale"] == 1.0
    scale = descriptions[1]["logit_scale"]
    assert scale != 1.0
    models = [load_run(run, "text").generator.model for run in (a, b)]
    validation = load_corpus(plain).validation
    np.testing.assert_allclose(
        logits_of(models[1], validation), scale * logits_of(models[0], validation), atol=1e-4
    )
    losses = [
        mean_loss(Scorer(model).carried(validation, parallel=32), validation) for model in models
    ]
    assert losses[1] < losses[0] == pytest.approx(float(history(a)[-1]["validation_loss"]))
