"""Settings of the baselines that are fitted at once, as their `fit` takes them."""

from baselines.config import BaselineSettings


def settings_of(model, **chosen):
    """A BaselineSettings as the command line would make it."""
    return BaselineSettings.resolve({"model": model, "data": "breast_cancer", **chosen})
