"""The window: what a person sees and touches. Nothing here computes a physical quantity.

The science is imported before Qt: PySide6 wraps the import statement once it is loaded, which makes every
later import slower; numpy and the estimators come 90 ms sooner this way.
"""

import estimators  # noqa: F401
from app.singletons import keep_singletons

keep_singletons()
