"""Text training and generation beside Keras, PyTorch and TensorFlow's tutorial."""
