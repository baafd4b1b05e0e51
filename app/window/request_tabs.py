"""The tabs about the whole plan: how each is made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.window.workbench import Workbench

Maker = Callable[[], QWidget]


def makers(bench: Workbench) -> dict[str, Maker]:
    """Name of the tab, and what makes its page."""

    def campaign() -> QWidget:
        from app.window.campaign_tab import CampaignTab

        return CampaignTab(bench.document, bench.deeds)

    def findings() -> QWidget:
        from app.window.findings_tab import FindingsTab

        return FindingsTab(bench.document, bench.deeds)

    def access() -> QWidget:
        from app.window.access_tab import AccessTab

        return AccessTab(bench.document.change_together)

    return {"Campaign": campaign, "Findings": findings, "Access": access}
