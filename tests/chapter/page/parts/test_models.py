"""The part on the other models: what is fitted."""

import pytest

from chapter.page.config import MODELS, ChapterSettings
from chapter.page.parts.models import settings_of


@pytest.mark.parametrize("preset", MODELS)
def test_every_preset_names_settings_that_exist(tmp_path, preset):
    settings = ChapterSettings.resolve({"preset": preset})
    for name in ("gmm", "vae"):
        assert settings_of(name, "mnist", tmp_path, settings).model == name
    assert settings_of("hmm", "shakespeare", tmp_path, settings).data == "shakespeare"
