"""Inverse-transform sampling (chapter 3.2.3) with a Gaussian copula.

    x_j = F_j^-1(u_j),    u_j = Phi(z_j),    z ~ N(0, R)

F_j is the empirical distribution of column j (data/tables/encoding.py, NormalScores). With
independent u_j this is the textbook's inverse transform, column by column (erratum E35); R, the
correlation of the columns' normal scores, gives them their dependence. Each class has its own F and
R. A column keeps its marginal; of the dependence only what a Gaussian has is kept: no curves, no
clusters.

Reference: Klaassen and Wellner 1997, Efficient estimation in the bivariate normal copula model:
  normal margins are least favourable (the correlation of normal scores); Nelsen 2006, An
  Introduction to Copulas, section 2.9 (the inverse transform).
"""

from baselines import Baseline, Flag
from data.source import IMAGES, TABLE

BASELINE = Baseline(
    "empirical marginals and a Gaussian copula",
    data="mnist",
    generators={
        IMAGES: "baselines.inverse_transform.copula:ImageInverseTransform",
        TABLE: "baselines.inverse_transform.copula:TableInverseTransform",
    },
    fits={
        IMAGES: "baselines.inverse_transform.copula:fit_images",
        TABLE: "baselines.inverse_transform.copula:fit_table",
    },
    flags={
        "per_class": Flag(bool, True, "one model for each class, if the data have labels"),
        "pca_dims": Flag(int, 64, "principal components of an image", IMAGES, minimum=1),
        "copula": Flag(bool, True, "a Gaussian copula; without: every column on its own"),
    },
    presets={(IMAGES, "smoke"): {"max_images": 512}},
)
