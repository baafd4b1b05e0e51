"""What a launcher adds to a batch script: its settings files, its program, what it cannot do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

NO_PREDICTION = "the token-prediction block of the estimate is a matter of the model's code."
Starter = Literal["torchrun", "accelerate"]


@dataclass(frozen=True, slots=True)
class Launcher:
    """One way to start the run.

    Attributes:
        id: Name of its files.
        title: As people call it.
        files: Settings files by name.
        starter: What starts the processes of a node.
        prepare: Lines of shell before the start.
        program: The program and its arguments, one word or quoted group for each line.
        finished: A test of the shell that holds once the run has made its last step.
        objections: What the layout of the estimate asks and this launcher has no setting for.
    """

    id: str
    title: str
    files: Mapping[str, str]
    starter: Starter
    prepare: tuple[str, ...]
    program: tuple[str, ...]
    finished: str
    objections: tuple[str, ...] = ()
