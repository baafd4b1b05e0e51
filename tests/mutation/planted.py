"""A plugin of pytest that plants a fault: one module is imported from another text than its file.

NODEWISE_PLANTED names a JSON file with the module and the text.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

PLANTED = "NODEWISE_PLANTED"


class Planter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module and loads it from the text."""

    def __init__(self, module: str, file: str, source: str) -> None:
        self._module, self._file, self._source = module, file, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's own place, with this loader."""
        if fullname != self._module:
            return None
        is_package = self._file.endswith("__init__.py")
        folder = [str(Path(self._file).parent)] if is_package else None
        return importlib.util.spec_from_file_location(
            fullname, self._file, loader=self, submodule_search_locations=folder
        )

    def exec_module(self, module: ModuleType) -> None:
        """Run the text."""
        exec(compile(self._source, self._file, "exec"), module.__dict__)


if PLANTED in os.environ:
    planted = json.loads(Path(os.environ[PLANTED]).read_text(encoding="utf-8"))
    sys.meta_path.insert(0, Planter(planted["module"], planted["file"], planted["source"]))
