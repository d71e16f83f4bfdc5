"""How each image metric is measured and how to read it, in words, for tables and reports."""

HELD_OUT = "real: as many training images against the same held-out images"
AGAINST_TRAINING = "against the training images; real: held-out images instead of the synthetic"
PROTOCOL = {
    "frechet_distance": HELD_OUT,
    **dict.fromkeys(("precision", "recall", "density", "coverage"), f"k = 5; {HELD_OUT}"),
    "class_confirmed": "share whose label the feature network finds; real: held-out images",
    "class_shares": "share of each class as the feature network sees it; real: held-out images",
    "class_distance": f"total variation from the held-out images' class shares; {HELD_OUT}",
    "parzen_log_likelihood": (
        "nats, pixels in [0, 1]; sigma from 10 by the first 1,000 validation images; mean over all "
        f"held-out images that did not choose it (Goodfellow et al. 2014); {HELD_OUT}"
    ),
    "different_bins": f"NDB: two-proportion z-test at 0.05; {AGAINST_TRAINING}",
    "jensen_shannon": f"nats; {AGAINST_TRAINING}",
    "nearest_training_pixels": f"mean L2, pixels in [0, 1]; {AGAINST_TRAINING}",
    "nearest_training_features": f"mean L2 in the features; {AGAINST_TRAINING}",
    "exact_copies": AGAINST_TRAINING,
}

HOW_TO_READ = {
    "frechet_distance": "lower is better; at best about the real figure",
    "precision": "higher is better: samples that lie among real images",
    "recall": "higher is better: real images that lie among samples",
    "density": "higher is better, 1 is natural: how deep samples lie among real images",
    "coverage": "higher is better: real images with a sample near them",
    "class_confirmed": "higher is better: samples that show the class of their label",
    "class_shares": "should resemble the real shares, unless other labels were asked for",
    "class_distance": "lower is better: 0 means the classes are drawn as often as they occur",
    "parzen_log_likelihood": (
        "higher is better, up to the real figure; a poor measure of quality (Theis et al. 2016)"
    ),
    "different_bins": "lower is better: regions drawn too often or too rarely",
    "jensen_shannon": "lower is better: the same regions, as one number (0 to ln 2 = 0.69)",
    "nearest_training_pixels": "far below the real figure: training images are copied",
    "nearest_training_features": "far below the real figure: training images are copied",
    "exact_copies": "0 is right: samples equal to a training image, pixel by pixel",
}
