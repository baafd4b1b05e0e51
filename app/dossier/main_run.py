"""The main run of a request on every machine, for the charts and the evidence of a dossier."""

from __future__ import annotations

from dataclasses import replace

from estimators import compare
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.requests.results import Request


def main_comparison(request: Request, catalogue: Catalogue) -> Comparison:
    """The comparison whose headline is the main run on the machine asked for.

    Raises:
        RunError: The run cannot be estimated.
    """
    campaign = request.campaign
    return compare(replace(campaign.main.run.spec, machine=campaign.machine.id), catalogue)
