"""What every trained model shares: run directory, checkpoints, seeds, progress, pictures."""
