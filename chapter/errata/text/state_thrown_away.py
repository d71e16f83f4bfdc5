"""E16. A batch size that nothing reads, and a state thrown away after each batch

- **Place:** 5.2.2, the last argument of the function that builds the model and of the one that
  trains it.
- **Wrong:** Both take a batch size and never use it. It is a relic of a stateful model, which
  needs to know how many texts it reads side by side because it keeps a state for each of them.
  This one keeps none: every batch is read as if nothing had stood before it, in training and
  afterwards.
- **Shows:** `python run.py errata --only E16`: the listing's model reads a batch the same
  whatever came before. A model trained here for 4 epochs has a held-out loss of 2.276 if its
  state is thrown away every 32 characters, and of 2.227 if it is carried on, on the same text
  (seeds 1 to 3: 0.055 to 0.057 between the two). It pays at the beginning: the first character of
  a batch costs 3.114 against 2.223, those of the second half 2.219 either way. A model that was
  itself trained without a carried state reaches 2.399.
- **Here:** `lstm_text/streams.py:Streams` cuts the text into as many streams as a batch has rows,
  and row s of a step goes on where row s of the step before stopped;
  `lstm_text/step.py:TextTrainer.train_steps` carries the state, which is an argument and a result
  of `lstm_text/model.py:CharacterModel`.
- **Test:** `tests/chapter/errata/text/test_exhibits.py::test_e16_state_thrown_away`
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from chapter.errata.exhibit import CURE, DEFECT, Exhibit
from chapter.errata.text.small_text import (
    SEQUENCE_LENGTH,
    held_out_text,
    listing_model,
    small_text,
    trained,
)
from lstm_text.score import Scorer


def exhibit(seed: int) -> Exhibit:
    """E16: the same model on the same text, forgetting at each batch's end, and remembering."""
    (model, _), segments = trained(seed), held_out_text()
    carried = Scorer(model).carried(segments)[0]
    rows = carried.reshape(-1, SEQUENCE_LENGTH)  # as a batch of the listing would cut the text
    starts = np.arange(len(rows))[:, np.newaxis] * SEQUENCE_LENGTH
    windows = segments[0, starts + np.arange(SEQUENCE_LENGTH + 1)]
    thrown_away = Scorer(model).carried(windows)
    never_carried = Scorer(trained(seed, carrying=False)[0]).carried(windows)

    def measures(losses: np.ndarray, in_its_own_way: np.ndarray, differ: bool) -> dict:
        return {
            "what stood before a batch changes how it is read": differ,
            "held-out loss, nats a character": float(losses.mean()),
            "the same, first character of each batch": float(losses[:, 0].mean()),
            f"the same, characters {SEQUENCE_LENGTH // 2 + 1} to {SEQUENCE_LENGTH}": float(
                losses[:, SEQUENCE_LENGTH // 2 :].mean()
            ),
            "held-out loss of a model trained in the same way": float(in_its_own_way.mean()),
        }

    listing = listing_model(small_text().vocabulary.size, 8, 8, seed)
    return Exhibit(
        measures(
            thrown_away,
            never_carried,
            remembers(lambda codes, state: (listing(codes), state), windows, None),
        ),
        measures(rows, rows, remembers(model, windows, model.zero_state(1))),
        losses_in_window(thrown_away.mean(axis=0), rows.mean(axis=0)),
    )


def remembers(read: Callable, windows: np.ndarray, state: tf.Tensor | None) -> bool:
    """Whether a model's answer to the second of two batches depends on the first."""
    batches = tf.constant(windows[:3, np.newaxis, :-1].astype(np.int32))  # each (1, characters)
    answers = []
    for before in (0, 1):
        _, after = read(batches[before], state)
        answers.append(read(batches[2], after)[0])
    return bool(tf.reduce_any(answers[0] != answers[1]))


def losses_in_window(thrown_away: np.ndarray, carried: np.ndarray) -> Figure:
    """E16: the loss at each place of a batch.

    Args:
      thrown_away, carried: nats a character, shape (characters of a batch,).
    """
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    places = np.arange(1, len(carried) + 1)
    for losses, color, legend in (
        (thrown_away, DEFECT, "state thrown away before each batch"),
        (carried, CURE, "state carried on"),
    ):
        axes.plot(places, losses, color=color, label=f"{legend}: mean {losses.mean():.3f}")
    axes.set(
        xlabel="place of the character in its batch",
        ylabel="loss, nats a character",
        title="the same model, the same characters",
    )
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    return figure
