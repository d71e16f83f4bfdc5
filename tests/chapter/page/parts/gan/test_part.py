"""The GAN's part: what is trained, and what its pictures show."""

from PIL import Image

from chapter.page.config import GAN_EVALUATION_COUNT, GAN_TRAININGS, ChapterSettings
from chapter.page.parts.gan.figures import animation_files
from chapter.page.parts.gan.part import training_settings
from foundation.pictures import LARGEST_ANIMATION


def test_listing_and_corrected_differ_in_nothing_but_the_variant(tmp_path):
    for preset in GAN_TRAININGS:
        trainings = training_settings(tmp_path, ChapterSettings.resolve({"preset": preset}))
        fields = {name: vars(each) for name, each in trainings.items()}
        differing = {
            field
            for field, value in fields["corrected"].items()
            if fields["listing"][field] != value
        }
        assert differing == {"variant", "out"}
        assert {name: each.variant for name, each in trainings.items()} == {
            name: name for name in trainings
        }
        assert preset in GAN_EVALUATION_COUNT


def test_the_animation_is_thinned_and_ends_with_the_last_epoch(tmp_path):
    (tmp_path / "samples").mkdir()
    for epoch in range(1, 101):
        grid = Image.new("L", (40, 20), color=epoch)
        grid.save(tmp_path / "samples" / f"epoch_{epoch:04d}.png")
    moving, still = animation_files(tmp_path, tmp_path)
    with Image.open(moving) as animation, Image.open(still) as last:
        assert animation.n_frames == LARGEST_ANIMATION < 100
        assert last.size == animation.size == (20, 10 + 16)
        assert last.convert("L").getpixel((10, 2)) == 100
