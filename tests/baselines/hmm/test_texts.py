"""A hidden Markov model of characters: what it finds, and its likelihood."""

import numpy as np
import pytest
import tensorflow as tf

from baselines.hmm.texts import TextLearner, text_streams
from baselines.registry import fit
from data.source import TEXT
from tests.baselines.shared import settings_of


def settings(data, **given):
    return settings_of("hmm", data["text"], **{"sequence_length": 32, **given})


@pytest.fixture(scope="module")
def model(model_of):
    return model_of("hmm")


def test_two_states_find_vowels_and_consonants(data, corpus):
    fitted = fit("hmm", TEXT, corpus, settings(data, states=3, epochs=20))
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


def test_streams_hold_the_text_in_order():
    segments = np.arange(1, 15).reshape(2, 7).astype(np.uint8)
    streams = text_streams(segments, 3)
    assert streams.observations == 14
    assert streams.x.T.tolist()[:3] == [[1, 2, 3], [4, 5, 6], [7, 0, 0]]
    assert streams.real.T.tolist()[2] == [1, 0, 0]
    read = streams.x.T[streams.real.T > 0]
    assert read.tolist() == list(range(1, 15))
    assert text_streams(segments, 100).x.shape == (7, 2)


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
