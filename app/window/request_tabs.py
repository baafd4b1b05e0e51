"""The tabs about the whole plan: how each is made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.window.document import Document
from app.window.run_deeds import RunDeeds
from app.window.tabs import TabId

Maker = Callable[[], QWidget]


def makers(document: Document, deeds: RunDeeds) -> dict[TabId, Maker]:
    """Id of the tab, and what makes its page."""

    def campaign() -> QWidget:
        from app.window.campaign_tab import CampaignTab

        return CampaignTab(document, deeds)

    def findings() -> QWidget:
        from app.window.findings_tab import FindingsTab

        return FindingsTab(document, deeds)

    def access() -> QWidget:
        from app.window.access_tab import AccessTab

        return AccessTab(document.change_together)

    return {"campaign": campaign, "findings": findings, "access": access}
