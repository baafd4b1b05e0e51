"""A fix, applied to the project that it belongs to."""

from __future__ import annotations

from dataclasses import replace

from estimators.requests.records import CampaignRun, CampaignSpec
from estimators.requests.results import Fix

OF_SPEC = ("gpus", "software", "precision")
"""Inputs of a run's own estimate."""
OF_RUN = ("at_once", "restarts_from_checkpoint", "earliest_month")
OF_STORAGE = ("checkpoints_kept", "data_files")
OF_CAMPAIGN = ("months", "mode", "start", "containers", "queue_slack")


def apply_fix(spec: CampaignSpec, fix: Fix) -> CampaignSpec:
    """The project with the fix made.

    Raises:
        ValueError: The fix names an input that no project has.
    """
    if fix.field == "machine":
        return _moved(spec, fix.value)
    if fix.field in OF_CAMPAIGN:
        return replace(spec, **{fix.field: fix.value})
    if fix.field in OF_STORAGE:
        return replace(spec, storage=replace(spec.storage, **{fix.field: fix.value}))
    if fix.field == "stated_request":
        return replace(spec, stated_request=float(fix.value), stated_unit="node-hours")
    if fix.field in (*OF_SPEC, *OF_RUN):
        runs = tuple(_fixed(run, fix) if fix.run_id in (run.id, None) else run for run in spec.runs)
        return replace(spec, runs=runs)
    raise ValueError(f"no project has an input {fix.field!r}")


def _moved(spec: CampaignSpec, machine: str) -> CampaignSpec:
    """The project on another machine; a move to the fallback makes the machine that is left the fallback."""
    runs = tuple(replace(run, spec=replace(run.spec, machine=machine)) for run in spec.runs)
    fallback = spec.machine if machine == spec.fallback else spec.fallback
    return replace(spec, runs=runs, machine=machine, fallback=fallback)


def _fixed(run: CampaignRun, fix: Fix) -> CampaignRun:
    if fix.field in OF_SPEC:
        return replace(run, spec=replace(run.spec, **{fix.field: fix.value}))
    return replace(run, **{fix.field: fix.value})
