"""What knows neither data nor TensorFlow, and imports nothing of the project."""
