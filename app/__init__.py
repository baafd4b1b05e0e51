"""Nodewise for people: the plan document, what views show of an answer, the window, the command line."""
