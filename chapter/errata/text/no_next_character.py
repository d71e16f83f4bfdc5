"""E17. Nothing turns a text into inputs and targets

- **Place:** 4.3.2, steps 1 and 2 (choose a corpus, train on it), and 5.2.2 (there is no code
  between the two).
- **Wrong:** The loop takes pairs of an input and a target, both of integers, from a data set that
  nothing makes. There is no vocabulary, no cutting into pieces, no held-out part, and nowhere is
  it said that the target is the input one character later, which is all that makes this a text
  generator.
- **Shows:** Whoever gives the text as its own target sees a splendid loss.
  `python run.py errata --only E17`: after 3 epochs it is 0.194, because the model has learnt to
  copy its input; at predicting the next character of held-out text it pays 9.66, where knowing
  nothing would cost 4.30, and after a space it writes spaces without end. With the next character
  as target the same training ends at 2.379, held out 2.337, and writes something that looks like
  words.
- **Here:** `data/texts/load.py:load_text` cleans, splits and encodes with the
  `data/texts/vocabulary.py:Vocabulary` of the training part, `lstm_text/streams.py:Streams.block`
  shifts by one, `lstm_text/train.py:TextLearner.end_epoch` judges on the validation part and
  keeps the best epoch.
- **Test:** `tests/chapter/errata/text/test_exhibits.py::test_e17_no_next_character`
"""

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
