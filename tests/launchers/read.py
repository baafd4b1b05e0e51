"""Reads job files with the parsers of torchtitan and Accelerate; runs in their environment, not in ours.

Prints one line a case and ends with status 1 if a launcher refuses a file, or read another layout out of it
than the batch script starts.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from pathlib import Path

VARIABLES = {"OUTPUT": "/out", "DATA": "/data", "SEED": "1", "WEIGHTS": "/weights", "MODEL_ASSETS": "/model"}
MODULE = "nodewise_torchtitan"
STOPS_BY_DESIGN = "name the configuration of your model"
NEEDS_THE_CARD = "only supported on"
"""What torchtitan says of low precision on a machine without such a GPU."""


def gpus_of(folder: Path) -> int:
    """Processes that the batch script starts."""
    script = (folder / "torchtitan.sbatch").read_text(encoding="utf-8")
    return int(re.search(r"^# (\d+) GPUs", script, re.M)[1])


def torchtitan(folder: Path) -> str:
    """The degrees as torchtitan reads them, or what stops it."""
    from torchtitan.config.manager import ConfigManager

    sys.path.insert(0, str(folder))
    sys.modules.pop(MODULE, None)
    importlib.invalidate_caches()
    try:
        config = ConfigManager().parse_args(["--module", MODULE, "--config", "run"])
    except SystemExit as stop:
        if STOPS_BY_DESIGN in str(stop):
            return "asks for the model"
        raise
    except ValueError as error:
        if NEEDS_THE_CARD in str(error):
            return f"needs the card: {error}"
        raise
    finally:
        sys.path.remove(str(folder))
    found = config.parallelism
    product = (
        found.data_parallel_replicate_degree
        * found.data_parallel_shard_degree
        * found.tensor_parallel_degree
        * found.pipeline_parallel_degree
        * found.context_parallel_degree
    )
    assert product == gpus_of(folder), f"{product} processes instead of {gpus_of(folder)}"
    return f"{product} GPUs, batch {config.training.global_batch_size}"


def accelerate(folder: Path) -> str:
    """The kind of training as Accelerate reads it."""
    from accelerate.commands.config.config_args import load_config_from_file

    config = load_config_from_file(str(folder / "accelerate.yaml"))
    assert config.num_processes == gpus_of(folder)
    return str(config.distributed_type)


def main(top: Path) -> int:
    """Status 1 if a launcher refused a file."""
    os.environ.update(VARIABLES)
    failed = 0
    for folder in sorted(path for path in top.iterdir() if path.is_dir()):
        for reader in (torchtitan, accelerate):
            try:
                said = reader(folder)
            except (Exception, SystemExit) as error:
                failed += 1
                said = f"REFUSED: {type(error).__name__}: {error}"
            print(f"{folder.name}: {reader.__name__}: {said}")
    print(f"{failed} files refused")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
