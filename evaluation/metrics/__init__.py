"""One file a metric: arrays in, numbers out; no TensorFlow, no generator, no file."""
