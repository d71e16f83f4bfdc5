"""E17. Nothing turns a text into inputs and targets: see docs/errata.md."""

import math

from chapter.errata.exhibit import Exhibit, Measures
from chapter.errata.text.small_text import held_out_text, reader, small_text, trained
from lstm_text.score import mean_loss
from lstm_text.trained import TrainedText


def exhibit(seed: int) -> Exhibit:
    """E17: a model whose target is its own input, and one whose target is the next character."""
    corpus, held_out = small_text(), held_out_text()
    model, scorer = reader()
    writer = TrainedText(model, corpus.vocabulary)

    def measures(share_held_out: float, weights: list, last_loss: float) -> Measures:
        model.set_weights(weights)
        (text,) = writer.sample(seed, 0, 1, length=60, prime="The ")
        return {
            "share of the text held out": share_held_out,
            "loss that training ends with": last_loss,
            "loss at predicting the next character, held out": mean_loss(
                scorer.carried(held_out), held_out
            ),
            "chance (all characters equally likely)": math.log(corpus.vocabulary.size),
            'what it writes after "The "': repr(text),
            "different characters in that": len(set(text)),
        }

    share = 1 - corpus.train.size / sum(part.size for part in corpus.parts.values())
    return Exhibit(measures(0.0, *trained(seed, copying=True)), measures(share, *trained(seed)))
