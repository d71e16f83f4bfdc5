"""The character LSTM (5.2.2) on the page: part, its words."""
