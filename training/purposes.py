"""What a random number is for: two purposes with the same seed have nothing in common.

The noise of epoch 3 is another than its data order. Apart from `seeds`, which imports TensorFlow.
"""

DATA_ORDER, TRAINING_NOISE, SAMPLE_NOISE, GENERATION_NOISE = range(4)
STREAM_OFFSET = 101
