"""The three questions and what the user has today."""
