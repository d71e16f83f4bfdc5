"""What a random number is for: two purposes with the same seed have nothing in common.

The noise of epoch 3 is another than its data order. Apart from `seeds`, which imports TensorFlow.
"""

DATA_ORDER, TRAINING_NOISE, SAMPLE_NOISE, GENERATION_NOISE = range(4)
STREAM_OFFSET = 101
CLASSES = 137  # the labels of synthetic rows
# The trials behind `claims`: real images that are drawn.
CONTROL_IMAGES, UNBALANCED_IMAGES, REPEATED_IMAGES = 170, 171, 172
# The same: what is done to them.
SOURCE_DATA = 175
# The same: splits of tables, stretches of texts.
TABLE_TRIAL, TEXT_TRIAL = 190, 191
# The exhibits of the errata; the erratum's number follows.
MODEL_ERRATA, DATA_ERRATA = 180, 181
