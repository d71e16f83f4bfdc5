"""The Kneser-Ney n-gram: the yardstick for texts, and a generator of them."""

from baselines import Baseline, Flag
from data.source import TEXT

BASELINE = Baseline(
    "Kneser-Ney n-gram, by counting",
    data="shakespeare",
    generators={TEXT: "baselines.ngram.texts:TextNgram"},
    fits={TEXT: "baselines.ngram.texts:fit"},
    flags={"context": Flag(int, 6, "characters before a character that are looked at", minimum=0)},
    presets={
        "smoke": {"max_characters": 20_000, "context": 4},
        "quick": {"max_characters": 1_200_000},
    },
)
