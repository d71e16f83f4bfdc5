"""The image data sets that DATA can name, and their sizes. No heavy import: `--help` reads this."""

IMAGE_DATASETS = {
    "mnist": "70,000 handwritten digits, 28 x 28 grey, 10 classes (embedded, no download)",
    "fashion_mnist": "70,000 pictures of clothing, 28 x 28 grey, 10 classes (downloaded by Keras)",
    "cifar10": "60,000 photographs, 32 x 32 colour, 10 classes (downloaded by Keras)",
    "folder:PATH": "your images: one sub-folder a class, or flat without labels",
    "npz:PATH": "your arrays: images, uint8 (count, height, width[, channels]), and labels if any",
}

SMALLEST_IMAGE_SIZE = 4
LARGEST_IMAGE_SIZE = (
    512  # the largest that the GAN trains on, so that clean writes nothing it refuses
)
IMAGE_SIZE_HELP = "crop every image to a centred square, then resize it to N x N pixels"

DATA_HELP = "mnist, fashion_mnist, cifar10, folder:PATH (one sub-folder a class) or npz:PATH"
