"""E17. Nothing turns a text into inputs and targets

- **Place:** 4.3.2, steps 1 and 2 (choose a corpus, train on it), and 5.2.2 (there is no code
  between the two).
- **Wrong:** The loop takes pairs of an input and a target, both of integers, from a data set that
  nothing makes. There is no vocabulary, no cutting into pieces, no held-out part, and nowhere is
  it said that the target is the input one character later, which is all that makes this a text
  generator.
- **Shows:** Whoever gives the text as its own target sees a splendid loss.
  `python run.py errata --only E17`: after 4 epochs it is 0.070, because the model has learnt to
  copy its input; at predicting the next character of held-out text it pays 10.72, where knowing
  nothing would cost 4.30, and after a space it writes spaces without end. With the next character
  as target the same training ends at 2.248, held out 2.227, and writes something that looks like
  words.
- **Here:** `data/texts/load.py:load_text` cleans, splits and encodes with the
  `data/texts/vocabulary.py:Vocabulary` of the training part, `lstm_text/streams.py:Streams.block`
  shifts by one, `lstm_text/train.py:TextLearner.end_epoch` judges on the validation part and
  keeps the best epoch.
- **Test:** `tests/chapter/errata/text/test_exhibits.py::test_e17_no_next_character`
"""

import math

from chapter.errata.exhibit import Exhibit
from chapter.errata.text.small_text import held_out_text, small_text, trained
from lstm_text.score import Scorer, mean_loss
from lstm_text.trained import TrainedText


def exhibit(seed: int) -> Exhibit:
    """E17: a model whose target is its own input, and one whose target is the next character."""
    corpus = small_text()
    trainings = {"defect": trained(seed, copying=True), "cure": trained(seed)}
    held_out = held_out_text()

    def measures(side: str, share_held_out: float) -> dict:
        model, last_loss = trainings[side]
        losses = Scorer(model).carried(held_out)
        writer = TrainedText(model, corpus.vocabulary)
        (text,) = writer.sample(seed, 0, 1, length=60, prime="The ")
        return {
            "share of the text held out": share_held_out,
            "loss that training ends with": last_loss,
            "loss at predicting the next character, held out": mean_loss(losses, held_out),
            "chance (all characters equally likely)": math.log(corpus.vocabulary.size),
            'what it writes after "The "': repr(text),
            "different characters in that": len(set(text)),
        }

    total = sum(part.size for part in corpus.parts.values())
    return Exhibit(measures("defect", 0.0), measures("cure", 1 - corpus.train.size / total))
