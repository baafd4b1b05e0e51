"""Scaling evidence: tables, the best job size, a fit of measured points, and which tests would prove it."""

from estimators.requests.scaling.feed import measured_from_scaling
from estimators.requests.scaling.judge import judge_points
from estimators.requests.scaling.report import scaling_report

__all__ = ["judge_points", "measured_from_scaling", "scaling_report"]
