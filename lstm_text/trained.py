"""Text from a trained model, each stream a pure function of (run, seed, stream, prime, choice)."""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from data.texts.vocabulary import Vocabulary
from foundation.errors import InputError
from lstm_text.config import MODEL_SIZES, TextSettings
from lstm_text.model import CharacterModel
from lstm_text.sampler import MOST_PIECES, PIECE, Sampler, Start
from training.finished import load_weights, read_description
from training.run_directory import read_config

DEFAULT_TEMPERATURE = 0.8


def describe_model(
    settings: TextSettings, vocabulary: Vocabulary, epoch: int, logit_scale: float = 1.0
) -> dict:
    """What model.json says: enough to rebuild the model and to read what it writes.

    `logit_scale` is already in the weights; it stands there to be read.
    """
    return {
        "model": "lstm_text.character_model",
        "epoch": epoch,
        "logit_scale": logit_scale,
        **dict(zip(MODEL_SIZES, settings.model_sizes, strict=True)),
        "vocabulary": vocabulary.to_json(),
    }


@dataclasses.dataclass(frozen=True)
class TrainedText:
    """A character model that writes.

    Args:
      run: the run directory, for messages.
      model: the model.
      vocabulary: of its training text.
    """

    run: Path
    model: CharacterModel
    vocabulary: Vocabulary
    _samplers: dict = dataclasses.field(default_factory=dict)

    def sampler(
        self,
        temperature: float = DEFAULT_TEMPERATURE,
        top_k: int | None = None,
        top_p: float | None = None,
    ) -> Sampler:
        """The sampler of a choice, compiled once."""
        choice = (temperature, top_k, top_p)
        if choice not in self._samplers:
            self._samplers[choice] = Sampler(self.model, *choice)
        return self._samplers[choice]

    def prime_codes(self, prime: str | None) -> list[int]:
        """The prime text as codes; None: a line break, or the first character if there is none.

        Raises: InputError naming the characters that the training text does not have.
        """
        if prime is None:
            prime = "\n" if "\n" in self.vocabulary.characters else self.vocabulary.characters[0]
        self.check_known("--prime", prime)
        return self.vocabulary.encode(prime).tolist()

    def check_known(self, flag: str, text: str) -> None:
        """Raises: InputError naming the characters that the training text does not have."""
        unknown = self.vocabulary.unknown_in(text)
        if unknown:
            shown = ", ".join(f"{each!r} (U+{ord(each):04X})" for each in unknown[:5])
            raise InputError(
                f"{flag} has {shown}, which the training text of {self.run} has not",
                f"characters among the {len(self.vocabulary.characters)} of that text",
                f"change {flag}",
            )

    def pieces(
        self,
        sampler: Sampler,
        start: Start,
        seed: int,
        streams: Sequence[int],
        characters: int = PIECE * MOST_PIECES,
    ) -> Iterator[np.ndarray]:
        """Endless text of some streams, part by part.

        Args:
          sampler: from `sampler`.
          start: from `sampler.start`.
          seed: of the draws.
          streams: which streams.
          characters: of each stream and part; rounded up to a multiple of PIECE, and at most
            PIECE * MOST_PIECES.

        Returns: int32 arrays (streams, characters).
        """
        count, first = min(-(-characters // PIECE), MOST_PIECES), 0
        while True:
            drawn, start, _ = sampler.next(start, seed, streams, first, count)
            yield drawn.numpy()
            first += count

    def text(
        self,
        seed: int,
        stream: int,
        length: int,
        prime: str | None = None,
        temperature: float = DEFAULT_TEMPERATURE,
    ) -> str:
        """The first `length` characters of one stream."""
        sampler = self.sampler(temperature)
        start = sampler.start(self.prime_codes(prime))
        text = ""
        for part in self.pieces(sampler, start, seed, [stream], length):
            text += self.vocabulary.decode(part[0])
            if len(text) >= length:
                return text[:length]


def load_text_model(run: str | Path) -> TrainedText:
    """Read a trained model back from RUN/model.

    Raises: InputError if `run` is no text run, or its model is missing or damaged.
    """
    read_config(run, "text")
    description = read_description(run, (*MODEL_SIZES, "vocabulary"))
    sizes = [description[key] for key in MODEL_SIZES]
    if not all(isinstance(size, int) and size >= 0 for size in sizes) or not all(sizes[:3]):
        raise InputError(
            f"{Path(run) / 'model' / 'model.json'} with the sizes {sizes}",
            f"whole numbers for {', '.join(MODEL_SIZES)}",
            "restore the file as `text train` wrote it, or train again",
        )
    vocabulary = Vocabulary.from_json(description["vocabulary"])
    model = CharacterModel(vocabulary.size, *sizes)
    load_weights(run, model, description)
    return TrainedText(Path(run), model, vocabulary)
