"""Chained regressions (chapter 3.1, regression models): each column given those before it.

    p(x_1, ..., x_d) = p(x_1) p(x_2 | x_1) ... p(x_d | x_1, ..., x_{d-1})

The class comes first, then the columns as they stand in the table. A column of numbers is a linear
regression plus a residual drawn from those of the same class; a categorical one a multinomial
logistic regression, from whose probabilities a category is drawn. A regression alone gives a mean
and generates nothing (erratum E32): the drawn residual makes it a generator.
Numbers enter and leave as normal scores (data/tables/encoding.py), which keeps their skewed
marginals.

Reference: Nowok, Raab and Dibben 2016, synthpop: Bespoke Creation of Synthetic Data in R (methods
  `normrank` and `polyreg`).
"""

from baselines import Baseline
from data.source import TABLE

BASELINE = Baseline(
    "each column given those before it",
    data="breast_cancer",
    generators={TABLE: "baselines.regression.chain:TableRegression"},
    fits={TABLE: "baselines.regression.chain:fit"},
)
