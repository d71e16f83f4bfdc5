"""The Kneser-Ney n-gram, the yardstick of the character LSTM."""
