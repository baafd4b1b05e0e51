"""Whole plans at random: whatever a file may say, as decoded JSON, the odd as often as the ordinary."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from app.plan import project, schema
from estimators import Catalogue
from estimators.catalogue.records import ModelCard
from estimators.quantity import SECONDS_PER_DAY
from estimators.requests.overheads import overheads
from tests.everything.texts import labels, prose, titles

Raw = dict[str, Any]

LARGEST_COUNT = 10**9
MOST_DEVICES = 10**6
ODD_COUNTS = (1, 2, 3, 4, 5, 7, 8, 16, 31, 32, 48, 64, 96, 100, 128, 256, 512, 1000, 1024, 4096, 999_999)


def between(least: int, most: int, *usual: int) -> st.SearchStrategy[int]:
    """Whole numbers: mostly usual ones, now and then the bounds or anything between them."""
    anything = st.integers(least, most)
    edges = st.sampled_from([least, most])
    return st.one_of(st.sampled_from(usual), st.sampled_from(usual), anything, edges) if usual else anything


def amounts(least: float, most: float, *usual: float) -> st.SearchStrategy[float]:
    """Numbers over all sizes from `least` to `most`."""
    sizes = st.floats(0.0, 1.0).map(lambda part: least * (most / least) ** part)
    numbers = st.one_of(st.sampled_from(usual), sizes, st.sampled_from([least, most]))
    return numbers.map(lambda value: min(max(value, least), most))


def maybe(values: st.SearchStrategy[Any], none: int = 1) -> st.SearchStrategy[Any]:
    """Nothing, `none` times as often as something."""
    return st.one_of(*[st.none()] * none, values)


def _days() -> st.SearchStrategy[str]:
    """Any day that a plan may name, most of them near the present."""
    near = st.dates(datetime.date(2026, 1, 1), datetime.date(2028, 12, 31))
    any_day = st.dates(datetime.date(schema.FIRST_YEAR, 1, 1), datetime.date(schema.LAST_YEAR, 12, 31))
    return st.one_of(near, near, any_day).map(datetime.date.isoformat)


def _is_estimable(card: ModelCard) -> bool:
    """Whether the catalogue knows the model's shape, and its family is estimated."""
    return card.kind in ("decoder-lm", "vision-transformer") and card.architecture is not None


@st.composite
def some_of(draw: st.DrawFn, parts: dict[str, st.SearchStrategy[Any]], often: bool = False) -> Raw:
    """Some keys of a record."""
    return {key: draw(part) for key, part in parts.items() if draw(st.integers(0, 2)) > (0 if often else 1)}


class Plans:
    """Strategies over what the catalogue names."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.machines = sorted(catalogue.machines)
        self.in_service = [one.id for one in catalogue.machines_in_service() if one.gpu is not None]
        self.coming = [one.id for one in catalogue.machines_coming()]
        self.measurable = [*self.in_service, *self.in_service, *self.coming, schema.OWN_MACHINE]
        self.cards = sorted(catalogue.gpus)
        self.models = sorted(catalogue.models)
        self.estimable = [name for name in self.models if _is_estimable(catalogue.models[name])]
        self.modes = sorted(catalogue.access_modes)
        self.factors = sorted(overheads(catalogue))

    # ------------------------------------------------------------ a run

    @st.composite
    @staticmethod
    def shapes(draw: st.DrawFn) -> Raw:
        """A model of one's own whose heads divide."""
        heads = draw(between(1, 512, 1, 8, 12, 16, 32, 96))
        head_dim = draw(between(1, 1024, 32, 64, 80, 128))
        common = {
            "name": draw(labels()),
            "layers": draw(between(1, LARGEST_COUNT, 1, 12, 24, 61, 80)),
            "hidden": heads * head_dim,
            "heads": heads,
            "ffn": draw(between(1, LARGEST_COUNT, 3072, 14_336)),
        }
        if draw(st.booleans()):
            patch = draw(between(1, 64, 14, 16))
            return {
                "family": "vision-transformer",
                **common,
                "patch_pixels": patch,
                "image_pixels": patch * draw(between(1, 500, 14, 16)),
                "classes": draw(between(1, LARGEST_COUNT, 1000)),
            }
        shape = {
            "family": "decoder-lm",
            **common,
            "kv_heads": draw(st.sampled_from([None, 1, heads])),
            "ffn_gated": draw(st.booleans()),
            "vocab": draw(between(1, LARGEST_COUNT, 32_000, 128_256)),
            "tied_embeddings": draw(st.booleans()),
            "sliding_window": draw(maybe(between(1, LARGEST_COUNT, 1024, 4096), 3)),
        }
        if draw(st.integers(0, 3)) == 0:
            shape["head_dim"] = draw(between(1, LARGEST_COUNT, 64, 256))
        return shape

    @st.composite
    @staticmethod
    def data(draw: st.DrawFn, reads_images: bool) -> Raw:
        """An amount of one kind; now and then with a batch."""
        kind = "images" if reads_images else draw(st.sampled_from(["tokens", "tokens", "sequences"]))
        amount = draw(amounts(1.0, 1e18, 1e6, 2e9, 3e11, 1.5e13))
        data: Raw = {kind: int(amount) if draw(st.booleans()) else amount}
        data["passes"] = draw(st.one_of(st.just(1), amounts(1e-3, 36_525.0, 2, 3.5, 90)))
        batch = draw(st.integers(0, 5))
        if batch == 0 and kind == "tokens":
            most = max(1, int(amount * min(1.0, data["passes"])))
            data["global_batch_tokens"] = min(most, draw(between(1, 10**12, 4_194_304, 524_288)))
        elif batch == 1 and kind != "tokens":
            most = max(1, int(amount * min(1.0, data["passes"])))
            data["global_batch_samples"] = min(most, draw(between(1, LARGEST_COUNT, 256, 1024)))
        return data

    def layouts(self) -> st.SearchStrategy[Raw]:
        """Some parts of a layout fixed, whether or not anything fits them."""
        parts: dict[str, st.SearchStrategy[Any]] = {
            "tensor_parallel": between(1, MOST_DEVICES, 1, 2, 3, 4, 8),
            "pipeline_parallel": between(1, MOST_DEVICES, 1, 2, 3, 4, 16),
            "context_parallel": between(1, MOST_DEVICES, 1, 2, 4),
            "zero_stage": st.integers(0, 3),
            "micro_batch": between(1, LARGEST_COUNT, 1, 2, 3, 8),
            "recompute": st.sampled_from(schema.RECOMPUTES),
            "schedule": st.sampled_from(schema.SCHEDULES),
            "context_kind": st.sampled_from(schema.CONTEXT_KINDS),
            "shard_group": between(0, MOST_DEVICES, 0, 4, 8),
            "recipe": st.sampled_from(schema.RECIPES),
            "expert_capacity": amounts(1e-3, 100.0, 1.0, 1.25),
        }
        return st.one_of(st.just({}), st.just({}), some_of(parts))

    def measured(self) -> st.SearchStrategy[Raw]:
        """A measured step, however improbable."""
        return st.fixed_dictionaries(
            {
                "machine": st.one_of(st.just(schema.OWN_MACHINE), st.sampled_from(self.measurable)),
                "gpus": st.one_of(st.sampled_from(ODD_COUNTS), st.integers(1, MOST_DEVICES)),
                "step_seconds": amounts(1e-3, SECONDS_PER_DAY, 3.0, 12.3, 400.0),
                "batch_samples": between(1, LARGEST_COUNT, 1, 2, 8, 16),
                "confirmed": st.sampled_from([True, True, True, False]),
            },
        )

    @st.composite
    @staticmethod
    def run(draw: st.DrawFn, self: Plans, number: int, ids: list[str]) -> Raw:
        """One run; it may wait for those before it."""
        model: str | Raw = draw(
            st.one_of(
                *[st.sampled_from(self.estimable)] * 9, *[Plans.shapes()] * 3, st.sampled_from(self.models)
            )
        )
        reads_images = (
            self.catalogue.models[model].kind == "vision-transformer"
            if isinstance(model, str)
            else model["family"] == "vision-transformer"
        )
        run: Raw = {
            "id": ids[number],
            "name": draw(labels()),
            "workload": {
                "model": model,
                "method": draw(st.sampled_from(schema.METHODS)),
                "sequence_tokens": draw(maybe(between(1, LARGEST_COUNT, 128, 4096, 8192, 131_072))),
                "precision": draw(st.sampled_from(schema.PRECISIONS)),
            },
            "data": draw(Plans.data(reads_images)),
            "software": draw(st.sampled_from([None, *schema.SOFTWARES])),
            "gpus": draw(maybe(st.one_of(st.sampled_from(ODD_COUNTS), st.integers(1, MOST_DEVICES)))),
            "layout": draw(self.layouts()),
        }
        if run["layout"] and draw(st.integers(0, 5)):
            run["software"] = "megatron"
        if draw(st.integers(0, 7)) == 7:
            run["measured_step"] = draw(self.measured())
        if number or draw(st.booleans()):
            run |= draw(
                some_of(
                    {
                        "role": st.sampled_from(schema.ROLES),
                        "count": between(1, 10_000, 1, 2, 8),
                        "at_once": between(1, 10_000, 1, 2, 4),
                        "share": amounts(1e-9, 1.0, 0.01, 0.5),
                        "after": st.lists(st.sampled_from(ids[:number]), max_size=3).map(list)
                        if number
                        else st.just([]),
                        "earliest_month": between(1, 60, 1, 3),
                        "fixed_hours": amounts(1e-6, 1e6, 1.0, 72.0),
                        "checkpoints": st.booleans(),
                    }
                )
            )
        return run

    # ------------------------------------------------------------ the project

    def campaigns(self, ids: list[str]) -> st.SearchStrategy[Raw]:
        """Fields around the runs."""
        days = _days()
        offer = st.fixed_dictionaries(
            {
                "machine": st.sampled_from(self.machines),
                "mode": st.sampled_from(self.modes),
                "offered": st.booleans(),
                "as_of": days,
            }
        )
        point = st.fixed_dictionaries(
            {
                "machine": st.sampled_from(self.measurable),
                "gpus": st.one_of(st.sampled_from(ODD_COUNTS), st.integers(1, MOST_DEVICES)),
                "step_seconds": amounts(1e-3, SECONDS_PER_DAY, 3.0, 12.0, 400.0),
                "batch_samples": between(1, LARGEST_COUNT, 1, 2, 8, 16),
                "kind": st.sampled_from(["strong", "weak"]),
                "confirmed": st.sampled_from([True, True, True, False]),
            },
            optional={"run_id": st.sampled_from(ids)},
        )
        used = st.fixed_dictionaries(
            {"day": days, "node_hours": amounts(1e-3, 1e9, 0.0, 12.0, 400.0)},
            optional={
                "jobs": between(0, 10**6, 0, 3),
                "failed_jobs": between(0, 10**6, 0, 3),
                "energy_kwh": amounts(1e-3, 1e12, 0.0, 40.0),
            },
        )
        size = amounts(1e-3, 1e18, 0.0, 2e12, 5e13)
        return some_of(
            {
                "months": between(1, 60, 2, 6, 12),
                "plan_percentile": st.integers(10, 95),
                "request_percentile": st.integers(10, 95),
                "queue_slack": st.floats(0.0, 1.0),
                "overhead": some_of(
                    {"failed_share": st.floats(0.0, 1.0), "factor": st.sampled_from(self.factors)}
                ),
                "storage": some_of(
                    {
                        "data_bytes": size,
                        "data_files": between(1, 10**12, 1, 2000, 2_000_220_000),
                        "checkpoints_kept": between(0, 10**6, 0, 5),
                        "milestones_kept": between(0, 10**6, 0, 2),
                        "work_quota_bytes": size,
                        "transfer_bytes_per_second": size,
                    }
                ),
                "applicant": st.sampled_from(project.APPLICANTS),
                "country": st.from_regex(r"[A-Z]{2}", fullmatch=True) | st.sampled_from(["FI", "DE", "CH"]),
                "mode": st.sampled_from(self.modes),
                "fallback": st.sampled_from(self.machines),
                "offers": st.lists(offer, max_size=3),
                "containers": st.booleans(),
                "stated_request": amounts(1e-3, 1e12, 0.0, 5000.0),
                "stated_unit": st.sampled_from(
                    ["node-hours", "GPU-hours", "device-hours", "site-units", "GPU-node-hours"]
                ),
                "scaling": st.lists(point, max_size=5),
                "used": st.lists(used, max_size=5),
            }
        )

    def dossiers(self) -> st.SearchStrategy[Raw]:
        """The applicant's own words."""
        return some_of(
            {
                "title": titles(),
                "applicant_name": labels(),
                "acronym": labels(),
                "summary": prose(),
                "software_version": labels(),
                "language": st.from_regex(r"[a-z]{2}", fullmatch=True),
                "edition": st.sampled_from(["reviewer", "team"]),
            }
        )

    @st.composite
    @staticmethod
    def target(draw: st.DrawFn, self: Plans) -> Raw:
        """Any machine that a plan may name, with any deadline."""
        return {
            "machine": draw(
                maybe(st.one_of(*[st.sampled_from(self.in_service)] * 5, st.sampled_from(self.coming)))
            ),
            "deadline_days": draw(maybe(amounts(1e-6, 36_525.0, 7, 42, 90))),
            "start_date": draw(maybe(_days(), 2)),
        }

    @st.composite
    @staticmethod
    def plan(draw: st.DrawFn, self: Plans) -> Raw:
        """A whole plan as its file holds it."""
        count = draw(st.sampled_from([1, 1, 2, 3, 5]))
        ids = draw(st.lists(labels(), min_size=count, max_size=count, unique=True))
        return {
            "format": schema.FORMAT,
            "version": schema.VERSION,
            "revision": schema.REVISION,
            "name": draw(labels()),
            "title": draw(titles()),
            "catalogue_date": draw(maybe(st.dates().map(datetime.date.isoformat))),
            "runs": [draw(Plans.run(self, number, ids)) for number in range(count)],
            "target": draw(Plans.target(self)),
            "own_hardware": {
                "gpu": draw(st.sampled_from(self.cards)),
                "gpus": draw(between(1, MOST_DEVICES, 1, 2, 3, 4, 8)),
            },
            "campaign": draw(self.campaigns(ids)),
            "dossier": draw(self.dossiers()),
        }


def plans(catalogue: Catalogue) -> st.SearchStrategy[Raw]:
    """Whole plans over everything that the catalogue names."""
    return Plans.plan(Plans(catalogue))
