"""The hidden Markov model (4.1.1): its formulas, what a state shows, Baum-Welch, texts, series."""

from baselines import Baseline, Flag
from data.source import SERIES, TEXT

BASELINE = Baseline(
    "hidden Markov model, by Baum-Welch",
    data="shakespeare",
    generators={TEXT: "baselines.hmm.texts:TextHmm", SERIES: "baselines.hmm.series:SeriesHmm"},
    learners={
        TEXT: "baselines.hmm.texts:TextLearner",
        SERIES: "baselines.hmm.series:SeriesLearner",
    },
    flags={
        "epochs": Flag(int, 40, "iterations of EM, in total, also with --resume", minimum=1),
        "batch_size": Flag(int, 512, "streams read side by side", minimum=1),
        "states": Flag(int, 64, "hidden states", minimum=1, maximum=1000),
        "sequence_length": Flag(
            int, 256, "characters of a stream; it knows none before it", TEXT, minimum=2
        ),
        "smoothing": Flag(float, 0.01, "added to every expected count", minimum=1e-9),
        "covariance_floor": Flag(
            float, 1e-3, "added to every variance of columns of variance 1", SERIES, minimum=1e-9
        ),
        "tolerance": Flag(float, 1e-4, "stop when fewer nats a step are gained", minimum=0.0),
    },
    presets={
        "smoke": {"epochs": 2, "states": 8, "batch_size": 32, "tolerance": 1e-3},
        "full": {"epochs": 60, "states": 128, "tolerance": 1e-5},
        (TEXT, "smoke"): {"max_characters": 20_000, "sequence_length": 64},
        (TEXT, "quick"): {"max_characters": 1_200_000},
    },
)
