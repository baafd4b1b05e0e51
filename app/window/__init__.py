"""The window: what a person sees and touches. Nothing here computes a physical quantity.

The science is imported before Qt, and Qt through `app.binding`: both make the window stand sooner.
"""

import estimators.planning.compare  # noqa: F401
from app.binding import keep_singletons, load_qt

keep_singletons()
load_qt()
