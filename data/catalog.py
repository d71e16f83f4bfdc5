"""The data sets that DATA can name, and their sizes. No heavy import: `--help` reads this."""

IMAGE_DATASETS = {
    "mnist": "70,000 handwritten digits, 28 x 28 grey, 10 classes (embedded, no download)",
    "fashion_mnist": "70,000 pictures of clothing, 28 x 28 grey, 10 classes (downloaded by Keras)",
    "cifar10": "60,000 photographs, 32 x 32 colour, 10 classes (downloaded by Keras)",
    "folder:PATH": "your images: one sub-folder a class, or flat without labels",
    "npz:PATH": "your arrays: images, uint8 (count, height, width[, channels]), and labels if any",
}

TEXT_DATASETS = {
    "shakespeare": "42 works of Shakespeare, 5.05 million characters (embedded, no download)",
    "tang_poems": "13,785 short Chinese poems, 829 thousand characters (embedded, no download)",
    "tiny_shakespeare": "1.1 million characters of Shakespeare (downloaded by Keras)",
    "file:PATH": "your text: one file, in UTF-8 unless --encoding names another",
    "folder:PATH": "your texts: all .txt files in it, in alphabetical order",
}
TABLE_DATASETS = {
    "breast_cancer": "569 breast tumours of Wisconsin, 30 measures of each, benign or malignant",
    "csv:PATH": "your table: a header, then a row for each line; --target names its classes",
}
SMALLEST_TEXT = 31  # characters: with fewer, a part of the contiguous split has fewer than two
TEXT_SPLITS = ("contiguous", "interleaved")

SMALLEST_IMAGE_SIZE = 4
LARGEST_IMAGE_SIZE = (
    512  # the largest that the GAN trains on, so that clean writes nothing it refuses
)
IMAGE_SIZE_HELP = "crop every image to a centred square, then resize it to N x N pixels"

DATA_HELP = "mnist, fashion_mnist, cifar10, folder:PATH (one sub-folder a class) or npz:PATH"
TEXT_HELP = "shakespeare, tang_poems, tiny_shakespeare, file:PATH or folder:PATH (its .txt files)"
TABLE_HELP = "breast_cancer or csv:PATH"
TARGET_HELP = "column of csv:PATH to be predicted, such as a class; default: none"
FEATURES_HELP = "of a table with a target: keep the N most telling columns; default: all"
ENCODING_HELP = "encoding of file:PATH or folder:PATH, such as utf-16, latin-1 or gb18030"
