"""Errata of listing 5.2.1, the GAN."""
