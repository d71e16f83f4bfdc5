"""The errata of the text generator: the defect is there, and the cure cures."""

import functools
import itertools
import json
import math
import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from chapter.errata.command import choose
from chapter.errata.text.listing import (
    EPOCHS,
    listing_model,
    loss_of_logits,
    name_missing,
    names_asked_for,
    run_outline,
    supplies,
)
from chapter.errata.text.mixing import PIECE, pieces_of, share_found
from chapter.errata.text.training import (
    SEQUENCE_LENGTH,
    STEPS_IN_KERAS,
    can_be_drawn_from,
    held_out_text,
    unread_arguments,
)
from data.texts.load import read_text
from data.texts.vocabulary import Vocabulary
from evaluation.metrics.texts.diversity import known_word_share
from lstm_text.model import CharacterModel
from lstm_text.score import Scorer
from training.tensorflow_setup import make_repeatable

DOCS = (Path(__file__).parents[4] / "docs" / "errata.md").read_text(encoding="utf-8")
CHANCE = "chance (all characters equally likely)"


@functools.cache
def exhibit_of(number):
    exhibit = choose(number)[0].exhibit(0)
    json.dumps([exhibit.defect, exhibit.cure], allow_nan=False)  # what `errata --json` prints
    return exhibit


def both(number, measure):
    exhibit = exhibit_of(number)
    return exhibit.defect[measure], exhibit.cure[measure]


def entry(number):
    """The text of an entry of docs/errata.md, in one line."""
    return " ".join(re.split(r"^## ", DOCS.split(f"\n## {number}. ")[1], flags=re.M)[0].split())


def test_e14_undefined_optimizer():
    assert both("E14", "name at which the first step stops") == ("optimizer", None)
    assert both("E14", "steps of the optimizer that the model holds") == (0, EPOCHS)
    assert both("E14", "steps of the optimizer that had to be supplied") == (EPOCHS, None)


def test_compile_does_make_an_optimizer_and_the_loop_passes_it_by():
    model, names = listing_model(6, 4, 8, 4), supplies()
    before = model.get_weights()
    run_outline(model, names)
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert model.optimizer is not names["optimizer"]
    assert any(np.any(old != new) for old, new in zip(before, model.get_weights(), strict=True))


def test_e15_displayed_loss():
    asked, here = both("E15", "names that the loop uses and nothing defines")
    assert asked == ["EPOCHS", "display_losses", "train_loss"] and here == []
    assert both("E15", "type of the loss that is displayed") == ("function", "float")
    assert both("E15", f"different losses in {EPOCHS} epochs") == (1, EPOCHS)


def test_the_names_are_asked_for_one_after_the_other():
    assert names_asked_for() == ["EPOCHS", "optimizer", "display_losses", "train_loss"]
    assert name_missing(supplies()) is None


def test_e16_state_thrown_away():
    assert both("E16", "arguments that no line reads") == (["batch_size", "batch_size"], [])
    assert both("E16", "what stood before a batch changes how it is read") == (False, True)
    forgetting, remembering = both("E16", "held-out loss, nats a character")
    assert forgetting > remembering + 0.02
    first, first_here = both("E16", "the same, first character of each batch")
    half = f"the same, characters {SEQUENCE_LENGTH // 2 + 1} to {SEQUENCE_LENGTH}"
    late, late_here = both("E16", half)
    assert first > first_here + 0.5 and abs(late - late_here) < 0.05  # the beginning pays
    trained_so, trained_here = both("E16", "held-out loss of a model trained in the same way")
    assert trained_so > trained_here + 0.03
    assert exhibit_of("E16").figure is not None


def test_the_held_out_text_of_the_exhibits_has_no_unknown_character():
    assert not (held_out_text() == Vocabulary.UNKNOWN).any()


def test_unread_arguments_are_found():
    source = """
        class A:
            def method(self, used, unused, *, other=1):
                def inner(x):
                    return used + other
                return inner
    """
    assert unread_arguments(source) == ["unused", "x"]
    assert unread_arguments("def f(a, b):\n    return lambda: a * b") == []


def test_e17_no_next_character():
    assert both("E17", "share of the text held out") == (0, pytest.approx(0.1, abs=1e-3))
    copies, predicts = both("E17", "loss that training ends with")
    assert copies < 0.3 and 1.5 < predicts < 2.8
    at_a_loss, knows = both("E17", "loss at predicting the next character, held out")
    chance, _ = both("E17", CHANCE)
    assert knows < chance - 1.5 and at_a_loss > chance + 1  # worse than knowing nothing
    stuck, varied = both("E17", "different characters in that")
    assert stuck <= 6 and varied > 12


def test_e18_logits_as_probabilities():
    negative, positive = both("E18", "smallest entry of an output row")
    assert negative < 0 < positive
    wrong, right = both("E18", "sum of that row")
    assert abs(wrong - 1) > 0.1 and right == pytest.approx(1)
    assert both("E18", "NumPy draws a character from it") == (False, True)
    chance, _ = both("E18", CHANCE)
    above, at_chance = both("E18", "loss before training")
    assert above > chance + 1 and at_chance == pytest.approx(chance, abs=0.05)
    slow, learns = both("E18", f"loss after {STEPS_IN_KERAS} steps")
    assert learns < slow - 0.7 and learns < chance - 1
    assert exhibit_of("E18").figure is not None


def test_keras_clips_logits_that_it_takes_for_probabilities():
    """Every negative logit counts as 1e-7: it gets no gradient, whatever the target is."""
    logits = np.array([[0.5, -2.0, 1.5, -0.1]], np.float32)
    kept = np.clip(logits, 1e-7, 1 - 1e-7)
    for target in range(4):
        values = tf.constant(logits)
        with tf.GradientTape() as tape:
            tape.watch(values)
            loss = keras.losses.sparse_categorical_crossentropy(np.array([target]), values)
        assert float(loss[0]) == pytest.approx(-math.log(kept[0, target] / kept.sum()), rel=1e-4)
        gradient = tape.gradient(loss, values).numpy()[0]
        assert gradient[1] == gradient[3] == 0
    shares = np.exp(logits[0]) / np.exp(logits[0]).sum()
    assert float(loss_of_logits([3], logits)) == pytest.approx(-math.log(shares[3]), rel=1e-6)


def test_numpy_refuses_what_is_no_distribution():
    assert can_be_drawn_from(np.array([0.25, 0.75]))
    assert not can_be_drawn_from(np.array([-0.25, 1.25]))
    assert not can_be_drawn_from(np.array([0.25, 0.25]))


def test_e19_nothing_written():
    returned, here = both("E19", "what training returns")
    assert returned is None and {"run", "validation_loss"} <= set(here)
    left, files = both("E19", "files it leaves")
    assert left == 0 and files >= 5
    assert both("E19", "characters that can be drawn afterwards") == (0, 60)
    assert both("E19", "the same text when drawn again") == (False, True)


def test_e20_words_or_characters():
    words, characters = both("E20", "different units, English plays")
    assert words > 20_000 and characters < 100
    for language, least in (("English", 0.02), ("Chinese", 0.5)):
        of_words, of_characters = both("E20", f"share of held-out units never seen, {language}")
        assert of_words > least and of_characters < 0.005
    weights, few = both("E20", "weights of the first and the last layer, English")
    assert (weights, few) == (words * (64 + 257), characters * (64 + 257))
    text = read_text("shakespeare")
    cut = int(0.9 * len(text))
    unseen, _ = both("E20", "share of held-out units never seen, English")
    assert unseen == pytest.approx(1 - known_word_share(text[cut:], text[:cut]), abs=1e-4)


def test_e21_mixed_with_its_source():
    assert both("E21", "characters") == (400_000, 200_000)
    mixed, real = both("E21", f"different pieces of {PIECE} characters")
    assert mixed > 1.3 * real  # more diverse to look at
    shown, known = both("E21", "share of the pieces of held-out text among them")
    assert known < shown < known + 0.1
    made_up, _ = both("E21", "of the pieces that mixing adds, share in held-out text")
    assert made_up < 0.1
    after_mixing, alone = both("E21", "held-out loss of an n-gram learnt from it")
    further, _ = both("E21", "the same, learnt from as much further real text")
    assert further < alone - 0.03 < alone < after_mixing  # real text is what helps


def test_pieces_against_a_python_set():
    codes = np.random.default_rng(0).integers(0, 3, (4, 50), dtype=np.uint8)
    slow = {
        tuple(row[start : start + PIECE]) for row in codes for start in range(len(row) - PIECE + 1)
    }
    assert len(pieces_of(codes, 3)) == len(slow)
    assert share_found(pieces_of(codes[:1], 3), pieces_of(codes, 3)) == 1
    assert share_found(np.array([1, 2, 3, 4]), np.array([2, 9])) == 0.25


def test_e22_a_step_that_never_says_that_it_trains():
    dropped, here = both("E22", "share dropped in a step")
    assert dropped == 0 and here == pytest.approx(0.5, abs=0.08)
    assert both("E22", "the next step drops others") == (False, True)


def test_the_word_that_is_missing_is_training():
    make_repeatable(0)
    values = tf.ones((8, 100))
    layer = keras.layers.Dropout(0.5)
    assert np.array_equal(layer(values), values)
    assert np.mean(layer(values, training=True) == 0) == pytest.approx(0.5, abs=0.1)


def test_e23_chance_of_a_text():
    assert both("E23", "chances of all 125 texts of 3 characters") == (None, pytest.approx(1))
    formula, here = both("E23", "formula of a text's chance")
    assert formula is None and "product" in here


def test_a_score_is_the_logarithm_of_the_product():
    make_repeatable(1)
    model = CharacterModel(vocabulary_size=4, embedding_dim=3, units=5)
    text = np.array([[0, 3, 1, 2, 2]], np.uint8)
    state, chance = model.zero_state(1), 1.0
    for code, target in itertools.pairwise(text[0].tolist()):
        logits, state = model(tf.constant([[code]]), state)
        chance *= float(tf.nn.softmax(logits)[0, 0, target])
    assert math.exp(-Scorer(model).carried(text).sum()) == pytest.approx(chance, rel=1e-5)


def test_e24_caption_reference():
    for told in (choose("E24")[0].correction, entry("E24")):
        assert "Show and Tell: A Neural Image Caption Generator" in told
        assert "CVPR 2015" in told and "1411.4555" in told
        assert "Generating Text with Recurrent Neural Networks" in told and "ICML 2011" in told


def test_e25_paper_not_found():
    assert "no paper of this title" in choose("E25")[0].correction
    assert "Synthetic Data Generation for Scalable Model Evaluation" in entry("E25")
    assert "none was found" in entry("E25").lower()
