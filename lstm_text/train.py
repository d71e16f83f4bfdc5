"""Train the character model: text, streams, epochs of steps; after each epoch a judgement."""

import math
import shlex
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from data.texts.load import TextCorpus, load_text
from data.texts.vocabulary import Vocabulary
from foundation.console import print_cut
from foundation.errors import InputError
from foundation.files import write_text
from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel
from lstm_text.origin import origin_of, start_from
from lstm_text.score import Scorer, fit_scale, mean_loss, scale_logits
from lstm_text.step import TextTrainer, negative_log_likelihood
from lstm_text.streams import Streams
from lstm_text.trained import TrainedText
from training.seeds import make_repeatable
from training.stored import save_generator
from training.trainer import train_run

STEPS_A_CALL = 8  # seconds at the most: how long a signal waits, and how often the bar moves
VALIDATION_ROWS = 32  # read side by side
MOST_VALIDATION = 250_000  # characters judged after each epoch
SAMPLE_LENGTH = 300
INITIAL_TOLERANCE = 0.02  # of ln(vocabulary)

HOW_TO_READ = (
    "Healthy: both fall together, then more slowly. Validation rising while training still falls: "
    "the text is being learnt by heart\n(the run keeps the weights of the best epoch). "
    "The dotted line is chance: all characters equally likely."
)


def train(settings: TextSettings) -> dict:
    """Train a character model and leave a run directory.

    Returns: {"run": path, "best_epoch", and the last epoch's row of history.csv}.
    Raises: InputError (data, flags), Diverged (a loss is NaN or infinite), Interrupted (after a
    checkpoint), OSError (the disk refuses).
    """
    origin = origin_of(settings)
    corpus = load_corpus(settings, origin)
    streams = streams_of(settings, corpus)
    print(corpus.protocol)
    print_cut(corpus.cut, "--max-characters")
    if streams.streams < settings.batch_size:
        print(
            f"note: --batch-size {settings.batch_size} lowered to {streams.streams}, as the text "
            f"is too short for --least-steps {settings.least_steps} else"
        )
    make_repeatable(settings.seed)
    if settings.resume and settings.epochs > settings.decay_epochs:
        print(f"note: the step size stays at its lowest after epoch {settings.decay_epochs}")
    learner, history = train_run(
        settings,
        "text",
        corpus.sha256,
        lambda run: TextLearner(settings, corpus, run, origin),
        {"from": origin} if origin else None,
    )
    run = str(learner.run)
    best, loss = int(learner.trainer.best_epoch), float(learner.trainer.best_loss)
    calibration = ", before calibration" if settings.calibrate else ""
    print(
        f"done: {run}  best validation {loss:.4f} nats a character "
        f"in epoch {best}{calibration}  (losses.png, samples/; next: python run.py text generate "
        f"{shlex.quote(run)})"
    )
    if loss > (1 - INITIAL_TOLERANCE) * math.log(corpus.vocabulary.size):
        print("note: that is no better than chance; give more --epochs, or a longer text")
    return {"run": run, "best_epoch": best, **history.last}


def load_corpus(settings: TextSettings, origin: dict | None = None) -> TextCorpus:
    """The text that the settings name, split and encoded; what `origin_of` knows is known, too.

    Raises: InputError if the text is at fault.
    """
    how = settings.split, settings.encoding, settings.max_characters
    known = Vocabulary.from_json(origin["vocabulary"]) if origin else None
    corpus = load_text(settings.data, *how, quiet=settings.quiet, known=known)
    if not (corpus.validation[:, 1:] != Vocabulary.UNKNOWN).any():
        raise InputError(
            f"{settings.data}, whose validation part has no character that the training part has",
            "a text whose parts are alike",
            "use another text, or --split interleaved",
        )
    return corpus


def streams_of(settings: TextSettings, corpus: TextCorpus) -> Streams:
    """The training text as --batch-size streams, or as fewer if it is short (--least-steps).

    Raises: InputError if even one stream has no more steps than the step size takes to rise.
    """
    for count in range(settings.batch_size, 0, -1):
        streams = Streams(corpus.train, count, settings.sequence_length, settings.seed)
        if (total := settings.decay_epochs * streams.steps) >= settings.least_steps:
            break
    if total > settings.warmup_steps:
        return streams
    raise InputError(
        f"{total} steps in all for {settings.data}, {corpus.train.size} training characters",
        f"more than --warmup-steps {settings.warmup_steps}, over which the step size rises",
        f"give --epochs {settings.warmup_steps // streams.steps + 1}, a longer text, or a smaller "
        "--sequence-length",
    )


class TextLearner:
    """The character model as the training loop sees it (training.trainer.RunLearner)."""

    steps_a_call, how_to_read = STEPS_A_CALL, HOW_TO_READ

    def __init__(
        self, settings: TextSettings, corpus: TextCorpus, run: Path, origin: dict | None = None
    ):
        self.settings, self.corpus, self.run, self.origin = settings, corpus, run, origin
        self.streams = streams_of(settings, corpus)
        self.steps = self.streams.steps
        total_steps = settings.decay_epochs * self.steps
        self.trainer = trainer = TextTrainer(
            settings, corpus.vocabulary.size, self.streams.streams, total_steps
        )
        self.averages, self.tracked = trainer.averages, trainer.tracked
        self.scorer = Scorer(trainer.judged)
        self.writer = TrainedText(trainer.judged, corpus.vocabulary)
        rows = len(corpus.validation)
        self.validation = corpus.validation[:, : max(MOST_VALIDATION // rows, 2)]
        self.parallel = max(1, VALIDATION_ROWS // rows)
        self.title = (
            f"a character LSTM of {trainer.model.count_params():,} weights on "
            f"{corpus.train.size:,} characters of {settings.data}"
        )
        self.panels = {
            "loss, nats a character": {
                "loss": "training",
                "validation_loss": "validation",
                str(math.log(corpus.vocabulary.size)): "= chance",
            },
            "learning rate": {"learning_rate": "at the end of the epoch"},
        }

    def start(self) -> None:
        """Print the loss beside ln(vocabulary), which it must be near without --from."""
        if self.origin:
            start_from(self.origin, self.trainer, self.corpus.vocabulary)
        inputs, targets, weights = self.streams.block(0, 0, 1)
        model, size = self.trainer.model, self.corpus.vocabulary.size
        logits, _ = model(tf.constant(inputs[0]), model.zero_state(self.streams.streams))
        losses = negative_log_likelihood(logits, targets[0]).numpy()
        loss = float(np.average(losses, weights=weights[0]))
        chance = math.log(size)
        print(f"loss before training {loss:.3f}; all {size} equally likely would be {chance:.3f}")
        if not self.origin and abs(loss - chance) > INITIAL_TOLERANCE * chance:
            print(
                f"warning: these two differ by more than {INITIAL_TOLERANCE:.0%}: "
                "the untrained model already prefers some characters",
                file=sys.stderr,
            )

    def variables(self) -> list[tf.Variable]:
        return self.trainer.model.variables

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        if first_step == 0:
            self.trainer.start_epoch()

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        step = epoch * self.steps + first
        rates = self.trainer.learning_rates(step, last - first)
        read = map(tf.constant, (*self.streams.block(epoch, first, last), rates))
        self.trainer.train_steps(*read, tf.constant(step, tf.int32))

    def end_epoch(self, epoch: int) -> dict[str, float]:
        """Judge on validation text, keep the model if it is the best so far, write a sample."""
        # erratum E19: the listing judges nothing, saves nothing and never writes a character.
        trainer = self.trainer
        loss = mean_loss(self.scorer.carried(self.validation, self.parallel), self.validation)
        if loss < float(trainer.best_loss):
            trainer.best_loss.assign(loss)
            trainer.best_epoch.assign(epoch + 1)
            self.save()
        directory = self.run / "samples"
        directory.mkdir(exist_ok=True)
        (sample,) = self.writer.sample(self.settings.seed, 0, 1, length=SAMPLE_LENGTH)
        write_text(directory / f"epoch_{epoch + 1:04d}.txt", sample + "\n")
        (rate,) = trainer.learning_rates((epoch + 1) * self.steps - 1, 1).tolist()
        bits = loss / math.log(2)
        return {"validation_loss": loss, "validation_bits": bits, "learning_rate": rate}

    def enough(self, epochs_done: int) -> bool:
        return False  # the step size falls until the last epoch; the best one is kept

    def save(self) -> None:
        """Write the judged model as the run's model, with --calibrate a calibrated copy of it."""
        writer, scale = self.writer, 1.0
        if self.settings.calibrate:
            scale = fit_scale(self.scorer, self.validation, self.parallel)
            model = CharacterModel(self.corpus.vocabulary.size, *self.settings.model_sizes)
            model.set_weights(self.trainer.judged.get_weights())
            scale_logits(model, scale)
            writer = TrainedText(model, self.corpus.vocabulary)
        save_generator(
            self.run,
            writer,
            model="lstm_text.character_model",
            epoch=int(self.trainer.best_epoch),
            logit_scale=scale,  # already in the weights; it stands there to be read
        )

    def finish(self) -> None:
        if int(self.trainer.best_epoch) == 0:  # stopped before the first judgement
            self.save()
