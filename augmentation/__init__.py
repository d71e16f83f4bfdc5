"""Augmentation (chapter 2.1.3, 3.2.3): new training samples by transforming the real ones.

Why not `keras.layers`: Keras draws RandAugment's operations once a batch, its CutMix pastes no
masks and shares labels by a box that the border may have cut, and the bytes depend on the batch.
Here every image draws for itself, masks and boxes move in step, and (seed, epoch, index) decide
every byte.

Reading order: `core/transform.py` (draw apart from apply), `transforms/geometry/flips.py` (a
transform in fifteen lines), `core/randomness.py`, `core/composition.py`, `core/recipe.py`,
`recipes/read.py` (TOML), `tf_data.py` and `keras_layer.py` (in a training), `folders/apply.py` (a
folder to a folder), `texts/recipe.py` (lines of text). A new transform is one file in
`transforms/`.
"""
