"""The chapter's stacked-LSTM character generator (4.3.2, 5.2.2, 5.3.2)."""
