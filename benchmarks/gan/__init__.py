"""GAN training beside PyTorch."""
