"""Exhibits of the chapter's formulas and words on its other models: E26, E29, E30, E31, E34."""

import itertools

import numpy as np
import scipy.stats
import tensorflow as tf
from matplotlib.figure import Figure
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.svm import SVC

from baselines.gmm.em import Mixture, log_density, maximization
from baselines.hmm.em import forward
from chapter.errata.entry import Exhibit
from chapter.errata.gan.pictures import CURE, DEFECT
from data.images.load import load_images

PURPOSE = 180  # of this file's random numbers
STATES, SYMBOLS, STEPS = 3, 4, 5  # of E34: 4^5 = 1,024 series, 3^5 = 243 paths each


def weights_without_constraint(seed: int) -> Exhibit:
    """E26: what the formula of the mixture integrates to, with weights that nothing binds."""
    mu, sigma = np.array([[-2.0], [1.0]]), np.ones((2, 1, 1))
    rows = np.random.default_rng([seed, PURPOSE, 26]).normal([[-2.0], [1.0]], 1.0, (2, 500))
    share = np.repeat(np.eye(2), 500, axis=0)
    learnt = maximization(
        tf.constant(rows.reshape(-1, 1)), tf.constant(share), tf.constant(1e-6, tf.float64), True
    )[0].numpy()
    line = np.linspace(-14.0, 14.0, 5601)[:, np.newaxis]  # steps of 0.005

    def measures(p: np.ndarray) -> dict:
        density = np.exp(log_density(line, Mixture(p, mu, sigma)))
        return {
            "sum of the weights": float(p.sum()),
            "integral of p(x) over all x": float(np.trapezoid(density, line[:, 0])),
        }

    return Exhibit(measures(np.array([0.7, 0.6])), measures(learnt))


def discriminative_lda(seed: int) -> Exhibit:
    """E29: LDA is Bayes' rule on a Gaussian for each class, and so can draw x; others cannot."""
    generator = np.random.default_rng([seed, PURPOSE, 29])
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
    return Exhibit(
        {
            "model": "logistic regression",
            "answers equal to Bayes' rule on p(x | y) p(y)": None,
            "of 1,000 rows drawn for a class, share that the other model calls so": None,
        },
        {
            "model": "LDA",
            "answers equal to Bayes' rule on p(x | y) p(y)": float(
                np.mean(lda.predict(rows) == by_bayes)
            ),
            "of 1,000 rows drawn for a class, share that the other model calls so": float(
                np.mean(logistic.predict(drawn) == asked)
            ),
        },
    )


def svm_without_kernel(seed: int) -> Exhibit:
    """E30: on four clouds in a checkerboard an SVM without a kernel guesses."""
    generator = np.random.default_rng([seed, PURPOSE, 30])
    corners = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])

    def clouds(each: int) -> tuple[np.ndarray, np.ndarray]:
        rows = np.repeat(corners, each, axis=0) + generator.normal(0.0, 0.35, (4 * each, 2))
        return rows, np.repeat([0, 0, 1, 1], each)

    train, test = clouds(100), clouds(500)
    models = [
        SVC(kernel=kernel, gamma=1.0, random_state=seed).fit(*train) for kernel in ("linear", "rbf")
    ]

    def measures(model: SVC) -> dict:
        return {
            "kernel": model.kernel,
            "accuracy on new points (chance: 0.5)": float(model.score(*test)),
        }

    return Exhibit(*map(measures, models), checkerboard(models, test[0][::10], test[1][::10]))


def checkerboard(models: list[SVC], rows: np.ndarray, labels: np.ndarray) -> Figure:
    """E30: the two classes, and where each SVM sees which."""
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    ticks = np.linspace(-2.5, 2.5, 201)
    plane = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    for axes, model, color in zip(figure.subplots(1, 2), models, (DEFECT, CURE), strict=True):
        answers = model.predict(plane.reshape(-1, 2)).reshape(plane.shape[:2])
        axes.contourf(ticks, ticks, answers, levels=[-0.5, 0.5, 1.5], cmap="Greys", alpha=0.3)
        for label, marker in ((0, "o"), (1, "x")):
            axes.scatter(*rows[labels == label].T, s=8, marker=marker, color=color)
        axes.set(title=f"{model.kernel} kernel", aspect="equal")
    return figure


def logistic_for_regression(seed: int) -> Exhibit:
    """E31: a number as the target: logistic regression refuses it, or sorts it into classes."""
    generator = np.random.default_rng([seed, PURPOSE, 31])
    rows = generator.normal(size=(600, 3))
    target = rows @ [2.0, -1.0, 0.5] + generator.normal(0.0, 0.3, 600)
    train, test = slice(0, 400), slice(400, 600)
    halves = (target > np.median(target[train])).astype(int)
    logistic = LogisticRegression().fit(rows[train], halves[train])
    linear = LinearRegression().fit(rows[train], target[train])

    def measures(name: str, fits: bool, predicted: np.ndarray) -> dict:
        left = np.sum((target[test] - predicted) ** 2)
        return {
            "model": name,
            "takes a number as its target": fits,
            "different answers for 200 rows": len(np.unique(predicted)),
            "share of the target's variance explained": float(
                1 - left / np.sum((target[test] - target[train].mean()) ** 2)
            ),
        }

    middles = np.array([target[train][halves[train] == half].mean() for half in (0, 1)])
    return Exhibit(
        measures(
            "logistic regression, on the halves of the target",
            accepts_numbers(rows[train], target[train]),
            middles[logistic.predict(rows[test])],
        ),
        measures("linear regression", True, linear.predict(rows[test])),
    )


def accepts_numbers(rows: np.ndarray, target: np.ndarray) -> bool:
    """Whether logistic regression can be fitted to a target that is no class."""
    try:
        LogisticRegression().fit(rows, target)
    except ValueError:
        return False
    return True


def hidden_markov_formula(seed: int) -> Exhibit:
    """E34: the missing formula of the HMM, term by term, against the recursion in use here."""
    generator = np.random.default_rng([seed, PURPOSE, 34])
    pi = generator.dirichlet(np.ones(STATES))
    a = generator.dirichlet(np.ones(STATES), STATES)
    emission = generator.dirichlet(np.ones(SYMBOLS), STATES)
    series = np.array(list(itertools.product(range(SYMBOLS), repeat=STEPS)))  # all of them
    paths = np.array(list(itertools.product(range(STATES), repeat=STEPS)))
    path_chances = pi[paths[:, 0]] * np.prod(a[paths[:, :-1], paths[:, 1:]], axis=1)
    by_formula = np.array(
        [np.sum(path_chances * np.prod(emission[paths, x], axis=1)) for x in series]
    )
    b = emission.T[series.T]  # (steps, series, states)
    _, scales = forward(tf.constant(b), tf.constant(pi), tf.constant(a))
    by_recursion = tf.reduce_prod(scales, axis=0).numpy()
    formula = "p(x) = sum over z of pi(z1) b(x1|z1) product of a(zt|zt-1) b(xt|zt)"
    return Exhibit(
        {
            "formula of a series' chance": None,
            f"chances of all {len(series):,} series of {STEPS} symbols": None,
            "largest difference between formula and recursion": None,
        },
        {
            "formula of a series' chance": formula,
            f"chances of all {len(series):,} series of {STEPS} symbols": float(by_recursion.sum()),
            "largest difference between formula and recursion": float(
                np.abs(by_recursion - by_formula).max()
            ),
        },
    )
