"""The GAN's part: what is trained, and what its pictures show."""

from PIL import Image

from chapter.page.config import GAN_EVALUATION_COUNT, GAN_TRAININGS, MAX_IMAGES, ChapterSettings
from chapter.page.parts.gan import SAY, animation_files, training_settings
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
        for each in trainings.values():  # the data set that the evaluations share
            assert (each.data, each.max_images) == ("mnist", MAX_IMAGES[preset])


def test_the_words_say_what_was_measured_and_what_was_not():
    distance, listing = {"value": 2.25, "real": 1.24}, {"value": 250.0}
    confirmed = {"value": 0.5, "real": 0.987}
    told = SAY("at_a_glance", distance=distance, confirmed=confirmed, listing=listing)
    assert "is 2.2; as many" in told and "have 1.2," in told and "has 250.0 (lower" in told
    assert "reads 50.0% of them" in told and told.endswith("it reads 98.7%.")
    confirmed = {"value": None}
    assert SAY("at_a_glance", distance=distance, confirmed=confirmed, listing=listing).endswith(
        "is better)."
    )
    distance = {"value": None, "reason": "too few images"}
    told = SAY("at_a_glance", distance=distance, confirmed=confirmed, listing=listing)
    assert told == "No figures at this size: too few images."
    last = {"epoch": 5, "generator_loss": 0.69312, "discriminator_loss": 1.3863}
    assert "loss is 0.6931 (ln 2" in SAY("e1_outcome", last=last, frozen=True)
    assert SAY("e1_outcome", last=last, frozen=True).endswith("more epochs change nothing.")
    assert "not frozen yet" in SAY("e1_outcome", last=last, frozen=False)
    report = {"synthetic_count": 1000, "real_count": 1000, "held_out_count": 999, "split": "test"}
    report["real_split"] = "validation"
    told = SAY("protocol", report=report | {"feature_network_test_accuracy": 0.9876})
    assert told.startswith("1,000 samples") and "against 999 test images." in told
    assert "1,000 real validation images in their place" in told
    assert "training images (it reads 98.76% of the test images right). `gan eval" in told
    report |= {"synthetic_count": 10_000, "feature_network_test_accuracy": None}
    assert SAY("protocol", report=report).endswith("from the real training images.")


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
