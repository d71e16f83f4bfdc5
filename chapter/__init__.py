"""The book itself: its page, its claims put to the test, its errata."""
