"""Named formulas from one run to the request, in the language of `estimators.planning.formulas`."""

from __future__ import annotations

from estimators.planning.formulas import Formula

LINE_BASE = Formula(
    "line_node_hours_exact",
    "Node-hours of the line, exact",
    "node-hours",
    "runs × nodes × wall-clock",
    "runs * nodes * plan_wall_hours",
)
LINE_NODE_HOURS = Formula(
    "line_node_hours",
    "Node-hours of the line",
    "node-hours",
    "rounded up to whole node-hours",
    "whole_up(line_node_hours_exact)",
)
FAILED_NODE_HOURS = Formula(
    "failed_node_hours",
    "Failed and repeated runs",
    "node-hours",
    "hours of the runs × share that fails, rounded up",
    "whole_up(base_node_hours * failed_share)",
)
NEED = Formula(
    "needed_node_hours",
    "What the plan needs",
    "node-hours",
    "hours of the runs × ratio of the request's quantile, rounded up, and never under the sum of the rows",
    "max(rows_node_hours, whole_up(base_node_hours * request_ratio))",
)
CONTINGENCY = Formula(
    "contingency_node_hours",
    "Contingency",
    "node-hours",
    "what the plan needs − sum of the rows",
    "needed_node_hours - rows_node_hours",
)
REQUEST = Formula(
    "request_node_hours",
    "Request",
    "node-hours",
    "what the plan needs, or the fixed package of the access mode where it has one that holds the plan",
    "max(needed_node_hours, package_node_hours)",
)
"""A mode with a fixed package grants that and nothing else, so the form asks for it."""
PACKAGE_REST = Formula(
    "rest_node_hours",
    "Rest of the fixed package",
    "node-hours",
    "request − what the plan needs",
    "request_node_hours - needed_node_hours",
)
REQUEST_GPU_HOURS = Formula(
    "request_gpu_hours",
    "Request in GPU-hours",
    "GPU-hours",
    "node-hours × GPUs of a node",
    "request_node_hours * gpus_per_node",
)
REQUEST_SITE_UNITS = Formula(
    "request_site_units",
    "Request in the site's unit",
    "site units",
    "GPU-hours × units for each",
    "request_gpu_hours * units_numerator / units_denominator",
)
"""Units of a GPU-hour are an exact fraction: a site may count thirds."""
