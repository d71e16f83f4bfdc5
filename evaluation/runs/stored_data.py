"""`gan evaluate RUN`: samples of a trained generator, measured and drawn."""

from pathlib import Path

from data.images.load import ImageDataset, load_images
from data.texts.load import TextCorpus, load_text
from foundation.errors import InputError
from training.run_directory import read_config


def read_training(run: Path) -> dict:
    """RUN/config.json of a GAN run, with everything in it that an evaluation needs.

    Raises: InputError if something is missing or is not what the training wrote.
    """
    config = read_config(run, "gan")
    chosen = config["settings"]
    number = int | None
    for name, value, kind in (
        ("data_sha256", config["data_sha256"], str),
        ("settings.data", chosen.get("data"), str),
        ("settings.latent_dim", chosen.get("latent_dim"), int),
        ("settings.image_size", chosen.get("image_size", "missing"), number),
        ("settings.max_images", chosen.get("max_images", "missing"), number),
    ):
        if not isinstance(value, kind):
            raise InputError(
                f"{run / 'config.json'} in which {name} is {value!r}",
                "the config.json that `gan train` wrote",
                "restore the file, or train again",
            )
    return config


def load_run_data(run: Path, config: dict, data: str | None = None) -> ImageDataset:
    """The data set that a GAN run was trained on.

    Args:
      run: the run directory, for messages.
      config: what `read_training` returned.
      data: where the data set lies now, if not where it was.

    Raises: InputError if it is not the same, bit for bit.
    """
    chosen = config["settings"]
    data = data or chosen["data"]
    dataset = load_images(data, chosen["image_size"], chosen["max_images"])
    if dataset.sha256 != config["data_sha256"]:
        raise InputError(
            f"{data} with SHA-256 {dataset.sha256[:16]}...",
            f"{config['data_sha256'][:16]}..., as when {run} was trained",
            "give the run its old data back, with --data if they lie elsewhere now",
        )
    return dataset


def load_run_text(run: Path, data: str | None = None) -> TextCorpus:
    """The text that a run was trained on, cut as it was then.

    Args:
      run: the run directory.
      data: where the text lies now, if not where it was.

    Raises: InputError if the run is none, or the text is not the same, bit for bit.
    """
    config = read_config(run, "text")
    try:
        chosen = config["settings"]
        choice = chosen["split"], chosen["encoding"], chosen["max_characters"]
        expected, data = config["data_sha256"], data or chosen["data"]
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{run / 'config.json'} cannot be read ({error!r})",
            "the config.json that `text train` wrote",
            "restore the file, or train again",
        ) from None
    corpus = load_text(data, *choice, quiet=True)
    if corpus.sha256 != expected:
        raise InputError(
            f"{data} with SHA-256 {corpus.sha256[:16]}...",
            f"{expected[:16]}..., as when {run} was trained",
            "give the run its old text back, with --data if it lies elsewhere now",
        )
    return corpus
