"""What a random number is for: two purposes with the same seed have nothing in common.

Every random number follows from (seed, purpose, index), never from how often something was called:
the noise of epoch 3 is another than its data order, and a resumed run draws what the unbroken one
would have drawn. Here are all purposes, so that no value comes twice, and the one door to NumPy's
generators. TensorFlow's take the same purposes (training.seeds).

NumPy pads what it is seeded with by zeros: `default_rng(5)`, `default_rng([5, 0])` and
`default_rng([5, 0, 0])` are one stream. So each purpose always comes with the same number of
indices, and nothing is drawn from a seed alone.
"""

import numpy as np

# Training: the epoch or the step follows.
DATA_ORDER, TRAINING_NOISE, SAMPLE_NOISE, GENERATION_NOISE = range(4)
STREAM_OFFSET = 101
TEXT_WINDOWS = 102

# The fits and samples of the other models: the chunk, the sample or the component follows.
NGRAM_TEXT = 110
KMEANS_START = 120
MIXTURE_DRAW = 121
HMM_START, HMM_TEXT, HMM_PATH, HMM_VALUE = 122, 123, 124, 125
INTERPOLATION, INVERSE_TRANSFORM, REGRESSION = 130, 131, 132
VAE_SAMPLES, VAE_WEIGHTS, VAE_VALIDATION = 140, 141, 142
ROW_LABELS, ROW_NAMES = 137, 151  # the labels of synthetic rows; names that share a place

# Mixing, augmenting and judging.
FUSION_DRAW = 160
TEXT_AUGMENTATION = 195
SVM_ROWS = 139
TABLE_JUDGE_ROWS = 138

# Measuring.
COMPARED_IMAGES = 145
FEATURE_TURNS = 147
BINNED_ROWS, BINNED_IMAGES = 148, 149
SCORED_SAMPLES = 150
FUSE_IMAGES = 169
EVIDENCE_IMAGES = 168
NEARER_IMAGES = 161
NOISE, SHIFT, ROTATION = 162, 163, 164  # what images are worsened by
PLANE_ROWS = 165
ATTACK_ROWS = 133
TEXT_ATTACK = 166
TEXT_PIECES = 167
UTILITY_ROWS = 134
COMPARED_ROWS = 135
DETECTION_ROWS = 136

# The trials of the claims.
CONTROL_IMAGES, UNBALANCED_IMAGES, REPEATED_IMAGES, LABELLED_IMAGES = 170, 171, 172, 173
FRESH_IMAGES = 174
SOURCE_DATA = 175
TABLE_TRIAL, TEXT_TRIAL = 190, 191

# The exhibits of the errata, whose number follows; the benchmarks.
MODEL_ERRATA, DATA_ERRATA, TEXT_ERRATA = 180, 181, 182
BENCHMARK = 199


SPLIT_SEED = 20240614


def split_rng() -> np.random.Generator:
    """The generator that splits the data sets, the same for every seed of a run.

    It has no purpose: all published figures rest on these splits.
    """
    return np.random.default_rng(SPLIT_SEED)


def feature_order_rng(epoch: int) -> np.random.Generator:
    """The generator of the order in which a feature network sees its images.

    Without a purpose, as the shipped weights were trained with it: every published Fréchet distance
    rests on them.
    """
    return np.random.default_rng([1, epoch])


def rng(seed: int, purpose: int, *index: int) -> np.random.Generator:
    """NumPy's generator of one purpose.

    Args:
      seed: in [0, 2^31); a larger one would be two words for NumPy, and the purpose the third.
      purpose: one of this file.
      index: which epoch, chunk or sample; each in [0, 2^32).
    """
    return np.random.default_rng([seed, purpose, *index])
