"""One file a metric: arrays in, numbers out; no TensorFlow, no generator, no file.

`metric` says what a metric of images is; `arrays` and `distances` are what all of them use. The
rooms: `likeness` (do synthetic samples lie where real ones do?), `classes` (is every class there,
shown, recognised?), `privacy` (are training samples given away?), `texts`.
"""
