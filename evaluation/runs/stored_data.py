"""The data set that a stored run was trained on, found again and known by its hash."""

from baselines.registry import load_data
from foundation.errors import InputError
from training.stored import StoredRun


def load_run_data(stored: StoredRun, data: str | None = None, quiet: bool = True) -> object:
    """The data set that a run was trained on, cut as it was then.

    Args:
      stored: the run.
      data: where the data lie now, if not where they were.
      quiet: no counter on the terminal.

    Returns: an ImageDataset, TextCorpus, SeriesDataset or TableDataset.
    Raises: InputError if they are not the same, bit for bit, or config.json is damaged.
    """
    chosen, expected = stored.config["settings"], stored.config["data_sha256"]
    try:
        data = data or chosen["data"]
        dataset = load_data(stored.generator.kind, data, chosen, quiet)
        same, shown = dataset.sha256 == expected, f"{expected[:16]}..."
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{stored.run / 'config.json'} cannot be read ({error!r})",
            f"the config.json that `{stored.config['kind']} train` wrote",
            "restore the file, or train again",
        ) from None
    if not same:
        raise InputError(
            f"{data} with SHA-256 {dataset.sha256[:16]}...",
            f"{shown}, as when {stored.run} was trained",
            "give the run its old data back, with --data if they lie elsewhere now",
        )
    return dataset
