"""Written text as training text: chapter/claims/trials/text.py."""

from chapter.claims.designs.few_labels import FIRST_SEED
from chapter.claims.experiment import Trial

TRIALS = {
    "text": Trial(
        "What is text that a model wrote worth as training text?",
        "chapter.claims.trials.text:text_trial",
        "the stretches of text that train and test, the models and what they write",
        {
            "smoke": {
                "seeds": 1,
                "training": 20_000,
                "tested": 4_000,
                "compared": 2_000,
                "budget": 20_000,
                "units": 16,
                "layers": 1,
                "lstm_budget": 20_000,
                "lstm_units": 16,
                "lstm_layers": 1,
                "streams": 16,
                "sequence_length": 32,
                "states": 4,
                "iterations": 2,
            },
            "quick": {
                "seeds": 3,
                "training": 120_000,
                "tested": 20_000,
                "compared": 20_000,
                "budget": 150_000,
                "units": 64,
                "layers": 1,
                "lstm_budget": 200_000,
                "lstm_units": 64,
                "lstm_layers": 1,
                "streams": 16,
                "sequence_length": 32,
                "states": 16,
                "iterations": 8,
            },
            "full": {
                "first_seed": FIRST_SEED,
                "seeds": 8,
                "training": 1_000_000,
                "tested": 100_000,
                "compared": 100_000,
                "budget": None,
                "lstm_budget": 10_000_000,
                "lstm_units": 256,
                "lstm_layers": 2,
                "streams": 32,
                "sequence_length": 64,
                "states": 128,
                "iterations": 40,
            },
        },
        ("data/embedded/shakespeare/shakespeare.txt.xz",),
    ),
}
