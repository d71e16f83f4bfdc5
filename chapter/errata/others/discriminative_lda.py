"""E29. LDA among the models that have no p(x)

- **Place:** 4.1.2, first item, and the heading above it.
- **Wrong:** Linear discriminant analysis is listed as discriminative, a model of p(y | x). It is
  a generative model: a Gaussian for each class, all with the same covariance, and a share for
  each class. Its straight borders follow from Bayes' rule. Logistic regression, the next item,
  has the same borders and no p(x).
- **Shows:** `python run.py errata --only E29`: on digits, all of LDA's answers are those of
  Bayes' rule on its Gaussians, and rows can be drawn from them; logistic regression, trained
  apart, says of 65 % of 1,000 drawn rows that they belong to the class they were drawn for. From
  logistic regression itself nothing can be drawn.
- **Here:** `evaluation/judges/classical.py:train_lda` says so; as a judge of training sets it is
  used as the chapter means it, for classification and for reducing dimensions.
- **Test:** `tests/chapter/errata/others/test_exhibits.py::test_e29_discriminative_lda`
"""

import numpy as np
import scipy.stats
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

from chapter.errata.exhibit import Exhibit, Measures
from data.images.load import load_images
from foundation.purposes import MODEL_ERRATA, rng


def exhibit(seed: int) -> Exhibit:
    """E29: LDA is Bayes' rule on a Gaussian for each class, and so can draw x; others cannot."""
    generator = rng(seed, MODEL_ERRATA, 29)
    mnist = load_images("mnist", max_images=4_000)
    rows = mnist.train.images.reshape(-1, 784)[:, ::13] / 255.0  # 61 pixels: a regular covariance
    rows, labels = rows + 0.01 * generator.normal(size=rows.shape), mnist.train.labels
    lda = LinearDiscriminantAnalysis(solver="lsqr", store_covariance=True).fit(rows, labels)
    log_densities = np.stack(
        [scipy.stats.multivariate_normal(mean, lda.covariance_).logpdf(rows) for mean in lda.means_]
    )  # ln p(x | y), (classes, n)
    by_bayes = (log_densities + np.log(lda.priors_)[:, np.newaxis]).argmax(axis=0)
    asked = np.arange(1000) % 10
    drawn = lda.means_[asked] + generator.multivariate_normal(
        np.zeros(rows.shape[1]), lda.covariance_, len(asked)
    )
    logistic = LogisticRegression(max_iter=200, tol=1e-3).fit(rows, labels)

    def measures(model: str, equal: float | None, called_so: float | None) -> Measures:
        return {
            "model": model,
            "answers equal to Bayes' rule on p(x | y) p(y)": equal,
            "of 1,000 rows drawn for a class, share that the other model calls so": called_so,
        }

    equal, called_so = lda.predict(rows) == by_bayes, logistic.predict(drawn) == asked
    return Exhibit(
        measures("logistic regression", None, None),
        measures("LDA", float(np.mean(equal)), float(np.mean(called_so))),
    )
