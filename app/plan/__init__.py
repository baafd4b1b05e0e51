"""The plan document: what it holds, how it is read, written, edited and kept. No widgets."""
