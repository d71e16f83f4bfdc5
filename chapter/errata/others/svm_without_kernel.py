"""E30. An SVM is not non-linear by itself: see docs/errata.md."""

import numpy as np
from matplotlib.figure import Figure
from sklearn.svm import SVC

from chapter.errata.exhibit import CURE, DEFECT, Exhibit
from foundation.purposes import MODEL_ERRATA, rng


def exhibit(seed: int) -> Exhibit:
    """E30: on four clouds in a checkerboard an SVM without a kernel guesses."""
    generator = rng(seed, MODEL_ERRATA, 30)
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
