"""E16. A batch size that nothing reads, and a state thrown away after each batch:
see docs/errata.md.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from chapter.errata.exhibit import CURE, DEFECT, Exhibit, Measures, line_figure
from chapter.errata.text.small_text import (
    SEQUENCE_LENGTH,
    held_out_text,
    listing_model,
    reader,
    small_text,
    trained,
)

HALF = SEQUENCE_LENGTH // 2


def exhibit(seed: int) -> Exhibit:
    """E16: the same model on the same text, forgetting at each batch's end, and remembering."""
    (model, scorer), segments = reader(), held_out_text()
    model.set_weights(trained(seed)[0])
    carried = scorer.carried(segments)[0]
    rows = carried.reshape(-1, SEQUENCE_LENGTH)  # as a batch of the listing would cut the text
    starts = np.arange(len(rows))[:, np.newaxis] * SEQUENCE_LENGTH
    windows = segments[0, starts + np.arange(SEQUENCE_LENGTH + 1)]
    thrown_away = scorer.carried(windows)

    def measures(losses: np.ndarray, differ: bool) -> Measures:
        return {
            "what stood before a batch changes how it is read": differ,
            "held-out loss, nats a character": float(losses.mean()),
            "the same, first character of each batch": float(losses[:, 0].mean()),
            f"the same, characters {HALF + 1} to {2 * HALF}": float(losses[:, HALF:].mean()),
        }

    listing = listing_model(small_text().vocabulary.size, 8, 8, seed)
    stateless = remembers(lambda codes, state: (listing(codes), state), windows, None)
    places = np.arange(1, SEQUENCE_LENGTH + 1)
    return Exhibit(
        measures(thrown_away, stateless),
        measures(rows, remembers(model, windows, model.zero_state(1))),
        line_figure(
            {
                "state thrown away before each batch": (places, thrown_away.mean(axis=0), DEFECT),
                "state carried on": (places, rows.mean(axis=0), CURE),
            },
            title="the same model, the same characters",
            xlabel="place of the character in its batch",
            ylabel="loss, nats a character",
        ),
    )


def remembers(read: Callable, windows: np.ndarray, state: tf.Tensor | None) -> bool:
    """Whether a model's answer to the second of two batches depends on the first."""
    batches = tf.constant(windows[:3, np.newaxis, :-1].astype(np.int32))  # each (1, characters)
    answers = []
    for before in (0, 1):
        _, after = read(batches[before], state)
        answers.append(read(batches[2], after)[0])
    return bool(tf.reduce_any(answers[0] != answers[1]))
