"""The image data sets that DATA can name. No heavy import: `--help` reads this."""

IMAGE_DATASETS = {
    "mnist": "70,000 handwritten digits, 28 x 28 grey, 10 classes (embedded, no download)",
    "fashion_mnist": "70,000 pictures of clothing, 28 x 28 grey, 10 classes (downloaded by Keras)",
    "cifar10": "60,000 photographs, 32 x 32 colour, 10 classes (downloaded by Keras)",
    "folder:PATH": "your images: one sub-folder a class, or flat without labels",
    "npz:PATH": "your arrays: images, uint8 (count, height, width[, channels]), and labels if any",
}

DATA_HELP = "mnist, fashion_mnist, cifar10, folder:PATH (one sub-folder a class) or npz:PATH"
