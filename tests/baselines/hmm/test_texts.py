"""A hidden Markov model of characters: what it finds, and its likelihood."""

import numpy as np
import pytest
import tensorflow as tf

from baselines.hmm.em import forward
from baselines.hmm.emissions import Categorical
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


def test_log_likelihood_is_that_of_the_forward_recursion(model, corpus):
    """Of all streams side by side; an unknown character counts nothing, and the rest goes on."""
    segments = corpus.validation[0, :80].reshape(2, 40).copy()
    segments[0, 10] = 0
    emission = Categorical(corpus.vocabulary.size, 0.0)
    b, _ = emission.likelihood(tf.constant(segments.T, tf.int32), model.model.emission[0])
    _, c = forward(b, tf.constant(model.model.pi), tf.constant(model.model.a))
    found = model.log_likelihood(segments)
    assert np.allclose(found, np.log(c).T) and found[0, 10] == 0.0 and (found < 0).sum() == 79


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
