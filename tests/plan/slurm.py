"""How Slurm writes what tests let it say."""

from __future__ import annotations


def elapsed_text(seconds: int) -> str:
    """A duration as Slurm writes it."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    clock = f"{hour:02}:{minute:02}:{second:02}"
    return f"{days}-{clock}" if days else clock
