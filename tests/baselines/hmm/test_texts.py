"""A hidden Markov model of characters: fitted, resumed, read, and writing."""

import dataclasses
import json

import numpy as np
import pytest
import tensorflow as tf

from baselines.hmm.em import forward
from baselines.hmm.fit import HmmLearner
from baselines.hmm.texts import TextLearner, text_streams
from baselines.registry import fit
from baselines.train import train
from data.source import TEXT
from foundation.errors import InputError, Interrupted
from tests.baselines.shared import resumed, settings_of
from tests.runs import checkpoint_bytes, history, interrupt_after


def settings(data, **given):
    return settings_of("hmm", data["text"], **{"sequence_length": 32, **given})


@pytest.fixture(scope="module")
def model(model_of):
    return model_of("hmm")


def test_a_run_holds_what_the_design_says_and_learns(run_of):
    unbroken = run_of("hmm")
    config = json.loads((unbroken / "config.json").read_text())
    assert config["kind"] == "baseline" and config["settings"]["model"] == "hmm"
    rows = history(unbroken)
    assert len(rows) == 6
    train_scores = [float(row["log_likelihood"]) for row in rows]
    assert np.all(np.diff(train_scores) > 0)
    validation = [float(row["validation_log_likelihood"]) for row in rows]
    assert validation[-1] > validation[0]
    assert (unbroken / "samples" / "epoch_0006.txt").is_file()
    assert (unbroken / "losses.png").is_file()
    assert (unbroken / "states.txt").read_text().count("\n") == 5


def test_two_states_find_vowels_and_consonants(data, corpus):
    fitted = fit("hmm", TEXT, corpus, settings(data, states=3, epochs=40))
    b, vowels = fitted.model.emission[0], corpus.vocabulary.encode("aeou")
    shares = sorted(b[:, vowels].sum(axis=1))
    assert shares[0] < 0.05 and shares[-1] > 0.95


def test_log_likelihood_is_that_of_the_forward_recursion_in_one_piece(model, corpus, monkeypatch):
    monkeypatch.setattr("baselines.hmm.texts.STEPS", 7)
    segments = corpus.validation[:, :40]
    pi, a, b = model.model.pi, model.model.a, model.model.emission[0]
    p, expected = pi, []
    for code in segments[0]:
        joint = p * b[:, code]
        expected.append(np.log(joint.sum()))
        p = joint / joint.sum() @ a
    assert np.allclose(model.log_likelihood(segments)[0], expected)


def test_an_unknown_character_counts_nothing_and_the_rest_goes_on(model, corpus):
    codes = corpus.validation[:1, :30].copy()
    codes[0, 10] = 0
    found = model.log_likelihood(codes)[0]
    assert found[10] == 0.0
    assert np.allclose(found[:10], model.log_likelihood(codes[:, :10])[0])
    assert (found[11:] < 0).all()


def test_probabilities_of_all_next_characters_sum_to_one(model, corpus):
    known = np.arange(1, corpus.vocabulary.size)
    before = np.tile(corpus.validation[0, :12], (len(known), 1))
    segments = np.concatenate([before, known[:, None]], axis=1)
    assert np.exp(model.log_likelihood(segments)[:, -1]).sum() == pytest.approx(1)


def test_texts_are_drawn_as_often_as_the_model_says(model, corpus):
    """First characters after a prime text, against the model's own probabilities."""
    prime = "ka"
    known = np.arange(1, corpus.vocabulary.size)
    codes = np.tile(corpus.vocabulary.encode(prime).astype(int), (len(known), 1))
    segments = np.concatenate([codes, known[:, None]], axis=1)
    p = np.exp(model.log_likelihood(segments)[:, -1])
    for temperature in (1.0, 0.5):
        q = p ** (1 / temperature) / (p ** (1 / temperature)).sum()
        drawn = model.sample(0, 0, 4000, length=1, prime=prime, temperature=temperature)
        counts = np.bincount(corpus.vocabulary.encode("".join(drawn)), minlength=len(p) + 1)[1:]
        spread = np.sqrt(4000 * q * (1 - q))
        assert (np.abs(counts - 4000 * q) <= 5 * spread + 1e-9).all()


def test_a_prime_text_with_a_strange_character_is_refused(model):
    with pytest.raises(InputError, match="--prime has 'Z'"):
        model.sample(0, 0, 1, length=5, prime="baZ")


def test_streams_hold_the_text_in_order():
    segments = np.arange(1, 15).reshape(2, 7).astype(np.uint8)
    streams = text_streams(segments, 3)
    assert streams.observations == 14
    assert streams.x.T.tolist()[:3] == [[1, 2, 3], [4, 5, 6], [7, 0, 0]]
    assert streams.real.T.tolist()[2] == [1, 0, 0]
    read = streams.x.T[streams.real.T > 0]
    assert read.tolist() == list(range(1, 15))
    assert text_streams(segments, 100).x.shape == (7, 2)


def test_an_iteration_with_a_break_and_five_more_are_six_bit_for_bit(
    data, tmp_path, run_of, monkeypatch
):
    """The break is in the middle of the second, with some of the counts collected."""
    run = tmp_path / "interrupted"
    with monkeypatch.context() as patch:
        interrupt_after(12, HmmLearner, patch)
        with pytest.raises(Interrupted, match=r"stopped in epoch 2.* saved"):
            train(settings(data, out=str(run), epochs=2))
    train(resumed(run, model="hmm", epochs=6))
    assert checkpoint_bytes(run) == checkpoint_bytes(run_of("hmm"))
    assert history(run) == history(run_of("hmm"))


def test_fitting_stops_when_nothing_is_gained_also_after_a_break(data, corpus, tmp_path):
    learner, again = (TextLearner(corpus, settings(data, tolerance=10.0)) for _ in range(2))
    learner.start()
    assert not learner.enough(0)
    for epoch in range(2):
        assert not learner.enough(epoch)  # the first iteration has nothing to compare with
        learner.begin_epoch(epoch, 0)
        learner.train_steps(epoch, 0, 1)
        learner.end_epoch(epoch)
    path = tf.train.Checkpoint(**learner.tracked()).save(str(tmp_path / "checkpoint"))
    tf.train.Checkpoint(**again.tracked()).restore(path)
    assert learner.enough(2) and again.enough(2)


def test_in_memory_and_with_another_test_text_it_is_the_same_fit(data, corpus, model):
    other = dataclasses.replace(corpus, test=corpus.test[:, ::-1])
    assert not np.array_equal(other.test, corpus.test)
    fitted = fit("hmm", TEXT, other, settings(data)).arrays()
    assert all(np.array_equal(fitted[name], array) for name, array in model.arrays().items())


def test_forward_takes_one_start_for_each_stream():
    """So a text can be read in pieces, each going on where the one before ended."""
    random = np.random.default_rng(0)
    b, a = random.random((6, 2, 3)), random.dirichlet(np.ones(3), 3)
    starts = random.dirichlet(np.ones(3), 2)
    whole, scales = forward(b, starts, a)
    first, _ = forward(b[:4], starts, a)
    second, _ = forward(b[4:], first[-1] @ a, a)
    assert np.allclose(second, whole[4:]) and scales.shape == (6, 2)
