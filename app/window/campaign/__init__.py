"""Parts of the tab Campaign."""
