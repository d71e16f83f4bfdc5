"""The words of the part on the other models."""

NAMES = {
    "interpolation": "interpolation (SMOTE)",
    "inverse_transform": "inverse transform, copula",
    "regression": "chained regressions",
    "gmm": "Gaussian mixture",
    "vae": "variational autoencoder",
}
CAPTIONS = {
    "interpolation": "Interpolation: a point between a digit and one of its five nearest.",
    "inverse_transform": "Inverse transform: each principal component drawn from its own "
    "distribution, tied together by a Gaussian copula, one for each class.",
    "gmm": "Gaussian mixture, one for each class, fitted by EM to principal components.",
    "vae": "Variational autoencoder, conditional on the digit.",
}
MEASURES = {
    "frechet_distance": "Fréchet",
    "precision": "precision",
    "recall": "recall",
    "coverage": "coverage",
    "class_confirmed": "class confirmed",
    "ks": "KS",
    "correlation_difference": "correlation diff.",
    "detection_auc": "detection AUC",
    "attack_auc_calibrated": "attack AUC",
}
IMAGES = (
    "The chapter names more ways to generate than it prints. Here they are on the same digits, "
    "each fitted to the training part and drawn with the same labels; the grids show the first "
    "samples, a column a digit."
)
IMAGES_READ = (
    "Interpolation stays near real images, so it looks best and adds least: what lies between two "
    "neighbours was nearly there before. The inverse transform and the mixture blur. None of "
    "these figures says what the samples are worth as training data; `python run.py claims` does."
)
TABLE = (
    "569 tumours, 30 measures of their cell nuclei, and the diagnosis: the chapter's prediction of "
    "a disease. Rows are split first; each step below is fitted to the training part alone."
)
STEPS = "What preparation did (3.2.1)"
TABLE_READ = (
    "KS compares single columns, the correlation difference pairs of them; the detection AUC is a "
    "classifier's that tells synthetic from real (0.5: it cannot), the attack AUC one's that tells "
    "who was in the training part (0.5: nobody is betrayed). A method that copies its rows does "
    "well on the first and badly on the last. With so few test rows a point of accuracy is one "
    "patient."
)
FUSION = (
    "A training set in which three digits are rare is filled up with synthetic ones until all are "
    "as frequent. Every sample keeps its origin, and images of the validation or test part are "
    "refused by their hash (`python run.py fuse`)."
)
FUSION_CAPTION = "Samples of the fused training set"


def alt(name: str) -> str:
    """What a grid shows, for those who cannot see it."""
    return f"A grid of synthetic digits, one column a class: {NAMES[name]}."


def image_caption(report: dict) -> str:
    """Under which sizes the images were compared."""
    return (
        f"{report['synthetic_count']:,} synthetic against as many held-out images; the features "
        "are those of this project's own network"
    )


def table_caption(report: dict) -> str:
    """Sizes, and what the last columns are."""
    return (
        f"{report['synthetic_rows']} synthetic rows of each model; the classifiers' columns are "
        f"percent right of {report['held_out_rows']} real test rows after training on them"
    )


def hmm(scores: dict) -> str:
    """How well the hidden Markov model predicts."""
    return (
        "A hidden Markov model remembers one of a few dozen states and nothing else. On held-out "
        f"text it needs {scores['model_bits']:.2f} bits a character; the n-gram, which remembers "
        f"the last six characters, {scores['ngram_bits']:.2f}. Its words are pronounceable and "
        "mean nothing."
    )
