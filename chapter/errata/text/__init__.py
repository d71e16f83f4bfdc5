"""Errata of listing 5.2.2, the character LSTM."""
