"""E29. LDA among the models that have no p(x): see docs/errata.md."""

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
