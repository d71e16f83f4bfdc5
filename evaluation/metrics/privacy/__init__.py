"""Do synthetic samples give training samples away? Copies, near copies, attacks."""
